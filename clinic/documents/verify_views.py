"""The page where anybody can check a paper or its file."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from clinic.documents.verify_forms import FileForm, PaperForm
from clinic.documents.verifying import Verified, by_code, by_digest
from clinic.people.limits import limited


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("verify")
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for number and check code, or for a file's digest, and say how the document stands."""
    is_file = "digest" in request.POST
    paper = PaperForm(request.POST if request.method == "POST" and not is_file else None)
    file = FileForm(request.POST if is_file else None)
    context = {"paper": paper, "file": file, "is_file": is_file, "verified": _verified(paper, file)}
    return render(request, "papers/verify.html", context)


def _verified(paper: PaperForm, file: FileForm) -> Verified | None:
    if paper.is_valid():
        return by_code(paper.cleaned_data["number"], paper.cleaned_data["code"])
    return by_digest(file.cleaned_data["digest"]) if file.is_valid() else None
