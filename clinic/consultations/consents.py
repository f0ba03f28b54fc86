"""A consent: recorded from paper, withdrawn, and for how long it counts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest

from clinic.consultations import gate_facts
from clinic.consultations.consent_texts import current
from clinic.consultations.deciding_proposal import PROCEEDING, Refusal, Refused
from clinic.consultations.keeping import keep, whose
from clinic.consultations.models import Consent, ConsentWithdrawal, Decision, Letter
from clinic.consultations.signing_closing import close_open
from clinic.people.clinics import Clinic, Membership
from clinic.people.patients import Patient
from screening.engine.calendar import add_months
from screening.presentation.moments import moment_in_words


@dataclass(frozen=True, slots=True)
class ConsentEnd:
    """Why a consent does not count: a code of the gate's, and a sentence."""

    code: str
    words: str


def consent_end(
    clinic: Clinic, consent: Consent | None, *, treatment: str, sites: Collection[str], today: date
) -> ConsentEnd | None:
    """Return why `consent` does not count today for a treatment of these places; None where it does.

    `sites`: the places that were decided on. `consent`: the newest, whatever became of it; an older one never counts.
    """
    if consent is None:
        return ConsentEnd("no-consent", "There is no consent yet.")
    last = last_day(clinic, consent)
    ends = (
        ("consent-withdrawn", hasattr(consent, "withdrawal"), "The consent was withdrawn."),
        ("consent-treatment", consent.treatment != treatment, "The consent is for another treatment."),
        ("consent-sites", set(consent.sites) != set(sites), "The places have changed since the consent was signed."),
        (
            "consent-version",
            consent.text_version not in versions_of(clinic),
            "The text of the consent form has changed since it was signed.",
        ),
        ("consent-ended", today > last, f"The consent ended on {moment_in_words(last)}."),
        ("consent-future", consent.signed_on > today, "The consent is dated later than today."),
    )
    return next((ConsentEnd(code, words) for code, holds, words in ends if holds), None)


def end_of(clinic: Clinic, consent: Consent, decided: Decision | None, today: date) -> ConsentEnd | None:
    """Return why a consent, also an older one, does not count for what is `decided_now`; None where it does."""
    sites = (decided or consent.decision).sites
    end = consent_end(clinic, consent, treatment=consent.treatment, sites=sites, today=today)
    if end is None and _given(consent.patient, consent.treatment).filter(pk__gt=consent.pk).exists():
        return ConsentEnd("consent-older", "A newer consent takes its place.")
    if end is None and is_of_struck_out(consent):
        return ConsentEnd("consent-voided", "It was signed for what was struck out.")
    return end


def decided_now(consent: Consent) -> Decision | None:
    """Return the newest yes to the treatment of a consent that was not struck out; a newer consent is for that one."""
    same = Decision.objects.filter(patient=consent.patient_id, treatment=consent.treatment, kind__in=PROCEEDING)
    found: Decision | None = same.filter(voided=None).order_by("-id").first()
    return found


def is_of_struck_out(consent: Consent) -> bool:
    """Return whether the decision that a consent was signed for, or the screening under it, was struck out since."""
    return hasattr(consent.decision, "voided") or hasattr(consent.decision.screening, "voided")


def versions_of(clinic: Clinic) -> tuple[str, str]:
    """Return the versions that count: of our own text, and of the clinic's own form on paper."""
    return current().version, clinic.consent_version


def last_day(clinic: Clinic, consent: Consent) -> date:
    """Return the last day on which a consent counts by the clinic's limit."""
    return add_months(consent.signed_on, clinic.consent_months) - timedelta(days=1)


class ConsentRefused(Refused):
    """A consent on paper cannot be recorded so."""


def known_of(decision: Decision) -> str:
    """Return what a page knows of a patient's consents to a treatment, by which a later one is told from it."""
    given = _given(decision.patient, decision.treatment)
    newest = given.aggregate(consent=Max("id"), withdrawal=Max("withdrawal__id"))
    return f"{newest['consent'] or 0}-{newest['withdrawal'] or 0}"


@transaction.atomic
def record_consent(  # noqa: PLR0913
    *,
    membership: Membership,
    decision: Decision,
    signed_on: date,
    signed_by: str,
    text_version: str,
    scan: Letter | None,
    choices: Mapping[str, bool] | None = None,
    known: str = "",
    request: HttpRequest,
) -> Consent:
    """Record a consent that was signed on paper for what a decision says, and return it.

    `scan`: the paper's. `choices`: by code what was ticked on it; what it does not say is not in there. `known`: what
    the page knew (of `known_of`), so that a second press records nothing; empty: not looked at. Raises ConsentRefused.
    """
    gate_facts.lock(membership.clinic, decision.patient, decision.treatment)
    if refused := list(_refusals(decision, signed_on, known)):
        raise ConsentRefused(refused)
    consent = Consent(
        **whose(decision.patient, membership),
        decision=decision,
        treatment=decision.treatment,
        sites=decision.sites,
        text_version=text_version,
        signed_on=signed_on,
        signed_by=signed_by,
        scan=scan,
        choices=dict(choices or {}),
    )
    keep(consent, "consent recorded", request)
    return consent


@transaction.atomic
def withdraw(consent: Consent, *, membership: Membership, why: str, request: HttpRequest) -> None:
    """Withdraw a consent, and every other that the person gave to this treatment: from now on none of them counts.

    The second time says nothing new.
    """
    # Whoever records or signs one at the same time holds the patient too: nobody is missed here.
    gate_facts.lock(membership.clinic, consent.patient, consent.treatment)
    rows = {row.pk: row for row in _given(consent.patient, consent.treatment).order_by("id")}
    gone = set(ConsentWithdrawal.objects.filter(consent__in=rows).values_list("consent", flat=True))
    if consent.pk in gone:
        return
    for row in (row for key, row in rows.items() if key not in gone):
        withdrawal = ConsentWithdrawal(**whose(row.patient, membership), consent=row, why=why)
        keep(withdrawal, "consent withdrawn", request, about=row)
    # What is half signed would be a consent again, newer than the withdrawal.
    close_open(consent.patient, consent.treatment, "The consent was withdrawn.", membership, request)


def _given(patient: Patient, treatment: str) -> QuerySet[Consent]:
    given: QuerySet[Consent] = Consent.objects.filter(clinic=patient.clinic_id, patient=patient, treatment=treatment)
    return given


def _refusals(decision: Decision, signed_on: date, known: str) -> Iterator[Refusal]:
    if known and known != known_of(decision):
        yield Refusal("", "A consent was recorded or withdrawn since this page was opened. Look at it once more.")
    withdrawn_at = _given(decision.patient, decision.treatment).aggregate(at=Max("withdrawal__at"))["at"]
    day = withdrawn_at.astimezone(decision.clinic.zone).date() if withdrawn_at else None
    if day and signed_on < day:
        words = (
            f"The consent was withdrawn on {moment_in_words(day)}, after this paper was signed. Have it signed anew."
        )
        yield Refusal("signed_on", words)
