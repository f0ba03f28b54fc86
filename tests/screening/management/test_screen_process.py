"""`screen` as another program runs it: a process of its own, a pipe, and no traceback whatever comes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

from tests.screening.malformed_requests import LINE
from tests.support.processes import ROOT, environment
from tests.support.processes import run as run_python
from tests.support.sampling import sample

pytestmark = pytest.mark.one_database

LEAST = b'{"treatment": "ems-training", "at": "2026-11-20T10:00:00+00:00"}'
CASE = b'{"treatment": "facial-ems", "sites": ["chin"], "answers": {"temperature": %s}}'
NASTY = {
    "nothing": b"",
    "100,000 open brackets": b"[" * 100_000,
    "990 brackets, near Python's own limit": CASE % (b"[" * 990 + b"]" * 990),
    "960 objects, near Python's own limit": CASE % (b'{"a":' * 960 + b"1" + b"}" * 960),
    "5,000 digits": CASE % (b"9" * 5000),
    "400 digits": CASE % (b"9" * 400),
    "NaN": CASE % b"NaN",
    "1e999": CASE % b"-1e999",
    "UTF-16": LEAST.decode().encode("utf-16"),
    "random bytes": bytes(range(256)),
    "a lone surrogate as a key": b'{"\\ud800": 1}',
    "an escape that would colour the terminal": b'{"treatment": "\\u001b[31m", "\\u009b31m": 1}',
    "a year that has no next": LEAST.replace(b"2026", b"9999"),
    "an offset of 99 hours": LEAST.replace(b"+00:00", b"+99:99"),
    "null everywhere": b'{"treatment": null, "sites": [null], "at": null, "answers": {"surgeries": [null]}}',
}


@pytest.fixture
def folder(laid_database: Path) -> str:
    """The data folder of a clinic that has its rules: nothing here writes to it."""
    return str(laid_database)


def started(folder: str, *arguments: str, **streams: object) -> subprocess.Popen[bytes]:
    ours = environment(DEMO="1", DATA_FOLDER=folder)
    # What is tested is that the program itself does not keep its output back.
    ours.pop("PYTHONUNBUFFERED", None)
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE) | streams
    return subprocess.Popen([sys.executable, "manage.py", "screen", *arguments], cwd=ROOT, env=ours, **streams)


@pytest.mark.parametrize("name", sample(NASTY))
def test_the_nastiest_requests_end_in_lines_and_not_in_a_traceback(folder: str, name: str):
    with started(folder, "-") as process:
        out, err = process.communicate(NASTY[name], timeout=60)
    lines = err.decode("ascii").splitlines()
    assert (process.returncode, out, bool(lines) and all(map(LINE.match, lines))) == (2, b"", True)


def test_the_first_line_is_answered_before_the_second_is_sent(folder: str):
    with started(folder, "--lines", "-") as process:
        process.stdin.write(LEAST + b"\n")
        process.stdin.flush()
        patience = Timer(20, process.kill)
        patience.start()
        first = process.stdout.readline()
        patience.cancel()
        assert first, "nothing came within the time"
        rest, err = process.communicate(b"{}\n", timeout=60)
    assert json.loads(first)["outcome"] == "undetermined"
    assert (process.returncode, len(rest.splitlines()), err) == (0, 1, b"")
    assert list(json.loads(rest)) == ["error"]


def test_a_reader_that_stops_reading_is_no_fault_of_the_input(folder: str, tmp_path: Path):
    (tmp_path / "cases.jsonl").write_bytes((LEAST + b"\n") * 2000)
    with started(folder, "--lines", str(tmp_path / "cases.jsonl")) as process:
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
    assert [text for text in (b"cannot be read", b"Traceback") if text in err] == []
    assert process.returncode not in (0, 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device to write to")
def test_an_output_that_cannot_be_written_is_no_fault_of_the_input(folder: str):
    with Path("/dev/full").open("wb") as full, started(folder, "-", stdout=full) as process:
        err = process.communicate(LEAST, timeout=60)[1]
    assert [text for text in (b"cannot be read", b"Traceback") if text in err] == []
    assert process.returncode not in (0, 2)


def test_without_standard_input_there_is_a_line_and_no_traceback(folder: str):
    ours = environment(DEMO="1", DATA_FOLDER=folder)
    command = [sys.executable, "manage.py", "screen", "-"]
    process = subprocess.run(
        command, cwd=ROOT, env=ours, capture_output=True, check=False, timeout=60, preexec_fn=lambda: os.close(0)
    )
    assert (process.returncode, process.stdout, len(process.stderr.splitlines())) == (2, b"", 1)


@pytest.mark.parametrize("command", [["screen", "-"], ["questions", "emface"], ["check_rules"]], ids=" ".join)
def test_a_database_without_tables_is_a_sentence_and_exit_status_1(tmp_path: Path, command: list[str]):
    done = run_python("manage.py", *command, DEMO="1", DATA_FOLDER=str(tmp_path))
    sentence = "CommandError: The database has no rule sets. Run: python manage.py migrate\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
