"""What must hold of the project as a whole."""

import ast
import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"]


def test_psycopg_3_is_absent_because_django_would_silently_prefer_it():
    assert importlib.util.find_spec("psycopg") is None
    for lock in LOCKS:
        assert not re.search(r"^psycopg(\[|==)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z0-9][^ ]*==.*(?:\n    .*)*", text, re.MULTILINE)
    assert packages
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in text


def test_benchmark_packages_stay_out_of_the_runtime():
    assert "zen-engine" not in (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_the_engine_imports_itself_and_the_standard_library_only():
    strangers = {
        f"{path.name}: {name}"
        for path in (ROOT / "screening" / "engine").rglob("*.py")
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if not name.startswith("screening.engine") and name.split(".")[0] not in sys.stdlib_module_names
    }
    assert strangers == set()


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
