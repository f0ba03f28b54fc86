"""The server's time for a page with one question, against a bare Django response in the same process."""

import os
from collections.abc import Callable
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from screening.engine.rule_set import RuleSet
from tests.benchmarks.people import Person
from tests.benchmarks.report import Line
from tests.benchmarks.site import HOST, Browser, Handler, Page, answered, asker, environ, made_ready
from tests.benchmarks.timing import Work, ratios, rounds, spread

# Each request is timed by itself: a server does not answer the same page twice in a row. In a row the least answer
# stays in the processor's caches and a whole page does not, so that is told beside it, without a limit.
ALONE, IN_A_ROW = (250, 1), (40, 20)
LIMIT = 15


def measure(rule_set: RuleSet, tell: Callable[[str], None]) -> list[Line]:
    with TemporaryDirectory(prefix="screening-bench-") as folder:
        os.environ |= made_ready(folder) | {"DJANGO_SETTINGS_MODULE": "clinic.settings"}
        import django

        django.setup()
        from django.db import connection

        try:
            requests = _requests(rule_set)
            alone, in_a_row = _seconds(requests, *ALONE), _seconds(requests, *IN_A_ROW)
        finally:
            connection.close()
    for times, seconds in (("by itself", alone), (f"{IN_A_ROW[1]} in a row", in_a_row)):
        tell(f"a bare Django response (CommonMiddleware only), {times}: {_middle(seconds['bare']):.0f} µs")
    judged = [replace(_line(name, alone), limit=LIMIT) for name in ("GET", "POST")]
    return judged + [_line(name, in_a_row, f", {IN_A_ROW[1]} in a row") for name in ("GET", "POST")]


def _seconds(requests: dict[str, Work], count: int, times: int) -> dict[str, list[float]]:
    """Give what one request of each kind took, in each of `count` rounds of `times` requests in a row."""
    works = {name: _repeated(request, times) for name, request in requests.items()}
    rounds(works, 5)
    return {name: [taken / times for taken in seconds] for name, seconds in rounds(works, count).items()}


def _repeated(request: Work, times: int) -> Work:
    def run() -> None:
        for _ in range(times):
            request()

    return run


def _requests(rule_set: RuleSet) -> dict[str, Work]:
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    from tests.benchmarks import bare

    with override_settings(MIDDLEWARE=["django.middleware.common.CommonMiddleware"]):
        bare_handler = bare.Handler()
    ours = WSGIHandler()
    person, page, cookies = _late_page(rule_set, ours)
    browser = Browser(asker(ours), HOST, cookies)
    body = urlencode(page.hidden() | person.reply(page), doseq=True).encode()
    return {
        "bare": _work(bare_handler, environ("GET", "/", b"", {"Host": HOST, "X-Forwarded-Proto": "https"}), 200),
        "GET": _work(ours, environ("GET", page.path, b"", browser.headers("GET")), 200),
        "POST": _work(ours, environ("POST", page.path, body, browser.headers("POST")), 302),
    }


def _late_page(rule_set: RuleSet, handler: Handler) -> tuple[Person, Page, dict[str, str]]:
    """Give the last page with one question, which comes with the most answers, and the cookies that go with it."""
    person = Person(1, rule_set, Browser(asker(handler), HOST), health=100)
    found = None
    for page in person.pages():
        if page.kind == "goals":
            break
        if len(page.codes()) == 1:
            found = person, page, dict(person.browser.cookies)
    assert found, "no page asks one question"
    return found


def _work(handler: Handler, request: dict[str, Any], status: int) -> Work:
    def run() -> None:
        assert answered(handler, request)[0] == status

    return run


def _line(name: str, seconds: dict[str, list[float]], how: str = "") -> Line:
    ratio = ratios(seconds[name], seconds["bare"])
    return Line(
        what=f"one-question page, {name} / a bare Django response{how}",
        value=ratio.middle,
        unit="times its time",
        detail=f"quarters {ratio.low:.1f} to {ratio.high:.1f}; {_middle(seconds[name]):,.0f} µs",
    )


def _middle(seconds: list[float]) -> float:
    return spread(seconds).middle * 1e6
