"""`screen --lines` as a process of its own: cases a second, and whether its memory stays where it is."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from screening.engine.rule_set import RuleSet
from tests.benchmarks import corpus
from tests.benchmarks.report import Line
from tests.benchmarks.timing import spread
from tests.support.processes import ROOT, environment, run

FEW, MANY, REPEATS = 10_000, 100_000, 3
# ru_maxrss counts in kilobytes on Linux and in bytes on macOS.
MAXRSS_IN_A_MEGABYTE = 1024 * 1024 if sys.platform == "darwin" else 1024
# A process inherits the peak of the one that starts it, and ours is larger than what is measured: start it from a small
# one, which tells the exit status, the seconds by the clock and on the processor, and the peak of its child
# in its last line of standard error.
LAUNCHER = """
import os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
status, used = os.wait4(child, 0)[1:]
took = time.perf_counter() - start, used.ru_utime + used.ru_stime
print(os.waitstatus_to_exitcode(status), *took, used.ru_maxrss, file=sys.stderr)
"""


@dataclass(frozen=True)
class Run:
    """`seconds` by the clock, of which `busy` on the processor: other programs may have taken the rest of the core."""

    seconds: float
    busy: float
    megabytes: float


def measure(rule_set: RuleSet, tell: Callable[[str], None]) -> list[Line]:
    with TemporaryDirectory(prefix="screening-bench-") as name:
        folder = Path(name)
        ours = {"DEMO": "1", "DATA_FOLDER": name}
        for command in (["migrate", "--verbosity", "0"], ["load_rules"]):
            done = run("manage.py", *command, **ours)
            assert done.returncode == 0, done.stderr
        few, many = folder / "few.jsonl", folder / "many.jsonl"
        _write(few, corpus.lines(rule_set, FEW))
        _write(many, corpus.lines(rule_set, MANY))
        runs: dict[Path, list[Run]] = {few: [], many: []}
        for repeat in range(REPEATS):
            for path in (few, many) if repeat % 2 else (many, few):
                done = _screened(path, folder / "out.jsonl", ours)
                runs[path].append(done)
                tell(
                    f"screen --lines {path.name}: {done.seconds:.1f} s, busy {done.busy:.1f} s, {done.megabytes:.1f} MB"
                )
        return [_speed(runs[many]), _memory(runs[few], runs[many])]


def _screened(path: Path, out: Path, ours: dict[str, str]) -> Run:
    command = [sys.executable, "-S", "-c", LAUNCHER, sys.executable, "manage.py", "screen", "--lines", str(path)]
    with out.open("wb") as file:
        done = subprocess.run(
            command, cwd=ROOT, env=environment(**ours), stdout=file, stderr=subprocess.PIPE, text=True, check=False
        )
    status, seconds, busy, peak = done.stderr.splitlines()[-1].split()
    assert status == "0", done.stderr
    with path.open("rb") as read, out.open("rb") as written:
        for given, told in zip(read, written, strict=True):
            assert told.startswith(b'{"outcome": '), (given, told)
    return Run(float(seconds), float(busy), int(peak) / MAXRSS_IN_A_MEGABYTE)


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w") as file:
        file.writelines(lines)


def _speed(runs: list[Run]) -> Line:
    rates = spread([MANY / run.busy for run in runs])
    by_the_clock = spread([MANY / run.seconds for run in runs])
    return Line(
        what=f"screen --lines, {MANY:,} cases",
        value=rates.middle,
        unit="cases a second of one core",
        detail=f"start of the process included; {len(runs)} runs; {by_the_clock.middle:,.0f} a second by the clock",
        limit=5_000,
        aim=10_000,
        more=True,
    )


def _memory(few: list[Run], many: list[Run]) -> Line:
    lowest, highest = min(run.megabytes for run in few), max(run.megabytes for run in many)
    return Line(
        what=f"screen --lines, peak memory at {MANY:,} over {FEW:,}",
        value=highest - lowest,
        unit="MB more",
        detail=f"the highest at {MANY:,} ({highest:.1f} MB) less the lowest at {FEW:,} ({lowest:.1f} MB)",
        limit=20,
    )
