"""What becomes of every row that leads to a patient when their record is erased: one map, by table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from clinic.people.patients import Patient

Rows = QuerySet[Any]
# What a day becomes that a table cannot leave empty.
NO_DAY = date(1900, 1, 1)
LEDGER = "the sealed ledger of documents refers to it"
TRAIL = "the trail of who did what is never changed, and holds nothing about health"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the rows of one table: `deleted`; `emptied` and, where nothing refers to them, deleted; `stays`.

    `ways`: the look-ups that lead from a row to its patient. `emptied`: by field what stays in its place. `kept`: by
    field why its value stays. `why`: why the row itself stays; empty where it goes. `moment`: when it was written.
    """

    kind: Literal["deleted", "emptied", "stays"]
    ways: Sequence[str]
    why: str = ""
    emptied: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    moment: str = ""


def _gone(*ways: str, moment: str = "") -> Fate:
    return Fate("deleted", ways or ("patient",), moment=moment)


def _emptied(*ways: str, moment: str = "at", kept: Mapping[str, str], **emptied: Any) -> Fate:
    return Fate("emptied", ways, LEDGER, emptied, kept, moment)


_OWN = ("patient", "sending__match__patient")
_SENT = ("screening__patient", "match__patient")
_OF_SENDING = tuple(f"sending__{way}" for way in _SENT)
_OF_SCREENING = tuple(f"screening__{way}" for way in _OWN)
# Of what was issued to another patient as long as the self-check was thought to be theirs.
_TAKEN_OFF = "screening__sending__match__patient"
_ROLE = {"role": "of the staff, not of the patient"}
_DIGEST = "a digest, from which nothing can be read"

FATES: Mapping[str, Fate] = {
    "Patient": Fate(
        "stays", ("pk",), "the trail and the tombstone refer to it",
        {
            "name": "", "goes_by": "", "born": NO_DAY, "email": "", "phone": "", "doctor": "", "notes": "",
            "alerts": "",
        },
    ),
    "HistoricalPatient": _gone("id", moment="history_date"),
    "PatientKey": _gone(),
    "Visit": _gone(moment="starts_at"),
    "HistoricalVisit": _gone(),
    "Invitation": _gone(moment="made_at"),
    "Draft": _gone("invitation__patient"),
    "Screening": _emptied(
        *_OWN, moment="recorded_at",
        kept={"engine_version": "of the programme, not of the patient"} | _ROLE,
        stage="", door="", treatment="", plan={}, answers={}, outcome={}, oldest_at=None, based_on=None,
        corrects=None, why="", notes={}, changes={},
    ),
    "VoidedScreening": _gone(*_OF_SCREENING),
    "Sending": _gone(*_SENT, moment="sent_at"),
    "AwaitingReview": _gone("patient", *_OF_SENDING),
    "Match": _gone("patient", *_OF_SENDING, moment="at"),
    "Mismatch": _gone("patient", *_OF_SENDING),
    "Review": _gone(*_OF_SENDING, *_OF_SCREENING),
    "Intake": _gone(moment="changed_at"),
    "Letter": _gone(moment="at"),
    "Assessment": _gone(moment="at"),
    "Statement": _gone(moment="at"),
    "Referral": _emptied("patient", kept=_ROLE, rule="", answers={}, to="", question=""),
    "ReferralStep": _gone(moment="at"),
    "Decision": _emptied(
        "patient", kept=_ROLE, assessment=None, treatment="", kind="", device=None, sites=[], channels_off=[],
        until=None, ends_on=None, course={}, goals=[], expectations=False, words="",
    ),
    "Settlement": _gone("decision__patient"),
    "Countersign": _gone(moment="at"),
    "VoidedDecision": _gone("decision__patient"),
    "Consent": _emptied(
        "patient", kept=_ROLE, treatment="", sites=[], text_version="", signed_on=NO_DAY, signed_by="", scan=None,
        how="", choices={},
    ),
    "ConsentWithdrawal": _gone(moment="at"),
    "ConsentSheet": _gone(moment="at"),
    "ConsentSignature": _gone("sheet__patient"),
    "SignedConsent": _gone("consent__patient"),
    "ClosedSheet": _gone("sheet__patient"),
    "Stop": _gone(moment="at"),
    "Session": _emptied(
        "patient", kept=_ROLE, treatment="", visit=None, device=None, sites=[], channels_off=[],
    ),
    "SessionRecord": _gone(moment="at"),
    "AdverseEvent": _gone(moment="at"),
    "VoidedSession": _gone("session__patient"),
    "Document": Fate(
        "stays", ("patient", _TAKEN_OFF), LEDGER, moment="at",
        kept={
            "number": "printed on the paper",
            "kind": "which of five kinds of paper it was: whoever holds the paper can still check it",
            "check_code": "random, printed on the paper",
            "sha256": _DIGEST,
            "values_sha256": _DIGEST,
            "stationery": "of the programme, not of the patient",
            "rule_set": "which rules were in force, and nothing of what they found",
            "engine_version": "of the programme, not of the patient",
            "previous": _DIGEST,
            "seal": _DIGEST,
        } | _ROLE,
    ),
    "DocumentContent": _gone("document__patient", f"document__{_TAKEN_OFF}"),
    "ErasedDocument": Fate("stays", ("document__patient",), "it says that nothing is missing", {"why": ""}),
    "WithdrawnDocument": Fate("stays", ("document__patient",), "the trail knows of it", {"why": ""}),
    "SharedDocument": _gone("document__patient", "invitation__patient"),
    "Photograph": _gone(moment="at"),
    "PhotographContent": _gone("photograph__patient"),
    "ErasedPhotograph": _gone("photograph__patient"),
    "LegalHold": _gone(),
    "LiftedHold": _gone("hold__patient"),
    "Erasure": Fate(
        "stays", ("patient",), "it is the tombstone",
        kept={
            "why": "the reason of the erasure; the form asks for no name and nothing about health",
            "erased": "how many rows of which kind",
            "kept": "kinds, reasons and days",
        },
    ),
    "Event": Fate(
        "stays", ("patient",), TRAIL,
        kept={"action": "what was done", "about": "the kind and number of a row", "address": "of whoever did it"},
    ),
}  # fmt: skip


def mapped() -> dict[type[Model], Fate]:
    """Return the map by model, the rows that refer to others before those that they refer to."""
    models = {apps.get_model("clinic", name): fate for name, fate in FATES.items()}
    ordered: list[type[Model]] = []

    def visit(model: type[Model]) -> None:
        for relation in model._meta.get_fields(include_hidden=True):
            other: Any = relation.related_model
            refers = relation.auto_created and not relation.concrete and other in models and other is not model
            if refers and other not in ordered:
                visit(other)
        if model not in ordered:
            ordered.append(model)

    for model in models:
        visit(model)
    return {model: models[model] for model in ordered}


def rows_of(model: type[Model], fate: Fate, patient: Patient) -> Rows:
    """Return a patient's rows of one table of the map, in the order they were written; past the model's own manager."""
    leads = Q()
    for way in fate.ways:
        leads |= Q(**{way: patient.pk})
    return QuerySet(model).filter(pk__in=QuerySet(model).filter(leads).values("pk")).order_by("pk")
