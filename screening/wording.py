"""An answer in the words that people read."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext

from screening.engine.answers import UNSURE, Answer, BloodPressure, Operation
from screening.engine.calendar import PartialDate
from screening.engine.rule_set import Question, RuleSet


def in_words(rule_set: RuleSet, question: Question, answer: Answer | None) -> tuple[str, ...]:
    """Return an answer as people read it, a line for each entry of a list; none where nothing was answered."""
    match answer:
        case None:
            return ()
        case PartialDate():
            return (date_in_words(answer),)
        case datetime():
            return (date_format(answer, "j F Y, H:i"),)
        case BloodPressure():
            return (gettext("%(systolic)s over %(diastolic)s mmHg") % _both(answer),)
        case tuple():
            return tuple(_entry(rule_set, question, entry) for entry in answer)
        case _:
            return (_label(question, str(answer)),)


def operation_in_words(rule_set: RuleSet, question: Question, operation: Operation) -> str:
    """Return one operation as people read it; what was not given is named as not given."""
    when = gettext("no date yet")
    if isinstance(operation.date, PartialDate):
        when = date_in_words(operation.date)
    elif operation.date == UNSURE:
        when = gettext("date not known")
    where = ", ".join(place_in_words(rule_set, question, site) for site in operation.sites) or gettext("no place yet")
    return f"{when}: {where}"


def date_in_words(written: PartialDate) -> str:
    """Return a date, a month or a year as people read it."""
    if written.month is None:
        return str(written.year)
    return date_format(date(written.year, written.month, written.day or 1), "j F Y" if written.day else "F Y")


def place_in_words(rule_set: RuleSet, question: Question, code: str) -> str:
    """Return a place's name, or the label of a choice such as "not sure"."""
    labels = {choice.code: choice.label for choice in question.choices}
    # The choices first: a kind of hernia has the code of a place.
    return labels[code] if code in labels else rule_set.sites[code].name


def _entry(rule_set: RuleSet, question: Question, entry: str | Operation) -> str:
    if isinstance(entry, Operation):
        return operation_in_words(rule_set, question, entry)
    return place_in_words(rule_set, question, entry)


def _label(question: Question, code: str) -> str:
    return next((choice.label for choice in question.choices if choice.code == code), code)


def _both(reading: BloodPressure) -> dict[str, str]:
    """Return both numbers as people write them: without a point where nothing is behind it."""
    return {"systolic": f"{reading.systolic:g}", "diastolic": f"{reading.diastolic:g}"}
