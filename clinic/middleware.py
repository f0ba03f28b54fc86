from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


def utf_8_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take the next handler, give one that refuses bodies in other writings than our pages send.

    Django would read a body of parts in any that Python knows, also in ones that give no text that can be kept.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if (request.content_params or {}).get("charset", "utf-8").casefold() != "utf-8":
            raise BadRequest("The body is not in UTF-8.")
        return get_response(request)

    return handle


def no_store(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take the next handler, give one whose every answer is kept by no browser and no proxy."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return handle
