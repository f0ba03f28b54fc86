"""Issuing: number, ledger row, values and bytes together, or nothing at all."""

import hashlib
import re
from dataclasses import replace

import pytest
from django.urls import reverse

from clinic.documents import ledger
from clinic.documents.models import Document, DocumentContent
from clinic.documents.rendering import RenderingFailed, stationery
from clinic.documents.withdrawing import erase, withdraw
from clinic.events import Event
from tests.clinic.consultations import rows
from tests.clinic.consultations.gated import World
from tests.clinic.documents.papers import NO_PICTURE, a_paper, issued
from tests.clinic.screenings.invented import a_clinic, a_patient
from tests.support.html_forms import Page
from tests.support.pdf import Pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def paper(world, words="Invented", **changed):
    return a_paper(world.patient, words, **{"decision": world.decided} | changed)


def test_document_is_issued_with_number_digests_author_and_event(world):
    row = issued(paper(world), world.membership)
    kept = Document.objects.select_related("content").get()
    pdf = bytes(kept.content.pdf)
    assert (kept, kept.number, kept.kind, kept.decision) == (row, 1, "summary", world.decided)
    assert (kept.by, kept.role, kept.replaces) == (world.by, world.membership.role, None)
    assert (kept.sha256, kept.stationery) == (hashlib.sha256(pdf).hexdigest(), stationery())
    assert (kept.rule_set, kept.previous, ledger.is_sealed(kept)) == (["set-1", "1", "0" * 64], "0" * 64, True)
    assert kept.content.values["page"] == {"words": "Invented"}
    told = Event.objects.get(action="document issued")
    assert (told.about, told.patient, told.actor) == (f"document {row.pk}", world.patient, world.by)


def test_paper_carries_its_number_and_its_check_code_in_groups(world):
    row = issued(paper(world), world.membership)
    text = Pdf(bytes(row.content.pdf)).text
    assert re.search(r"No\. (\d+)", text)[1] == "000001"
    assert re.search(r"(\w{4}-){3}\w{4}", text)[0].replace("-", "") == row.check_code


def test_same_content_again_is_the_same_document(world):
    first, second = (issued(paper(world), world.membership) for _ in range(2))
    assert (first, Document.objects.count(), Event.objects.filter(action="document issued").count()) == (second, 1, 1)


def test_other_content_is_a_new_number_that_replaces_the_old(world):
    first, second = (issued(paper(world, words), world.membership) for words in ("One", "Two"))
    assert (second.number, second.replaces, second.previous) == (2, first, first.seal)


def test_document_about_other_rows_replaces_nothing(world):
    screening = world.decided.screening
    papers = [
        paper(world),
        paper(world, screening=screening),
        a_paper(world.patient, screening=screening),
        paper(world, kind="letter"),
    ]
    made = [issued(one, world.membership) for one in papers]
    assert [(row.number, row.replaces) for row in made] == [(1, None), (2, None), (3, None), (4, None)]


@pytest.mark.parametrize("end", [withdraw, erase])
def test_what_was_withdrawn_or_erased_is_issued_anew_and_not_given_again(world, end):
    first = issued(paper(world), world.membership)
    end(first, "Wrong.", by=world.by)
    second = issued(paper(world), world.membership)
    assert (second.number, second.replaces) == (2, None)


def test_each_clinic_counts_for_itself(world):
    issued(paper(world), world.membership)
    row = issued(a_paper(a_patient(a_clinic("elsewhere"))), world.membership)
    assert (row.number, row.previous) == (1, ledger.BEGINNING)


@pytest.mark.hazard("H-18")
def test_rendering_that_fails_issues_nothing(world):
    with pytest.raises(RenderingFailed):
        issued(paper(world, logo=NO_PICTURE), world.membership)
    kept = (Document.objects.count(), DocumentContent.objects.count())
    assert (*kept, Event.objects.filter(action="document issued").count()) == (0, 0, 0)
    assert issued(paper(world), world.membership).number == 1


@pytest.mark.hazard("H-07")
def test_rows_of_another_patient_make_no_document(world):
    stranger = a_patient(world.clinic, name="Nadia")
    with pytest.raises(ValueError, match="its own patient"):
        issued(a_paper(stranger, decision=world.decided), world.membership)
    assert Document.objects.count() == 0


def test_patient_of_another_clinic_gets_no_document(world):
    stray = replace(a_paper(world.patient), clinic=a_clinic("elsewhere"))
    with pytest.raises(ValueError, match="another clinic"):
        issued(stray, world.membership)
    assert Document.objects.count() == 0


def test_session_paper_names_its_session(world):
    session = rows.a_session(world.consented, by=world.by)
    row = issued(a_paper(world.patient, kind="session", session=session), world.membership)
    assert row.session == session


def test_view_that_fails_to_draw_says_so_and_that_nothing_was_issued(client, world, caplog):
    client.force_login(world.by)
    # Says that it is a picture, and is none: what a broken logo would be.
    world.clinic.logo, world.clinic.logo_type = b"no picture", "image/png"
    world.clinic.save()
    answer = client.post(reverse("staff-summary", args=[world.decided.pk]))
    assert (answer.status_code, Document.objects.count()) == (500, 0)
    assert "The paper was not made" in Page(answer.content.decode()).title
    assert [record.message for record in caplog.records if record.name == "clinic.documents.issuing_page"] == [
        "A document could not be drawn whole; nothing was issued."
    ]
