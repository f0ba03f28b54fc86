"""The files of an evidence pack, one after the other: what was issued and kept, and the rows as JSON."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BinaryField, Model, QuerySet

from clinic.consultations.letters import file_name
from clinic.consultations.models import Letter
from clinic.consultations.signing_models import SignedConsent
from clinic.documents.models import Document, DocumentContent, Photograph, PhotographContent
from clinic.documents.numbers import number_in_words
from clinic.documents.pack_rows import events_of, evidence_of
from clinic.people.clinics import Device
from clinic.people.models import User
from clinic.people.patients import Patient
from clinic.screenings.models import Screening
from screening.engine.canonical import canonical
from screening.models import RuleSet

Rows = QuerySet[Any]
# A hash of what opens a link is nobody's evidence.
_KEPT_BACK = {"secret_hash"}
# These have a file for each row.
_AS_FILES = (DocumentContent, PhotographContent)
# Of whom or what a row points at, what is needed to read it.
_NAMED: Mapping[type[Model], tuple[str, ...]] = {User: ("id", "name"), Device: ("id", "make", "model")}
# What staff noted on a patient is about no treatment.
_IN_PART: Mapping[type[Model], tuple[str, ...]] = {Patient: ("id", "name", "born")}


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack. `recorded`: the SHA-256 that the records have for it, in hexadecimal; empty: none."""

    name: str
    content: bytes
    recorded: str = ""


def files_of(patient: Patient, treatment: str) -> Iterator[PackFile]:
    """Yield the files of a patient's treatment, always in the same order; one at a time is in memory."""
    rows = evidence_of(patient, treatment)
    yield from kept_files(rows)
    yield from _tables(patient, rows)
    yield from rule_sets(rows)


def kept_files(rows: Mapping[type[Model], Rows]) -> Iterator[PackFile]:
    """Yield what was issued, kept, signed and screened, of the rows by table."""
    yield from _documents(rows[Document])
    yield from _kept(rows)
    yield from _signed(rows[SignedConsent])
    yield from _screenings(rows[Screening])


def _documents(rows: Rows) -> Iterator[PackFile]:
    """Yield each issued PDF, and the values that it was printed from; of an erased one neither is there any more."""
    for document in rows.filter(erased=None):
        name = f"documents/document-{number_in_words(document.number)}"
        content = DocumentContent.objects.filter(document=document).first()
        # One that is gone without a reason is an empty file here: it differs from what is recorded, and is named.
        pdf, values = (bytes(content.pdf), canonical(content.values)) if content else (b"", "")
        yield PackFile(f"{name}.pdf", pdf, document.sha256)
        yield PackFile(f"{name}.json", values.encode(), document.values_sha256)


def _kept(rows: Mapping[type[Model], Rows]) -> Iterator[PackFile]:
    """Yield the letters, the scans of signed papers and the photographs that were not erased."""
    for letter in rows[Letter].iterator(chunk_size=1):
        yield PackFile(f"letters/{file_name(letter)}", bytes(letter.content), letter.sha256)
    for photograph in rows[Photograph].filter(erased=None):
        content = PhotographContent.objects.filter(photograph=photograph).first()
        jpeg = bytes(content.jpeg) if content else b""
        yield PackFile(f"photographs/photograph-{photograph.pk}.jpg", jpeg, photograph.sha256)


def _signed(rows: Rows) -> Iterator[PackFile]:
    """Yield what was signed, as the canonical JSON that its digest was made of."""
    for signed in rows:
        yield PackFile(f"consents/signed-{signed.consent_id}.json", canonical(signed.signed).encode(), signed.digest)


def _screenings(rows: Rows) -> Iterator[PackFile]:
    """Yield each screening as a request that can be screened again, and what came out of it."""
    for screening in rows:
        name = f"screenings/screening-{screening.pk}"
        yield PackFile(f"{name}-request.json", as_json(screening.plan | {"answers": screening.answers}))
        yield PackFile(f"{name}-outcome.json", as_json(screening.outcome))


def _tables(patient: Patient, rows: Mapping[type[Model], Rows]) -> Iterator[PackFile]:
    """Yield a file for each table with its rows, then the events about them, then who and what they name."""
    keys: dict[type[Model], set[int]] = defaultdict(set)
    for model, table in rows.items():
        if model not in _AS_FILES:
            yield _table(model, table, keys)
    events = events_of(patient, [(model, table.values_list("pk", flat=True)) for model, table in rows.items()])
    yield _table(events.model, events, keys)
    for model, names in _NAMED.items():
        named = model._default_manager.filter(pk__in=keys[model]).order_by("pk")
        yield PackFile(_file(model), as_json(list(named.values(*names))))


def _table(model: type[Model], table: Rows, keys: dict[type[Model], set[int]]) -> PackFile:
    shown = _IN_PART.get(model, [field.name for field in model._meta.concrete_fields if field.name not in _KEPT_BACK])
    columns = [field for field in model._meta.concrete_fields if field.name in shown]
    fields = [field for field in columns if not isinstance(field, BinaryField)]
    found = list(table.values(*(field.attname for field in fields)))
    for named in _NAMED:
        pointers = [field.attname for field in fields if field.related_model is named]
        keys[named] |= {row[pointer] for row in found for pointer in pointers} - {None}
    return PackFile(_file(model), as_json(found))


def _file(model: type[Model]) -> str:
    return f"records/{str(model._meta.verbose_name).replace(' ', '-')}.json"


def rule_sets(rows: Mapping[type[Model], Rows]) -> Iterator[PackFile]:
    """Yield each rule set that a screening was made by, in the very bytes that its digest is of."""
    used: Iterable[Any] = rows[Screening].values_list("rule_set", flat=True)
    for rule_set in RuleSet.objects.filter(pk__in=set(used)).order_by("pk"):
        yield PackFile(f"rules/{rule_set.code}-{rule_set.version}.json", rule_set.content.encode(), rule_set.digest)


def as_json(value: Any) -> bytes:
    """Return a value as JSON that people can read, too; the same value is always the same bytes."""
    return f"{json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=_written)}\n".encode()


def _written(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
