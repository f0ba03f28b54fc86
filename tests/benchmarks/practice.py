"""A practitioner's pages in a clinic of 200 patients and in one of 100,000: does the large one wait longer for them?

One process for each, side by side on one core, and only one of them at work at any moment.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psycopg2

from tests.benchmarks.report import Line
from tests.benchmarks.timing import ratios, spread, told_in_rounds
from tests.support.processes import ROOT, environment

FEW, MANY = 200, 100_000
ROUNDS, BEFORE = 40, 3
GROWTH, GROWTH_OF_SEARCH = 1.5, 3
MOST_READS = 3
# Lists of which the issue sets no limit are told beside the others.
SEARCH = "a search as one types"
ONLY_TOLD = ("received self-checks", "all received self-checks", "all patients")


def measure(tell: Callable[[str], None], database_url: str = "") -> list[Line]:
    """Make both clinics on SQLite, or as databases of their own on the server that is named, and work in them."""
    where = "PostgreSQL" if database_url else "SQLite"
    with ExitStack() as stack:
        practices = {}
        for number in (FEW, MANY):
            folder = stack.enter_context(TemporaryDirectory(prefix="screening-bench-"))
            start = perf_counter()
            ours = filled(number, folder, database_url)
            tell(f"demo_data {number:,} on {where}: {perf_counter() - start:.0f} s")
            practices[number] = stack.enter_context(Practice.at_work(ours))
        return [replace(line, what=f"{line.what}, {where}") for line in lines_of(practices)]


def filled(number: int, folder: str, database_url: str) -> dict[str, str]:
    """Make a clinic with so many patients, and give the variables that it runs with."""
    ours = {"DEMO": "1", "DATA_FOLDER": folder}
    if database_url:
        server, _, _ = database_url.rpartition("/")
        on_server(database_url, f"CREATE DATABASE practice_{number}")
        ours["DEMO_DATABASE_URL"] = f"{server}/practice_{number}"
    command = [sys.executable, "manage.py", "demo_data", str(number)]
    done = subprocess.run(command, cwd=ROOT, env=environment(**ours), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if database_url:
        # As the server does by itself some time after so many rows are new.
        on_server(ours["DEMO_DATABASE_URL"], "VACUUM ANALYZE")
    return ours


def on_server(url: str, command: str) -> None:
    """Run a command that PostgreSQL takes outside a transaction only."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute(command)
    connection.close()


class Practice:
    """A clinic in a process of its own, and what it is told to do."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.works: list[str] = self._told()

    @classmethod
    @contextmanager
    def at_work(cls, ours: dict[str, str]) -> "Iterator[Practice]":
        """Give the practice, which is over afterwards."""
        command = [sys.executable, "-m", "tests.benchmarks.practice_clinic"]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=ROOT, env=environment(**ours), **pipes) as process:
            yield cls(process)
            process.stdin.close()  # type: ignore[union-attr]

    def seconds(self, work: str) -> float:
        return float(self._do("time", work))

    def queries(self, work: str) -> list[str]:
        return list(self._do("ask", work))

    def _do(self, what: str, work: str) -> Any:
        print(what, work, file=self.process.stdin, flush=True)
        return self._told()

    def _told(self) -> Any:
        line = self.process.stdout.readline()  # type: ignore[union-attr]
        assert line, "the practice ended, and said why above"
        return json.loads(line)


def lines_of(practices: dict[int, Practice]) -> list[Line]:
    """Give how much longer each work takes in the large clinic, and how much more it asks of the database."""
    names = practices[FEW].works
    works = {
        (number, name): partial(practice.seconds, name) for number, practice in practices.items() for name in names
    }
    told_in_rounds(works, BEFORE)
    queries = {(number, name): practices[number].queries(name) for number, name in works}
    seconds = told_in_rounds(works, ROUNDS)
    lines = [
        replace(growth(name, seconds, queries), limit=None if name in ONLY_TOLD else limit_of(name)) for name in names
    ]
    # A search that found enough asks no further.
    more = {name: len(queries[MANY, name]) - len(queries[FEW, name]) for name in names if name != SEARCH}
    widest = max(more, key=lambda name: abs(more[name]))
    reads = [query for query in queries[MANY, "storing a screening"] if query.startswith("SELECT")]
    content = [query for query in reads if '"content"' in query or '"screening_rule"' in query]
    assert not content, content
    return [
        *lines,
        Line(
            what="storing a screening", value=len(reads), unit="reads", limit=MOST_READS,
            detail="none of them for what the rules say",
        ),
        Line(
            what=f"queries at {MANY:,} less those at {FEW:,}", value=more[widest], unit="more at most", limit=0,
            detail=f"{len(more)} works; the widest: {widest}",
        ),
    ]  # fmt: skip


def growth(name: str, seconds: dict[tuple[int, str], list[float]], queries: dict[tuple[int, str], list[str]]) -> Line:
    ratio = ratios(seconds[MANY, name], seconds[FEW, name])
    few, many = (spread(seconds[number, name]).middle * 1000 for number in (FEW, MANY))
    return Line(
        what=f"{name}, {MANY:,} patients / {FEW:,}",
        value=ratio.middle,
        unit="times its time",
        detail=f"quarters {ratio.low:.2f} to {ratio.high:.2f}; {many:.1f} ms against {few:.1f} ms; "
        f"{len(queries[MANY, name])} queries against {len(queries[FEW, name])}",
    )


def limit_of(name: str) -> float:
    return GROWTH_OF_SEARCH if name == SEARCH else GROWTH
