"""`python -m tests.benchmarks [RESULTS.json]`: measures, prints a table and keeps it, as JSON and as text beside it.

Exit status 1: a limit was missed. Progress goes to standard error, the table to standard output.
"""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import against_zen, lines, report
from tests.benchmarks.timing import on_one_core
from tests.screening.rule_set_one import rule_set

RESULTS = Path(".bench/results.json")


def main(arguments: list[str]) -> int:
    path = Path(arguments[0]) if arguments else RESULTS
    core = on_one_core()
    notes = [
        f"Python {platform.python_version()}, zen-engine {version('zen-engine')}, {os.cpu_count()} cores, "
        + (f"all of it on core {core}." if core is not None else "not pinned: this system cannot."),
    ]

    def tell(text: str) -> None:
        notes.append(text)
        print(text, file=sys.stderr, flush=True)

    rules = rule_set()
    results = [*against_zen.measure(rules, tell), *lines.measure(rules, tell)]
    report.keep(path, results, notes)
    print(report.table(results, notes))
    return 1 if report.missed(results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
