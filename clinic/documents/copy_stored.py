"""The patient's copy of a stored screening: a self-check that was sent, or a consultation with what was decided."""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext

from clinic.consultations.deciding_case import screened
from clinic.consultations.models import Decision
from clinic.documents.copy import TEMPLATE, CopyPage, parts_of, person, picture
from clinic.documents.copy_decision import in_plain_words
from clinic.documents.models import Document
from clinic.documents.moments import on_the_clock
from clinic.documents.paper import Letterhead, Paper
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.matching import patient_of
from clinic.screenings.models import STAFF_DOORS, Screening
from clinic.screenings.standing_screening import INCOMPLETE, last_valid_day, standing_screenings
from clinic.screenings.stored import Stored, stored
from screening.presentation import for_patient


class CopyRefused(Exception):
    """No copy is made of a screening. Its text says why and what to do, in a sentence or two for staff."""


def copy_of_screening(screening: Screening, clinic: Clinic, now: datetime) -> Paper:
    """Return the copy of a screening that counts, with the newest decision on it. Raises CopyRefused.

    `now`: aware, on the clinic's clock.
    """
    patient, kept = _patient(screening), _kept(screening)
    decision = screening.decisions.select_related("by", "clinic", "countersign", "voided").order_by("-id").first()
    is_struck_out = decision is not None and hasattr(decision, "voided")
    counting = None if is_struck_out else decision
    page = CopyPage(
        about=(*person(patient), *_when(screening, clinic, counting)),
        notices=tuple(_notices(screening, clinic, patient, now, is_struck_out=is_struck_out)),
        told=kept.told,
        decision=in_plain_words(screened(screening), counting, now.date()) if counting else None,
        map=picture(kept.rule_set, kept.outcome, kept.told, counting.sites if counting else ()),
        goals=kept.goals,
        others=(),
        parts=parts_of(kept),
    )
    return Paper(
        kind=Document.Kind.COPY,
        template=TEMPLATE,
        title=gettext("Your consultation") if _is_by_staff(screening) else gettext("Your self-check"),
        letterhead=Letterhead.of(clinic),
        page=page,
        clinic=clinic,
        patient=patient,
        about={"screening": screening} | ({"decision": counting} if counting else {}),
        rule_set=astuple(kept.outcome.rule_set),
        engine=screening.engine_version,
        # Once something is decided, a copy without it says too little.
        same=("screening",),
    )


def _patient(screening: Screening) -> Patient:
    sending = getattr(screening, "sending", None)
    patient = patient_of(sending) if sending else screening.patient
    if patient is None:
        raise CopyRefused("Say first whose self-check this is. Then make the copy.")
    return patient


def _kept(screening: Screening) -> Stored:
    if screening.stage != "consultation":
        raise CopyRefused("A check before a session has no copy of its own. Issue the session record.")
    if hasattr(screening, "voided"):
        raise CopyRefused("This screening was struck out, so no copy is made of it.")
    if screening.corrections.exists():
        raise CopyRefused("This screening was corrected. Make a copy of the one that replaced it.")
    kept = stored(screening, for_patient)
    if kept is None:
        raise CopyRefused("The rules are not as they were published, so no copy is made.")
    return kept


def _is_by_staff(screening: Screening) -> bool:
    return screening.door in STAFF_DOORS


def _when(screening: Screening, clinic: Clinic, decision: Decision | None) -> Iterator[tuple[str, str]]:
    yield gettext("Answered"), on_the_clock(screening.answered_at, clinic)
    if _is_by_staff(screening) and screening.by:
        yield gettext("Asked by"), screening.by.name
    if not _is_by_staff(screening):
        yield gettext("How"), f"{screening.get_door_display()}".capitalize()
    elif decision is None:
        yield gettext("Good until"), date_format(last_valid_day(clinic, screening), "j F Y")


def _notices(
    screening: Screening, clinic: Clinic, patient: Patient, now: datetime, *, is_struck_out: bool
) -> Iterator[str]:
    """Yield what stands between this screening and a treatment, before anybody reads what came out."""
    if not _is_by_staff(screening):
        yield gettext("These are your own answers, as you sent them. A professional checks them before any treatment.")
        return
    if is_struck_out:
        yield gettext("What was decided on it was taken back. There is no treatment before a new decision.")
    standing = standing_screenings(clinic, [patient.pk], now)[patient.pk, screening.treatment]
    # That answers are missing, the outcome says itself.
    if standing.screening != screening or set(standing.faults) - {INCOMPLETE}:
        yield gettext("No treatment starts on this today: it has ended, or something newer came in. Ask the clinic.")
