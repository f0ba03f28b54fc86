"""A patient of whose record every table has a row, and a strange word stands wherever somebody can type."""

from datetime import date

from django.db import connection
from django.db.models import BinaryField, CharField, DateField, DateTimeField, JSONField, QuerySet, TextField

from clinic.privacy.erasing_map import mapped, rows_of
from tests.clinic.documents.test_pack import everything

WORD = "quaggawort"
# What is left of the word in the shortest column.
SHORTEST = b"quagga"
DAY = date(1987, 6, 5)
WRITTEN = (CharField, TextField, JSONField, BinaryField)


def a_strange_patient(by):
    """Everything that a patient can have; return the patient, and in how many columns the word was written."""
    patient, written = everything(by), 0
    patient.name = f"{WORD} {WORD}"
    patient.save()
    for model, fate in mapped().items():
        for field in model._meta.concrete_fields:
            if not is_written(field) or field.name in fate.kept or field.name == "history_type":
                continue
            for row in rows_of(model, fate, patient):
                QuerySet(model).filter(pk=row.pk).update(**{field.name: strange(field, row)})
                written += 1
    return patient, written


def is_written(field):
    """Whether a column holds what somebody wrote, or a day."""
    is_day = isinstance(field, DateField) and not isinstance(field, DateTimeField)
    return isinstance(field, WRITTEN) or is_day


def strange(field, row):
    """A strange value for a column; where each has to differ, with the key of its row."""
    if isinstance(field, JSONField):
        return {WORD: [WORD]}
    if isinstance(field, BinaryField):
        return f"{WORD}{row.pk}".encode()
    if isinstance(field, DateField):
        return DAY
    return f"{WORD}{row.pk}" if (field.max_length or 99) >= 20 else WORD[: field.max_length]


def found_in_tables(*words):
    """In which tables, whoever's they are, one of the words stands, read past every model."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor:
                text = b" ".join(map(as_bytes, row))
                if any(word in text for word in words):
                    found.add(table)
    return found


def as_bytes(value):
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
