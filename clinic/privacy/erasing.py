"""The erasure of a patient's record: rows go or are emptied as the map has it; a tombstone says so for good."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinic.documents.models import Document
from clinic.documents.withdrawing import erase as erase_content
from clinic.events import record
from clinic.people.patients import Patient
from clinic.privacy.erasing_map import Fate, mapped, rows_of
from clinic.privacy.erasing_traces import forget_traces
from clinic.privacy.models import Erasure
from clinic.screenings.models import Sending

AT_A_TIME = 500
WITH_THE_RECORD = "Erased with the patient’s record."
WITH_THE_SELF_CHECK = "Erased with the self-check, which was another person’s."
Keys = Mapping[type[Model], Sequence[int]]


@transaction.atomic
def erase_record(patient: Patient, why: str, *, by: Any, request: HttpRequest | None = None) -> Erasure:
    """Erase everything about a patient as the map has it, and return the tombstone; it cannot be taken back.

    Where all of it is gone already, nothing is done. `by`: who answers for it. `why`: in words that name nobody. Raises
    ValueError without a reason, OnHold on a hold.
    """
    if not why.strip():
        raise ValueError("An erasure wants a reason.")
    locked = Patient.with_erased.select_for_update().get(pk=patient.pk)
    locked.refuse_on_hold()
    if locked.erased_at is not None and not has_left(locked):
        tombstone: Erasure = Erasure.objects.filter(patient=locked).latest("pk")
        return tombstone
    fates = mapped()
    for document in rows_of(Document, fates[Document], locked).filter(erased=None):
        erase_content(document, WITH_THE_RECORD, by=by, request=request)
    keys = {model: list(rows_of(model, fate, locked).values_list("pk", flat=True)) for model, fate in fates.items()}
    erased = {str(model._meta.verbose_name): len(keys[model]) for model in fates if _counts(fates[model], keys[model])}
    _own_what_was_matched(locked, keys)
    remove(keys, fates)
    Patient.with_erased.filter(pk=locked.pk).update(erased_at=timezone.now())
    forget_traces()
    return leave_tombstone(locked, why, erased, by=by, request=request)


def has_left(patient: Patient) -> bool:
    """Return whether a patient's rows hold anything that an erasure takes."""
    for model, fate in mapped().items():
        rows = rows_of(model, fate, patient)
        empty = {name: value for name, value in fate.emptied.items() if value == ""}
        if (fate.kind == "deleted" and rows.exists()) or (empty and rows.exclude(**empty).exists()):
            return True
    return False


def leave_tombstone(  # noqa: PLR0913
    patient: Patient,
    why: str,
    erased: Mapping[str, int],
    *,
    kept: Sequence[Mapping[str, str]] = (),
    by: Any,
    request: HttpRequest | None = None,
    action: str = "patient erased",
) -> Erasure:
    """Write down what of a patient's record is gone, and what stays for which reason; with its event."""
    row = Erasure(
        clinic_id=patient.clinic_id, patient=patient, why=why.strip(), erased=dict(erased), kept=list(kept), by=by
    )
    row.save()
    record(action, clinic=row.clinic, patient=patient, about=row, request=request, actor=by)
    return row


@transaction.atomic
def erase_unmatched(sending: Sending) -> None:
    """Erase a self-check that is nobody's: what was said, who said it, and papers for whom it was not theirs.

    Raises OnHold where a legal hold keeps such a paper.
    """
    record("unmatched self-check erased", clinic=sending.clinic, about=sending)
    papers: QuerySet[Document] = QuerySet(Document).filter(screening=sending.screening_id, erased=None)
    for document in papers:
        erase_content(document, WITH_THE_SELF_CHECK, by=None)
    ways = {"Sending": "pk", "Screening": "sending", "VoidedScreening": "screening__sending"}
    fates = {model: fate for model, fate in mapped().items() if fate.kind == "deleted" or model.__name__ in ways}
    keys: dict[type[Model], list[int]] = {}
    for model in fates:
        has_sending = any(one.name == "sending" for one in model._meta.concrete_fields)
        if way := ways.get(model.__name__, "sending" if has_sending else ""):
            keys[model] = list(QuerySet(model).filter(**{way: sending.pk}).values_list("pk", flat=True))
    remove(keys, fates)


def remove(keys: Keys, fates: Mapping[type[Model], Fate]) -> None:
    """Empty and delete rows as their fates have it; past the managers of what is otherwise only ever added to."""
    for model, numbers in keys.items():
        if fates[model].emptied:
            for some in _portions(numbers):
                QuerySet(model).filter(pk__in=some).update(**fates[model].emptied)
    for model, numbers in keys.items():
        for some in _portions(numbers):
            if fates[model].kind == "deleted":
                _let_go(model, some)
                QuerySet(model).filter(pk__in=some).delete()
            elif fates[model].kind == "emptied":
                _unreferred(QuerySet(model).filter(pk__in=some)).delete()
            if hasattr(model, "history"):
                # That a row was deleted is written into its history, with all that it held.
                model.history.model.objects.filter(id__in=some).delete()


def _counts(fate: Fate, numbers: Sequence[int]) -> bool:
    return bool(numbers) and fate.kind != "stays"


def _own_what_was_matched(patient: Patient, keys: Keys) -> None:
    """Give the screenings of matched strangers their patient, so that no page finds what is left of one."""
    for model, numbers in keys.items():
        if model.__name__ == "Screening":
            QuerySet(model).filter(pk__in=numbers, patient=None).update(patient=patient)


def _let_go(model: type[Model], numbers: Sequence[int]) -> None:
    """Empty what another person's row still names of these, such as the self-check that was theirs by mistake."""
    for relation in _relations_to(model):
        if relation.field.null:
            rows: QuerySet[Any] = QuerySet(relation.related_model).filter(**{f"{relation.field.name}__in": numbers})
            rows.update(**{relation.field.name: None})


def _unreferred(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return those rows that no other row names any more."""
    for relation in _relations_to(rows.model):
        rows = rows.exclude(Exists(QuerySet(relation.related_model).filter(**{relation.field.name: OuterRef("pk")})))
    return rows


def _relations_to(model: type[Model]) -> list[Any]:
    fields: list[Any] = model._meta.get_fields(include_hidden=True)
    return [one for one in fields if one.auto_created and not one.concrete and one.field.many_to_many is not True]


def _portions(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [numbers[start : start + AT_A_TIME] for start in range(0, len(numbers), AT_A_TIME)]
