"""Issuing a document: number, ledger row, values and bytes come into being together, or none of them does."""

import hashlib
from datetime import UTC
from typing import Any

from django.db import transaction
from django.db.models import Exists
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from clinic.documents import ledger
from clinic.documents.models import Document, DocumentContent
from clinic.documents.moments import on_the_clock
from clinic.documents.numbers import in_groups, new_check_code, number_in_words
from clinic.documents.paper import Mark, Paper
from clinic.documents.rendering import render, stationery
from clinic.documents.verifying import of_somebody_else
from clinic.events import record
from clinic.people.clinics import Clinic, Membership
from clinic.screenings.models import Match
from screening.engine.canonical import canonical, digest_of


@transaction.atomic
def issue(paper: Paper, *, membership: Membership | None, request: HttpRequest) -> Document:
    """Issue a document and return its ledger row; where the very same stands already, that one is returned.

    `membership`: who of the staff issues it; none where the patient's signature did. The newest of the same kind about
    the same rows (of `Paper.same`) is replaced. Raises RenderingFailed, and stores nothing, where it cannot be drawn
    whole; ValueError where a row is not the patient's, or the patient not the clinic's.
    """
    _be_of_one_patient(paper)
    # One at a time for each clinic, so that numbers leave no gap; rows that only refer to the clinic need not wait.
    clinic = Clinic.objects.select_for_update(no_key=True).defer("logo").get(pk=paper.clinic.pk)
    values_sha256 = digest_of(canonical(paper.values))
    before = _standing(paper)
    if before and (before.values_sha256, before.stationery) == (values_sha256, stationery()):
        return before
    row = _row(clinic, paper, membership, before)
    row.values_sha256 = values_sha256
    pdf = render(paper, mark_of(row, request))
    row.sha256 = hashlib.sha256(pdf).hexdigest()
    row.seal = ledger.seal_of(row)
    with Document.door():
        row.save(force_insert=True)
    DocumentContent.objects.create(document=row, pdf=pdf, values=paper.values)
    record("document issued", clinic=clinic, patient=paper.patient, about=row, request=request, actor=row.by)
    return row


def _be_of_one_patient(paper: Paper) -> None:
    if paper.patient.clinic_id != paper.clinic.pk:
        raise ValueError("The patient is another clinic's.")
    if any(_patient_of(row) != paper.patient.pk for row in paper.about.values()):
        raise ValueError("A document is about rows of its own patient only.")


def _patient_of(row: Any) -> int | None:
    """Return whose a row is. A stranger's self-check names nobody; staff have said since whose it is."""
    matched = Match.objects.filter(sending__screening=row.pk) if row.patient_id is None else None
    found: int | None = row.patient_id if matched is None else matched.values_list("patient_id", flat=True).first()
    return found


def mark_of(row: Document, request: HttpRequest) -> Mark:
    """Return what a document carries on each page, so that it can be checked."""
    address = request.build_absolute_uri(reverse("verify"))
    number, code = number_in_words(row.number), in_groups(row.check_code)
    by = f", by {row.by.name}" if row.by else ""
    return Mark(
        number=number,
        check_code=code,
        address=address.partition("://")[2],
        link=f"{address}#{number}.{row.check_code}",
        issued=on_the_clock(row.at, row.clinic) + by,
    )


def _standing(paper: Paper) -> Document | None:
    """Return the document of this kind about these rows that counts until now."""
    about = {column: paper.about.get(column) for column in paper.same}
    same: Any = Document.objects.filter(patient=paper.patient, kind=paper.kind, **about)
    standing = same.filter(~Exists(of_somebody_else()), replaced_by=None, withdrawn=None, erased=None)
    found: Document | None = standing.order_by("-number").first()
    return found


def _row(clinic: Clinic, paper: Paper, membership: Membership | None, before: Document | None) -> Document:
    last = ledger.newest(clinic)
    return Document(
        clinic=clinic,
        patient=paper.patient,
        kind=paper.kind,
        number=last.number + 1 if last else 1,
        check_code=new_check_code(),
        stationery=stationery(),
        rule_set=list(paper.rule_set),
        engine_version=paper.engine,
        replaces=before,
        by=membership.user if membership else None,
        role=membership.role if membership else "",
        at=timezone.now().astimezone(UTC),
        previous=last.seal if last else ledger.BEGINNING,
        **paper.about,
    )
