"""A name that is written from right to left turns no word around that stands beside it."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# Papers, and what a patient is given of their record, are drawn on their own; a title is plain text.
ROOMS = ("screenings", "consultations", "papers", "people", "photographs", "privacy")
A_NAME = re.compile(r"(?P<before>.{5})\{\{ (?:[\w.]+\.)?(?:patient\.(?:name|goes_by)|sending\.name) \}\}")
ATTRIBUTE_OR_TITLE = re.compile(r'="[^"]*$|block title %\}[^{]*$')


def test_each_name_on_a_staff_page_keeps_its_direction_to_itself():
    bare, found = [], 0
    for path in (
        path for room in ROOMS for path in (TEMPLATES / room).rglob("*.html") if path.name != "access_index.html"
    ):
        page = path.read_text(encoding="utf-8")
        for name in A_NAME.finditer(page):
            found += 1
            if name["before"] != "<bdi>" and not ATTRIBUTE_OR_TITLE.search(page[: name.end("before")]):
                bare.append((path.name, name[0]))
    assert (bare, found > 40) == ([], True)
