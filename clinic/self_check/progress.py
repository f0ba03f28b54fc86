from dataclasses import dataclass

from clinic.self_check.journey import Journey


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person has come: the part of the questionnaire that a page belongs to, counted from 1."""

    part: int
    parts: int
    title: str


def progress(journey: Journey, section: str) -> Progress:
    """Return where a section stands among those that this person is asked."""
    asked = {page.section for page in journey.pages} | {section}
    sections = [entry for entry in journey.rule_set.sections if entry.code in asked]
    part = next(number for number, entry in enumerate(sections, 1) if entry.code == section)
    return Progress(part, len(sections), sections[part - 1].title)
