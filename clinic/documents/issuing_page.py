"""What a person sees where a document could not be issued: that nothing was, and what to do."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinic.documents.rendering import RenderingFailed

View = Callable[..., HttpResponse]
_log = logging.getLogger(__name__)


def says_when_not_drawn(view: View) -> View:
    """Turn a view that issues or draws a document into one that says so where it cannot be drawn whole.

    Goes right above `def`, below `staff_of_a_clinic`. What was to be issued is not there then, not even half.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RenderingFailed:
            _log.exception("A document could not be drawn whole; nothing was issued.")
            template = "not_issued_staff" if hasattr(request, "membership") else "not_issued"
            return render(request, f"papers/{template}.html", {"section": "patients"}, status=500)

    return page
