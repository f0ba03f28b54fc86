"""The treatments of a clinic by name, for lists and choices."""

from clinic.people.clinics import Clinic
from screening.rulesets import NotScreenable, published


def treatment_names() -> dict[str, str]:
    """Give the name of each treatment of the published rules by its code; nothing where none are published."""
    try:
        return {code: treatment.name for code, treatment in published().treatments.items()}
    except NotScreenable:
        return {}


def offered(clinic: Clinic, names: dict[str, str]) -> list[tuple[str, str]]:
    """Take a clinic and `treatment_names()`, give code and name of what it offers, in the order of the rules."""
    return [(code, name) for code, name in names.items() if code in clinic.treatments]
