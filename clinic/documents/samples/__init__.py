"""Invented papers, to look at: a module a document, with `usual()` and `worst()`, each an `Unstored`."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from clinic.documents.paper import Letterhead, Unstored

LETTERHEAD = Letterhead(
    "Park Street Practice", "4 Park Street, Oxford OX1 1AA", "01865 496 0000", "desk@park.example", ""
)
LONG_LETTERHEAD = Letterhead(
    "Centre for Physiotherapy, Rehabilitation and Sports Medicine at the Old Exchange of Llanfair",
    "Third Floor, Unit 12, 118 to 124 Saint Bartholomew’s Hospital Road, Llanfairpwllgwyngyll LL61 5UJ",
    "+44 1248 496 0000",
    "appointments-and-correspondence@physiotherapy-rehabilitation.example",
    "",
)
# Sixty letters, with accents that a font has to have.
LONG_NAME = "Wilhelmína-Konstantína Þórgunnur Nguyễn-Šćepanović Kılıçoğlu"
# What somebody may type, and what has to be printed as it was typed.
HOSTILE = (
    '<script>alert(1)</script><img src="http://tracker.example/a.png"> file:///etc/passwd {{ 7|add:7 }} '
    "מרים שלום عبد الرحمن \u202egnp.exe\u202c \U0001f600 " + "W" * 400
)


def samples() -> Iterator[tuple[str, Callable[[], Unstored]]]:
    """Yield each sample's name, such as "consent" and "consent-worst", and what makes it; in the order of the names."""
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        made = import_module(f"{__name__}.{module.name}")
        if not hasattr(made, "usual"):
            continue  # what several of them are made from
        name = module.name.replace("_", "-")
        yield name, made.usual
        yield f"{name}-worst", made.worst
