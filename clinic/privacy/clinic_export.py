"""Everything that a clinic owns, as files that any program can read: nobody is locked in."""

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Model, Q, QuerySet
from django.template.loader import render_to_string

from clinic.consultations.letters import file_name
from clinic.consultations.models import Letter
from clinic.documents.models import DocumentContent, PhotographContent
from clinic.documents.numbers import number_in_words
from clinic.people.clinics import Clinic
from clinic.privacy.spreadsheets import harmless
from screening.models import RuleSet

Rows = QuerySet[Any]
AT_A_TIME = 200
# Whole tables that are nobody's but this program's or a person's own, and why.
LEFT_OUT = {
    "clinic.PatientKey": "made of the patients' own columns, for the search of this program",
    "clinic.Seal": "over the events of all clinics on this machine; it shows nothing without the machine's key",
    "account.EmailAddress": "a second copy of how staff sign in",
    "account.EmailConfirmation": "opens an account",
    "mfa.Authenticator": "second factors: they belong to the person",
    "auth.Group": "not used",
    "auth.Permission": "not used",
    "admin.LogEntry": "of the machine's own administrator",
    "contenttypes.ContentType": "of the programme",
    "sessions.Session": "sign-ins of now",
    **{
        f"screening.{name}": "in rules/, whole, in the bytes that its digest is of"
        for name in (
            *("RuleSet", "Rule", "Criterion", "Group", "Citation", "Source"),
            *("Question", "Goal", "Site", "Treatment"),
        )
    },
}
# Columns that open something, or that have a file of their own.
KEPT_BACK = {
    "secret_hash": "would open a link",
    "password": "belongs to the person",
    "last_login": "belongs to the person",
    "sessions_ended": "of the sign-in",
    "is_staff": "of the machine's own administrator",
    "is_superuser": "of the machine's own administrator",
}


class NotEmpty(Exception):
    """The folder holds something already."""


def make_empty(folder: Path) -> None:
    """Make a folder where there is none yet. Raises NotEmpty where one holds something, and OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise NotEmpty


def export_clinic(clinic: Clinic, folder: Path) -> int:
    """Write everything of a clinic into an empty folder, and return how many files. Raises OSError.

    One row at a time is in memory, one paper or picture too.
    """
    sums: list[tuple[str, str]] = []
    tables: list[dict[str, Any]] = []
    for model, rows in tables_of(clinic).items():
        tables.append(_table(folder, model, rows))
        sums += [_sum(folder, f"tables/{tables[-1]['name']}.{end}") for end in ("json", "csv")]
    sums += [_kept(folder, name, content) for name, content in _contents(clinic)]
    manifest = {"clinic": clinic.slug, "tables": tables, "left_out": LEFT_OUT, "columns_left_out": KEPT_BACK}
    sums.append(_kept(folder, "manifest.json", f"{json.dumps(manifest, indent=1, ensure_ascii=False)}\n".encode()))
    readme = render_to_string("privacy/clinic_readme.txt", {"clinic": clinic, "tables": tables, "left_out": LEFT_OUT})
    sums.append(_kept(folder, "README.txt", readme.encode()))
    (folder / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for name, digest in sums), encoding="utf-8")
    return len(sums) + 1


def tables_of(clinic: Clinic) -> dict[type[Model], Rows]:
    """Return the clinic's rows of every table that is not left out, found by the ways that lead from them to it."""
    found: dict[type[Model], Rows] = {}
    for model in apps.get_models():
        if model._meta.label in LEFT_OUT:
            continue
        own = Q(pk__in=[])
        for way in ways_of(model):
            own |= Q(**{way: clinic.pk})
        found[model] = QuerySet(model).filter(pk__in=QuerySet(model).filter(own).values("pk")).order_by("pk")
    return found


def ways_of(model: type[Model]) -> list[str]:
    """Return the look-ups that lead from a row to its clinic; none where a table is nobody's in particular."""
    return _SPECIAL.get(model._meta.label) or _way(model, ())


def _way(model: type[Model], passed: tuple[type[Model], ...]) -> list[str]:
    """Return the shortest way along what a row has to name; the clinic itself, where it is among that."""
    needed: list[Any] = [one for one in model._meta.concrete_fields if one.related_model]
    direct = [one.name for one in needed if one.related_model is Clinic]
    if direct:
        return direct[:1]
    for one in needed:
        other = one.related_model
        leads_on = not one.null and other is not model and other not in passed and other._meta.label not in _PASSED
        if leads_on and (way := _way(other, (*passed, model))):
            return [f"{one.name}__{way[0]}"]
    return []


# Over these a way would lead to whoever works, or screens, elsewhere too.
_PASSED = {"clinic.User", "screening.RuleSet", "contenttypes.ContentType"}
_SPECIAL = {
    "clinic.Clinic": ["pk"],
    "clinic.HistoricalClinic": ["id"],
    "clinic.User": ["memberships__clinic"],
}


def _contents(clinic: Clinic) -> Iterator[tuple[str, bytes]]:
    """Yield what has a file of its own: papers, letters, photographs, the logo, and the rules that were used."""
    for paper in DocumentContent.objects.filter(document__clinic=clinic).select_related("document").iterator(1):
        yield f"documents/document-{number_in_words(paper.document.number)}.pdf", bytes(paper.pdf)
    for letter in Letter.objects.filter(clinic=clinic).iterator(1):
        yield f"letters/{file_name(letter)}", bytes(letter.content)
    for picture in PhotographContent.objects.filter(photograph__clinic=clinic).iterator(1):
        yield f"photographs/photograph-{picture.photograph_id}.jpg", bytes(picture.jpeg)
    if clinic.logo:
        yield f"logo.{clinic.logo_type.rpartition('/')[2]}", bytes(clinic.logo)
    for rules in RuleSet.objects.order_by("pk").iterator(1):
        yield f"rules/{rules.code}-{rules.version}.json", rules.content.encode()


def _table(folder: Path, model: type[Model], rows: Rows) -> dict[str, Any]:
    """Write a table as JSON, a row a line, and as CSV, and return what the manifest says of it."""
    fields = [one for one in model._meta.concrete_fields if one.name not in KEPT_BACK]
    columns = [one.attname for one in fields if not isinstance(one, BinaryField)]
    name, count = model._meta.label_lower.replace(".", "-"), 0
    (folder / "tables").mkdir(exist_ok=True)
    base = folder / "tables" / name
    with (
        base.with_suffix(".json").open("w", encoding="utf-8") as lines,
        base.with_suffix(".csv").open("w", encoding="utf-8", newline="") as table,
    ):
        sheet = csv.writer(table)
        sheet.writerow(columns)
        lines.write("[")
        for row in rows.values_list(*columns).iterator(AT_A_TIME):
            written = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=_written)
            lines.write(f"{',' if count else ''}\n{written}")
            sheet.writerow([_cell(value) for value in row])
            count += 1
        lines.write("\n]\n")
    return {"name": name, "called": str(model._meta.verbose_name), "rows": count, "columns": columns}


def _cell(value: Any) -> Any:
    """Return a value as a spreadsheet may have it: words never begin as a formula does; JSON has them as they are."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=_written)
    text = "" if value is None else _written(value)
    return harmless(text) if isinstance(value, str) else text


def _written(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _kept(folder: Path, name: str, content: bytes) -> tuple[str, str]:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return name, hashlib.sha256(content).hexdigest()


def _sum(folder: Path, name: str) -> tuple[str, str]:
    with (folder / name).open("rb") as file:
        return name, hashlib.file_digest(file, "sha256").hexdigest()
