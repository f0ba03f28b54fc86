"""The erasure of what no law has a clinic keep, while the health record stays until its time is over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinic.consultations.models import Intake
from clinic.documents.models import Photograph
from clinic.documents.photographs import erase_photographs
from clinic.people.diary import Visit
from clinic.people.patients import Patient
from clinic.privacy.erasing import leave_tombstone, remove
from clinic.privacy.erasing_map import mapped
from clinic.privacy.erasing_traces import forget_traces
from clinic.privacy.models import Erasure
from clinic.privacy.retention import RECORD
from clinic.screenings.models import Draft, Invitation, Sending

REACHED_BY = ("goes_by", "email", "phone")


@transaction.atomic
def erase_rest(  # noqa: PLR0913
    patient: Patient, why: str, *, law: str, until: date, by: Any, request: HttpRequest | None = None
) -> Erasure:
    """Erase contact details, photographs, drafts, open links and visits without a session, and return the tombstone.

    `law`: why the health record stays, `until`: the day. Raises ValueError without a reason, OnHold on a legal hold.
    """
    if not (why.strip() and law.strip()):
        raise ValueError("An erasure wants a reason, and so does what stays.")
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    locked.refuse_on_hold()
    pictures = Photograph.objects.filter(patient=locked, erased=None)
    erased = {"photograph": erase_photographs(pictures, why, by=by, request=request)}
    erased |= _drafts_and_visits(locked)
    for name in REACHED_BY:
        setattr(locked, name, "")
    locked.save_without_historical_record()  # type: ignore[attr-defined]
    locked.history.all().delete()
    sent = Sending.objects.filter(Q(screening__patient=locked) | Q(match__patient=locked)).values("pk")
    QuerySet(Sending).filter(pk__in=sent).update(email="", phone="")
    forget_traces()
    kept: Mapping[str, str] = {"kind": RECORD.name, "why": law.strip(), "until": until.isoformat()}
    return leave_tombstone(
        locked, why, erased, kept=[kept], by=by, request=request, action="patient erased but for the record"
    )


def _drafts_and_visits(patient: Patient) -> dict[str, int]:
    open_links = Invitation.objects.filter(patient=patient, closed_at=None)
    going = {
        model: list(rows.values_list("pk", flat=True))
        for model, rows in {
            Draft: Draft.objects.filter(invitation__patient=patient),
            Intake: Intake.objects.filter(patient=patient),
            Visit: Visit.objects.filter(patient=patient, sessions=None),
        }.items()
    }
    remove(going, mapped())
    counted = {str(model._meta.verbose_name): len(numbers) for model, numbers in going.items()}
    return counted | {"open link": open_links.update(closed_at=timezone.now())}
