"""`python -m tests.benchmarks.load [PEOPLE]`: many people go through the whole self-check at once, against gunicorn.

Everybody's receipt and stored rows are compared with what they answered. Prints the results as JSON; exit status 1 and
what went wrong where an answer was lost or a page was not shown. It runs as a process of its own, on every core, on
SQLite or on the database that BENCH_DATABASE_URL names.
"""

import html
import http.client
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from screening.engine.rule_set import RuleSet
from tests.benchmarks.people import Person
from tests.benchmarks.report import Line
from tests.benchmarks.site import Answer, Browser, made_ready
from tests.screening.rule_set_one import rule_set
from tests.support.processes import ROOT, environment
from tests.support.production import free_port, wait_for

PEOPLE, WORKERS, THREADS = 50, 2, 2
MOST_SECONDS = 180


def measure(tell: Callable[[str], None], database_url: str = "") -> list[Line]:
    """Run it in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.load"],
        cwd=ROOT,
        env=os.environ | {"BENCH_DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=2 * MOST_SECONDS,
    )
    assert done.returncode == 0, "an answer was lost, or a page was not shown"
    lines = [Line(**fields) for fields in json.loads(done.stdout)]
    tell(f"{lines[0].what.partition(':')[0]}: no error, no lost answer")
    return lines


def main(people: int) -> int:
    database_url = os.environ.get("BENCH_DATABASE_URL", "")
    with TemporaryDirectory(prefix="screening-bench-") as folder:
        ours = made_ready(folder, database_url)
        rules = rule_set()
        with served(ours) as port:
            crowd = [Visitor(number, rules, port) for number in range(people)]
            start = perf_counter()
            for visitor in crowd:
                visitor.start()
            for visitor in crowd:
                visitor.join(max(0, start + MOST_SECONDS - perf_counter()))
            seconds = perf_counter() - start
        wrong = [f"{visitor.person.name}: {visitor.wrong}" for visitor in crowd if visitor.wrong]
        wrong += lost(rules, crowd, folder, ours)
    print("\n".join(wrong), file=sys.stderr)
    where = "PostgreSQL" if database_url else "SQLite"
    print(json.dumps([asdict(line) for line in lines_of(where, crowd, seconds)]))
    return 1 if wrong else 0


@contextmanager
def served(ours: dict[str, str]) -> Iterator[int]:
    """Give the port of a production server, which is gone afterwards."""
    port = free_port()
    sizes = ["--workers", str(WORKERS), "--threads", str(THREADS)]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *sizes, "--bind", f"127.0.0.1:{port}", "--log-level", "warning",
         "--no-control-socket", "clinic.wsgi"],
        cwd=ROOT,
        env=environment(**ours),
    )  # fmt: skip
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


class Visitor(threading.Thread):
    """One person with a connection, who waits for nothing but the pages. `wrong`: what stopped them."""

    def __init__(self, number: int, rules: RuleSet, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.person = Person(number, rules, Browser(self.ask, f"127.0.0.1:{port}"))
        self.waits: list[float] = []
        self.receipt, self.wrong = "", "was not through in time"

    def run(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            pages, page = self.person.pages(), None
            while page is None or page.kind != "receipt":
                page = self.waited(lambda: next(pages))
            self.receipt, self.wrong = page.text, ""
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this person's result
            self.wrong = repr(error)
        finally:
            self.connection.close()

    def waited(self, act: Callable[[], Any]) -> Any:
        start = perf_counter()
        page = act()
        self.waits.append(perf_counter() - start)
        return page

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.connection.request(method, path, body, dict(headers))
        response = self.connection.getresponse()
        return response.status, response.getheaders(), response.read()


def lost(rules: RuleSet, crowd: list[Visitor], folder: str, ours: dict[str, str]) -> list[str]:
    """Give what a receipt or a stored row says otherwise than the person did."""
    os.environ |= ours | {"DJANGO_SETTINGS_MODULE": "clinic.settings"}
    import django

    django.setup()
    from django.db import connection

    from clinic.screenings.models import Screening, Sending

    sendings = {sending.name: sending for sending in Sending.objects.select_related("screening")}
    wrong = [f"{visitor.person.name}: {fault}" for visitor in crowd for fault in faults(rules, visitor, sendings)]
    counts = Sending.objects.count(), Screening.objects.count()
    connection.close()
    return wrong + ([] if counts == (len(crowd),) * 2 else [f"{counts} sendings and screenings of {len(crowd)} people"])


def faults(rules: RuleSet, visitor: Visitor, sendings: Mapping[str, Any]) -> Iterator[str]:
    person = visitor.person
    sending = sendings.get(person.name)
    if sending is None:
        yield "was not stored"
        return
    screening = sending.screening
    stored = {name: screening.plan.get(name, []) for name in ("treatment", "sites", "goals")}
    stored |= {"answered_for": sending.answered_for}
    chosen = {"sites": [], "goals": []} | person.chosen
    yield from [f"chose {chosen}, stored is {stored}"] if stored != chosen else []
    yield from [f"said {person.said}, stored is {screening.answers}"] if screening.answers != person.said else []
    told = in_receipt(visitor.receipt)
    for wording, lines in in_words(rules, person.said):
        if told.get(wording) != lines:
            yield f"said {lines} to {wording!r}, the receipt says {told.get(wording)}"


def in_words(rules: RuleSet, said: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Give each question that was answered, and the answer, as a receipt has to say them."""
    from screening.engine.answer_reading import read_answer
    from screening.engine.faults import Faults
    from screening.wording import in_words as words

    for code, written in said.items():
        question = rules.questions[code]
        answer = read_answer(rules, question, written, None, Faults())
        assert answer is not None, (code, written)
        yield question.wording, [" ".join(line.split()) for line in words(rules, question, answer)]


ROW = re.compile(r'<div class="said-row[^"]*">\s*<dt>(.*?)</dt>\s*<dd>(.*?)</dd>', re.DOTALL)
SAID = re.compile(r'<span class="said-line">(.*?)</span>', re.DOTALL)


def in_receipt(text: str) -> dict[str, list[str]]:
    return {plain(wording): [plain(line) for line in SAID.findall(answer)] for wording, answer in ROW.findall(text)}


def plain(text: str) -> str:
    return " ".join(html.unescape(text).split())


def lines_of(where: str, crowd: list[Visitor], seconds: float) -> list[Line]:
    waits = sorted(wait for visitor in crowd for wait in visitor.waits)
    cuts = quantiles(waits, n=20)
    what = f"{len(crowd)} people at once, {where}"
    detail = (
        f"{len(waits)} pages in {seconds:.1f} s; gunicorn with {WORKERS} workers of {THREADS} threads; nobody pauses"
    )
    return [
        Line(what=f"{what}: pages", value=len(waits) / seconds, unit="a second", detail=detail),
        Line(what=f"{what}: wait for a page, median", value=cuts[9] * 1000, unit="ms", detail="from tap to page"),
        Line(what=f"{what}: wait for a page, 95th percentile", value=cuts[18] * 1000, unit="ms", detail="likewise"),
    ]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
