"""Everything that a clinic has about one person, for that person: a page to read, the papers, and every row as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import BinaryField, ForeignKey, Model, QuerySet
from django.template.loader import render_to_string

from clinic.documents.pack_files import PackFile, as_json, kept_files, rule_sets
from clinic.people.models import User
from clinic.people.patients import Patient
from clinic.privacy.erasing_map import mapped, rows_of
from clinic.privacy.mistaken import without_mistaken
from clinic.screenings.models import Screening
from clinic.screenings.stored import stored
from screening.presentation import for_practitioner

Rows = QuerySet[Any]
# What is in no file, and why.
LEFT_OUT = {
    "PatientKey": "made of the name, the date of birth and the contact details, which are in it",
    "Mismatch": "says of two people which of them a self-check is not of",
}
# What would open a link, and from where staff worked: neither is the person's.
KEPT_BACK = {"secret_hash", "address"}
README = "privacy/access_readme.txt"


def files_of_person(patient: Patient) -> Iterator[PackFile]:
    """Yield the files of a person's record, always in the same order; one at a time is in memory."""
    rows = record_of(patient)
    yield PackFile("index.html", _page(patient, rows))
    yield from kept_files(rows)
    for model, table in rows.items():
        yield PackFile(f"records/{name_of(model)}.json", as_json(list(_values(model, table))))
    yield from rule_sets(rows)


def record_of(patient: Patient) -> dict[type[Model], Rows]:
    """Return a person's rows of every table that leads to a patient, but for what is about another after all."""
    own = {model: rows_of(model, fate, patient) for model, fate in mapped().items() if model.__name__ not in LEFT_OUT}
    return without_mistaken(patient, own)


def name_of(model: type[Model]) -> str:
    """Return what the file of a table is called."""
    return str(model._meta.verbose_name).replace(" ", "-")


def _values(model: type[Model], rows: Rows) -> Iterator[dict[str, Any]]:
    """Yield rows as they are stored but for bytes, which have a file; who of the staff is meant is said by name."""
    columns = [one for one in model._meta.concrete_fields if one.name not in KEPT_BACK]
    fields = [one for one in columns if not isinstance(one, BinaryField)]
    staff = [one for one in fields if isinstance(one, ForeignKey) and one.related_model is User]
    found = rows.values(*(one.attname for one in fields), *(f"{one.name}__name" for one in staff))
    for row in found.iterator(chunk_size=200):
        for one in staff:
            row[one.name] = row.pop(f"{one.name}__name")
            del row[one.attname]
        yield row


def _page(patient: Patient, rows: Mapping[type[Model], Rows]) -> bytes:
    """Return a page that people can read: who it is about, what was said, and where the rest is."""
    screenings = [
        (one, stored(one, for_practitioner)) for one in rows[Screening].select_related("rule_set", "voided", "sending")
    ]
    counted = [(str(model._meta.verbose_name), name_of(model), table.count()) for model, table in rows.items()]
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "screenings": screenings,
        "tables": [each for each in sorted(counted) if each[2]],
        "now": patient.clinic.now(),
    }
    return render_to_string("privacy/access_index.html", context).encode()
