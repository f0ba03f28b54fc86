"""Leaves nothing of a person in a browser that others may hold next."""

from typing import Any

from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse

SHOWN = ("cache", "storage")
EVERYTHING = ("cache", "cookies", "storage")


def leave_nothing(response: HttpResponse, what: tuple[str, ...] = EVERYTHING) -> HttpResponse:
    """Have the browser throw away `what` it keeps of this site, and return the response.

    `SHOWN` leaves the cookies: on a tablet that was handed over, one of them keeps it locked.
    """
    response.headers["Clear-Site-Data"] = ", ".join(f'"{one}"' for one in what)
    return response


class SignOut(LogoutView):
    """Ends a person's session, and everything that the browser keeps of it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out, and go to the home page."""
        return leave_nothing(super().post(request, *args, **kwargs))
