"""What people see of the issuing: that a document was issued, or that nothing was, and what to do."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from clinic.documents.issuing import issue
from clinic.documents.numbers import number_in_words
from clinic.documents.paper import Paper
from clinic.documents.rendering import RenderingFailed
from clinic.people.clinics import Membership
from clinic.people.limits import too_often

View = Callable[..., HttpResponse]
_log = logging.getLogger(__name__)


def issued(paper: Paper, *, membership: Membership, request: HttpRequest, then: str = "") -> HttpResponse:
    """Issue a paper, say its number and what to do `then`, and lead to the patient's papers. Raises as `issue` does."""
    document = issue(paper, membership=membership, request=request)
    number = f"{document.called}, no. {number_in_words(document.number)}, is issued."
    messages.success(request, f"{number} {then}".strip())
    return redirect("staff-papers", document.patient_id)


def says_when_not_drawn(view: View) -> View:
    """Turn a view that issues or draws a document into one that says so where it cannot be drawn whole, or too often.

    Goes right above `def`, below `staff_of_a_clinic`. What was to be issued is not there then, not even half.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_staff = hasattr(request, "membership")
        if is_staff and request.method == "POST" and (refused := too_often(request, "paper")):
            return refused
        try:
            return view(request, *args, **kwargs)
        except RenderingFailed:
            _log.exception("A document could not be drawn whole; nothing was issued.")
            template = "not_issued_staff" if is_staff else "not_issued"
            return render(request, f"papers/{template}.html", {"section": "patients"}, status=500)

    return page
