"""`make run` and `make test` say which packages a machine lacks, by the names that its package manager knows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "machine-packages"
LIBRARIES = ["libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0", "libatomic.so.1"]


@pytest.fixture
def machine(tmp_path):
    """A machine with apt and these programs and libraries only, where nobody may install anything."""

    def run(*arguments, programs=(), libraries=()):
        scripts = {
            "ldconfig": f"echo '{' '.join(libraries)}'",
            "id": "echo 1000",
            "sudo": "exit 1",
            "apt-get": "exit 1",
        }
        for name, script in scripts.items() | dict.fromkeys(programs, "").items():
            (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
            (tmp_path / name).chmod(0o755)
        for name in ("env", "bash", "uname"):
            (tmp_path / name).symlink_to(f"/usr/bin/{name}")
        own = {name: value for name, value in os.environ.items() if name != "CHROMIUM"}
        own["PATH"] = str(tmp_path)
        return subprocess.run([SCRIPT, *arguments], check=False, env=own, capture_output=True, text=True)

    return run


def asked_for(ran):
    """The packages of the one command that cures it."""
    return ran.stderr.splitlines()[-1].removeprefix("  sudo apt-get install ").split() if ran.returncode else []


def test_running_needs_the_libraries_that_draw_the_papers(machine):
    ran = machine("run", sys.executable)
    assert asked_for(ran) == ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]


def test_only_what_is_missing_is_asked_for(machine):
    assert asked_for(machine("run", sys.executable, libraries=LIBRARIES[1:])) == ["libpango-1.0-0"]


def test_the_tests_need_a_browser_and_what_reads_a_paper(machine):
    assert asked_for(machine("test")) == ["chromium", "libatomic1", "poppler-utils"]


def test_a_machine_that_has_everything_is_left_alone(machine):
    poppler = ("pdffonts", "pdftoppm", "pdftotext")
    ran = machine("test", programs=("chromium", *poppler), libraries=LIBRARIES)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
