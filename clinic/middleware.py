"""What every request meets before any page, and what every answer is given on its way out."""

import logging
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse

_log = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]

# What would watch or listen to a person, or reach their devices: not even a script that got in could.
# No longer list: it is sent with every page, also to somebody on a poor connection.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "microphone", "geolocation", "display-capture", "bluetooth", "usb", "serial", "hid")
)
ON_EVERY_ANSWER = {
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Resource-Policy": "same-origin",
    # Files under /static/ say something else; an answer given before any page says nothing.
    "Cache-Control": "no-store",
}


def closed(get_response: Handler) -> Handler:
    """Take the next handler, give one whose every answer, a file's and a refusal's too, closes what no page needs."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in ON_EVERY_ANSWER.items():
            response.headers.setdefault(name, value)
        return response

    return handle


def client_address(get_response: Handler) -> Handler:
    """Take the next handler, give one that knows a visitor's address, also behind the one proxy of BEHIND_PROXY.

    Only the last address of X-Forwarded-For is the proxy's own word; what stands before it, anybody can send.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if settings.BEHIND_PROXY:
            named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            if _is_address(named):
                request.META["REMOTE_ADDR"] = named
            else:
                _log.error("The proxy names no address in X-Forwarded-For: all visitors count as one in the limits.")
        return get_response(request)

    return handle


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def bounded(get_response: Handler) -> Handler:
    """Take the next handler, give one that refuses a body larger than any page of ours sends, without reading it."""

    def handle(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        # What is no number, Django reads as no body.
        if length.isdecimal() and int(length) > settings.LARGEST_BODY:
            raise RequestDataTooBig("The body is larger than any page of ours sends.")
        return get_response(request)

    return handle


def utf_8_only(get_response: Handler) -> Handler:
    """Take the next handler, give one that refuses bodies in other writings than our pages send.

    Django would read a body of parts in any that Python knows, also in ones that give no text that can be kept.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if (request.content_params or {}).get("charset", "utf-8").casefold() != "utf-8":
            raise BadRequest("The body is not in UTF-8.")
        return get_response(request)

    return handle


def no_store(get_response: Handler) -> Handler:
    """Take the next handler, give one whose every answer is kept by no browser and no proxy."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return handle
