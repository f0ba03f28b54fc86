import logging
import sys

from django.test import RequestFactory

from clinic.logs import Discreet


def record(**extra):
    return logging.makeLogRecord({"name": "django.request", "msg": "Not Found: %s", "levelno": 30, **extra})


def test_a_line_about_a_request_holds_no_address():
    line = Discreet().format(record(args=("/link/secret-token/",), request=RequestFactory().get("/"), status_code=404))
    assert line == "status 404 on no page"


def test_a_failure_is_logged_with_its_place_and_without_its_words():
    try:
        int("ada@clinic.example")
    except ValueError:
        line = Discreet().format(record(msg="failed", args=(), exc_info=sys.exc_info()))
    assert line.splitlines()[0] == "failed"
    assert line.splitlines()[-1] == "ValueError"
    assert "invalid literal" not in line


def test_what_another_handler_wrote_out_in_full_is_not_taken_over():
    try:
        int("ada@clinic.example")
    except ValueError:
        kept = record(msg="failed", args=(), exc_info=sys.exc_info())
    assert "invalid literal" in logging.Formatter().format(kept)
    assert "invalid literal" not in Discreet().format(kept)


def test_a_refused_host_is_not_written_out():
    line = Discreet().format(record(name="django.security.DisallowedHost", msg="Invalid HTTP_HOST header: 'evil'"))
    assert line == "refused before any page"
