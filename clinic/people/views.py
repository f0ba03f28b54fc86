from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.people.forms import SignInForm
from screening.rulesets import NotScreenable, published


class SignIn(LoginView):
    """The one door for staff; allauth takes its place with the second factor."""

    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show a signed-in person who they are and which rules are in force."""
    context: dict[str, object]
    try:
        context = {"rule_set": published()}
    except NotScreenable as reason:
        context = {"reason": str(reason)}
    return render(request, "people/start.html", context)
