"""A draft of older rules comes to those published today: what was asked in other words counts as answered no more."""

from datetime import datetime

from clinic.consultations.intake import RULES
from clinic.consultations.models import Intake
from screening.engine.moving import moved
from screening.pins import pin_of
from screening.rulesets import pinned_set, published


def renew(intake: Intake, now: datetime) -> None:
    """Bring a locked draft to the rules published today, as `move` does, and save it."""
    if move(intake, now):
        intake.save()


def move(intake: Intake, now: datetime) -> bool:
    """Bring a draft to the rules published today, and return whether it had others. Nothing is saved.

    What is to be asked again is noted in its marks.
    """
    rule_set = published()
    if pin_of(rule_set) == tuple(intake.rule_set):
        return False
    old = pinned_set(intake.rule_set)
    answers, sites, goals, asked_again = moved(old, rule_set, intake.answers, intake.sites, intake.goals)
    lost = [code for code in asked_again if code in intake.answers]
    intake.revision += 1
    intake.answers, intake.sites, intake.goals = answers, list(sites), list(goals)
    intake.rule_set = list(pin_of(rule_set))
    intake.marks = {name: mark for name, mark in intake.marks.items() if name not in lost}
    intake.marks[RULES] = {
        "by": rule_set.version,
        "at": now.isoformat(),
        "revision": intake.revision,
        "asked": list(asked_again),
    }
    return True
