"""The names of treatments and places, for pages about rows that keep their codes."""

from collections.abc import Iterable

from clinic.people.offered import treatment_names
from screening.rulesets import NotScreenable, published


def place_names(codes: Iterable[str]) -> list[str]:
    """Return the name of each place by the published rules; its code where they do not know it."""
    try:
        sites = published().sites
    except NotScreenable:
        return list(codes)
    return [sites[code].name if code in sites else code for code in codes]


def named(treatment: str) -> str:
    """Return the name of a treatment by the published rules; its code where they do not know it."""
    return treatment_names().get(treatment, treatment)
