"""A two-page consultation summary as PDF: against WeasyPrint called plainly, Chromium and ReportLab; and for how long.

In processes of their own, which know the papers' fonts alone: those of the machine would be found by the others too.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.report import Line
from tests.benchmarks.site import made_ready
from tests.benchmarks.timing import ratios, spread
from tests.support.processes import ROOT, environment

FONTS = ROOT / "static" / "fonts" / "print" / "fonts.conf"
OURS = "rendering"
# The peer, what it is called, and how many times its time ours may take; without a number it only informs.
PEERS = (
    ("plain", "plain WeasyPrint on the same HTML", 0.95),
    ("context", "Chromium, a new context", 0.6),
    ("page", "Chromium, a reused page", 1.6),
    ("reportlab", "ReportLab", None),
)
MOST_GROWTH = 3


def measure(tell: Callable[[str], None]) -> list[Line]:
    """Measure each on a database of its own that is thrown away."""
    times, many, threads = (_told(work) for work in ("times", "many", "threads"))
    tell(times["about"])
    return [*_lines_of(times["seconds"], times["notes"]), _growth(many), _threads(threads)]


def _told(work: str) -> Any:
    command = [sys.executable, "-m", "tests.benchmarks.papers_drawn", work]
    with TemporaryDirectory(prefix="screening-bench-") as folder:
        ours = made_ready(folder) | {"FONTCONFIG_FILE": str(FONTS), "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
        done = subprocess.run(command, cwd=ROOT, env=environment(**ours), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _lines_of(seconds: dict[str, list[float]], notes: dict[str, str]) -> list[Line]:
    lines = []
    for name, words, limit in PEERS:
        ratio = ratios(seconds[OURS], seconds[name])
        ours, theirs = (spread(seconds[which]).middle * 1000 for which in (OURS, name))
        told = f"quarters {ratio.low:.2f} to {ratio.high:.2f}; {ours:.0f} ms against {theirs:.0f} ms; {notes[name]}"
        what = f"a summary drawn / {words}"
        lines.append(Line(what=what, value=ratio.middle, unit="times its time", detail=told, limit=limit))
    for name, what in (("drawing", "a summary drawn, without its template"), ("issuing", "a summary issued, whole")):
        part = spread(seconds[name])
        told = f"quarters {part.low * 1000:.0f} to {part.high * 1000:.0f}; {notes[name]}"
        lines.append(Line(what=what, value=part.middle * 1000, unit="ms", detail=told))
    return lines


def _growth(told: dict[str, float]) -> Line:
    return Line(
        what="memory, from the 100th summary to the 500th",
        value=told["grown"],
        unit="MB more",
        limit=MOST_GROWTH,
        detail=f"{told['at_500']:.0f} MB then; one process, each summary a little different",
    )


def _threads(told: dict[str, Any]) -> Line:
    return Line(
        what="summaries drawn wrongly by 4 threads at once",
        value=told["wrong"],
        unit="of " + str(told["drawn"]),
        limit=0,
        detail=f"each compared with the same drawn alone; {told['a_second']:.1f} a second",
    )
