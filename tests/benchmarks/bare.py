"""The least that Django answers, beside the real site in the same process."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.urls import path


def ok(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("", ok)]


class Request(WSGIRequest):
    urlconf = __name__


class Handler(WSGIHandler):
    request_class = Request
