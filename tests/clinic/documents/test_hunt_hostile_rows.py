"""Hostile words in the rows themselves: a paper of them is issued, says them as text, and asks no other machine."""

import socket

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.models import Referral
from clinic.documents.models import Document
from clinic.events import Event
from tests.clinic.consultations import rows
from tests.clinic.consultations.gated import World
from tests.clinic.documents.test_rendering_fonts import letters_of
from tests.support.pdf import Pdf

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
STRANGE = "Xyzzyquark"
HOSTILE = (
    f"{STRANGE} 😀\u202e<script src=http://127.0.0.1:9/x></script><img src=file:///etc/passwd>&amp;]]>{{{{ 7 }}}} "
    "Ọ̀ṣọ́ 中 \u2066\u200b url(http://127.0.0.1:9/y)"
)


@pytest.fixture
def asked(monkeypatch):
    """What other machines were asked, each of them in vain."""
    found = []

    def refuse(*address, **_):
        found.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return found


@pytest.fixture
def letter(asked):
    """The letter of a referral whose every field is hostile, as it was issued and as it is given."""
    world = World(days_ago=1, now=timezone.now(), consent=None, consultation={"heart-disease": "yes"}, decision=None)
    clinic, patient = world.clinic, world.patient
    clinic.name = clinic.street = clinic.phone = patient.name = patient.doctor = HOSTILE
    clinic.save()
    patient.save()
    finding = {"screening": world.screening, "rule": "heart-disease", "answers": {"heart-disease": "yes"}}
    referral = Referral.objects.create(to=HOSTILE, question=HOSTILE, **finding, **rows.whose(patient, world.by))
    staff = Client()
    staff.force_login(world.by)
    staff.post(reverse("staff-referral-letter", args=[referral.pk]))
    return staff.get(reverse("staff-document", args=[Document.objects.get().pk]))


def test_hostile_row_is_issued_as_text_and_nothing_is_asked_for(letter, asked):
    pdf = Pdf(letter.content)
    printed = HOSTILE.replace("😀\u202e", "[U+1F600][U+202E]").replace("中", "[U+4E2D]")
    printed = printed.replace("\u2066\u200b", "[U+2066][U+200B]")
    assert letters_of(pdf.reading).count(letters_of(printed)) >= 4
    assert (pdf.faults, pdf.links, asked) == ([], [], [])


@pytest.mark.hazard("H-36")
def test_what_stands_around_a_paper_names_nobody(letter):
    pdf = Pdf(letter.content)
    about = {str(key): str(value) for key, value in pdf.opened.docinfo.items()}
    assert about == {"/Title": "Letter to the doctor", "/Producer": about["/Producer"]}
    assert about["/Producer"].startswith("WeasyPrint")
    assert STRANGE not in str(pdf.opened.open_metadata())
    assert STRANGE not in str(letter.headers)
    assert STRANGE not in str(list(Event.objects.values()))
    kept = {name: letter.headers[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")}
    assert kept == {
        "Content-Type": "application/pdf", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    assert letter.headers["Content-Disposition"] == 'inline; filename="document-000001.pdf"'
    assert "default-src 'none'" in letter.headers["Content-Security-Policy"]
