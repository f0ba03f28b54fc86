"""A decision in the patient's words. Practitioners' own words stay with them: they were written for the record."""

from collections.abc import Iterator
from datetime import date
from types import MappingProxyType

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from clinic.consultations.deciding_case import Screened
from clinic.consultations.deciding_proposal import PROCEEDING
from clinic.consultations.decision_page import Decided, decided_page
from clinic.consultations.decision_words import SETTLED, course_in_words
from clinic.consultations.models import Decision, Settlement
from clinic.consultations.settling import needs_countersign
from clinic.documents.copy import CopyDecision, Facts
from clinic.documents.moments import on_the_clock
from clinic.documents.summary_notices import overtaken

Kind, Reason = Decision.Kind, Settlement.Reason
_HEADLINES = MappingProxyType(
    {
        Kind.PROCEED: gettext_lazy("Yes to the treatment, as planned"),
        Kind.PROCEED_SITES: gettext_lazy("Yes to the treatment, but not at every place"),
        Kind.DEFER: gettext_lazy("Not now"),
        Kind.REFER: gettext_lazy("A doctor is asked first"),
        Kind.DECLINE: gettext_lazy("No to this treatment"),
    }
)
_LEADS = MappingProxyType(
    {
        Kind.PROCEED: gettext_lazy("You are asked again before every session. You can say no at any time."),
        Kind.PROCEED_SITES: gettext_lazy("You are asked again before every session. You can say no at any time."),
        Kind.DEFER: gettext_lazy("There is no treatment until your practitioner decides again."),
        Kind.REFER: gettext_lazy(
            "There is no treatment before a doctor has answered and your practitioner has decided."
        ),
        Kind.DECLINE: gettext_lazy("Ask your practitioner why, and what else could help you."),
    }
)


def in_plain_words(case: Screened, row: Decision, today: date) -> CopyDecision:
    """Return a decision that was not struck out, for its patient; nothing is judged again."""
    waits = not hasattr(row, "countersign") and needs_countersign(row.settlements.all())
    page, kind = decided_page(case, row, waits=waits), Kind(row.kind)
    is_over = kind in PROCEEDING and _is_over(row, today)
    if is_over:
        headline = gettext("It has to be decided again")
        lead = gettext("It said yes, and that does not count any more. There is no treatment before a new decision.")
    elif waits:
        headline = gettext("Not decided yet")
        lead = gettext("Somebody else at the clinic has to agree first. There is no treatment before that.")
    else:
        headline, lead = str(_HEADLINES[kind]), str(_LEADS[kind])
    return CopyDecision(
        tone="undetermined" if waits or is_over else page.tone,
        headline=headline,
        lead=lead,
        facts=tuple(_facts(page, row)),
        settled=tuple(_settled(page)),
    )


def _is_over(row: Decision, today: date) -> bool:
    """Return whether a yes, or what settles a finding, has come to its last day, or something opened it again."""
    ends = [row.ends_on, *(one.ends_on for one in row.settlements.all())]
    return any(end is not None and end < today for end in ends) or any(overtaken(row))


def _facts(page: Decided, row: Decision) -> Iterator[tuple[str, str]]:
    yield gettext("Decided"), f"{on_the_clock(row.at, row.clinic)}, by {row.by.name}"
    yield gettext("Treatment"), page.treatment
    if page.places:
        yield gettext("Where"), page.places
    if page.left_out:
        yield gettext("Left out"), page.left_out
    if row.course.get("sessions"):
        yield gettext("How often"), course_in_words(row.course)
    if page.goals:
        yield gettext("What you hope for"), page.goals
    if row.until:
        yield gettext("Wait until"), date_format(row.until, "j F Y")
    if row.ends_on:
        yield gettext("Counts until"), date_format(row.ends_on, "j F Y")


def _settled(page: Decided) -> Facts:
    return tuple(
        (
            f"{one.title} ({one.places})" if one.places else one.title,
            " ".join(filter(None, (str(SETTLED[one.row.reason]), _until(one.row)))),
        )
        for one in page.settled
    )


def _until(row: Settlement) -> str:
    if row.ends_on is None:
        return ""
    return gettext("This counts until %(day)s.") % {"day": date_format(row.ends_on, "j F Y")}
