"""Invented papers, to look at: a module a document, with `usual()` and `worst()`, each an `Unstored`.

One that can be made without being stored too has `unstored()`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from clinic.documents.models import Document
from clinic.documents.paper import Letterhead, Mark, Unstored
from clinic.documents.samples.logo import logo

LETTERHEAD = Letterhead(
    "Park Street Practice", "4 Park Street, Oxford OX1 1AA", "01865 496 0000", "desk@park.example", logo(1)
)
LONG_LETTERHEAD = Letterhead(
    "Centre for Physiotherapy, Rehabilitation and Sports Medicine at the Old Exchange of Llanfair",
    "Third Floor, Unit 12, 118 to 124 Saint Bartholomew’s Hospital Road, Llanfairpwllgwyngyll LL61 5UJ",
    "+44 1248 496 0000",
    "appointments-and-correspondence@physiotherapy-rehabilitation.example",
    logo(5),
)
# Of no document: whoever looks it up is told that it is unknown.
MARK = Mark(
    number="000123",
    check_code="0123-4567-89AB-CDEF",
    address="clinic.example/verify/",
    link="https://clinic.example/verify/#000123.0123456789ABCDEF",
    issued="20 November 2026, 10:21 GMT, by Perry Peters",
)
# Sixty letters, with accents that a font has to have.
LONG_NAME = "Wilhelmína-Konstantína Þórgunnur Nguyễn-Šćepanović Kılıçoğlu"
# What somebody may type, and what has to be printed as it was typed.
HOSTILE = (
    '<script>alert(1)</script><img src="http://tracker.example/a.png"> file:///etc/passwd {{ 7|add:7 }} '
    "מרים שלום عبد الرحمن \u202egnp.exe\u202c \U0001f600 " + "W" * 400
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One invented paper. `name`: such as "consent-worst"; `mark`: none on what is made without being stored."""

    kind: str
    name: str
    made: Callable[[], Unstored]
    mark: Mark | None


def samples() -> Iterator[Sample]:
    """Yield each sample, in the order of the kinds."""
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        made = import_module(f"{__name__}.{module.name}")
        if not hasattr(made, "usual"):
            continue  # what several of them are made from
        kind = module.name.replace("_", "-")
        mark = MARK if kind in Document.Kind.values else None
        yield Sample(kind, kind, made.usual, mark)
        if hasattr(made, "unstored"):
            yield Sample(kind, f"{kind}-unstored", made.unstored, None)
        yield Sample(kind, f"{kind}-worst", made.worst, mark)
