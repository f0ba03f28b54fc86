"""The hazards as docs/hazards.md has them, and the tests that say of themselves which hazard they are about."""

import ast
import re
from dataclasses import dataclass

from tests.support.processes import ROOT

PAGE = ROOT / "docs" / "hazards.md"


@dataclass(frozen=True)
class Hazard:
    """One section. `before`, `after`: severity and likelihood; `parts`: its named paragraphs; `tests`: node ids."""

    code: str
    title: str
    before: tuple[int, int]
    after: tuple[int, int]
    parts: dict[str, str]
    tests: tuple[str, ...]

    @property
    def risk(self):
        return self.before[0] * self.before[1]


def hazards(text=None):
    """Read the page. The figures stand in its table, everything else in a section for each hazard."""
    table, *sections = re.split(r"^## (?=H-\d\d )", text or PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    figures = {
        row[1]: (row[2], *(int(number) for number in row.groups()[2:]))
        for row in re.finditer(
            r"^\| \[(H-\d\d)\]\(#h-\d\d\) \| (.+) \| (\d) × (\d) = (\d+) \| (\d) × (\d) = (\d+) \|$",
            table,
            re.MULTILINE,
        )
    }
    return [_hazard(section, figures) for section in sections], figures


def _hazard(section, figures):
    heading, _, body = section.partition("\n")
    code, _, title = heading.partition(" ")
    _, *numbers = figures.get(code, ("", 0, 0, 0, 0, 0, 0))
    paragraphs = re.finditer(r"^\*\*(\w+)\.\*\* (.+?)\n\n", body, re.MULTILINE | re.DOTALL)
    parts = {found[1]: found[2] for found in paragraphs}
    tests, path = [], ""
    for line in body.splitlines():
        if found := re.fullmatch(r"- `(tests/\S+\.py)`", line):
            path = found[1]
        elif found := re.fullmatch(r"  - `(test_\w+)`", line):
            tests.append(f"{path}::{found[1]}")
    return Hazard(code, title, tuple(numbers[0:2]), tuple(numbers[3:5]), parts, tuple(tests))


def marked():
    """By node id of a test, which hazards it names, and whether only the sweep or a browser runs it."""
    found = {}
    for path in sorted(ROOT.glob("tests/**/test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.hazard" not in text:
            continue
        tree = ast.parse(text)
        of_module = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Assign)]
        is_apart = any(one.startswith("pytestmark") and _is_apart(one) for one in of_module)
        for test in tree.body:
            if isinstance(test, ast.FunctionDef) and (named := _named(test)):
                words = " ".join(ast.unparse(each) for each in test.decorator_list)
                node = f"{path.relative_to(ROOT).as_posix()}::{test.name}"
                found[node] = (named, is_apart or _is_apart(words))
    return found


def _named(test):
    calls = [each for each in test.decorator_list if ast.unparse(each).startswith("pytest.mark.hazard(")]
    return tuple(argument.value for call in calls for argument in call.args)


def _is_apart(words):
    """Whether a mark takes a test out of what everybody runs first; one of several examples may be a sweep's."""
    return "mark.browser" in words or re.search(r"(?<!marks=)pytest\.mark\.sweep", words) is not None
