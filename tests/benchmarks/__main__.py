"""`python -m tests.benchmarks [RESULTS.json]`: measures, prints a table and keeps it, as JSON and as text beside it.

Exit status 1: a limit was missed. Progress goes to standard error, the table to standard output.
"""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import against_zen, lines, load, one_question_page, papers, practice, report
from tests.benchmarks.timing import on_one_core
from tests.screening.rule_set_one import rule_set
from tests.support.postgres import cluster

RESULTS = Path(".bench/results.json")


def main(arguments: list[str]) -> int:
    path = Path(arguments[0]) if arguments else RESULTS
    notes: list[str] = []

    def tell(text: str) -> None:
        notes.append(text)
        print(text, file=sys.stderr, flush=True)

    # The crowd first, on every core; whatever comes after it keeps to one.
    crowd = load.measure(tell)
    with cluster() as url:
        crowd += load.measure(tell, url)
    core = on_one_core()
    tell(
        f"Python {platform.python_version()}, zen-engine {version('zen-engine')}, {os.cpu_count()} cores; all but the "
        + (f"people at once on core {core}." if core is not None else "people at once not pinned: this system cannot.")
    )
    rules = rule_set()
    results = [*against_zen.measure(rules, tell), *lines.measure(rules, tell), *one_question_page.measure(rules, tell)]
    results += papers.measure(tell) + crowd + practice.measure(tell)
    with cluster() as url:
        results += practice.measure(tell, url)
    report.keep(path, results, notes)
    print(report.table(results, notes))
    return 1 if report.missed(results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
