"""The papers of a patient: what was issued, its very bytes, and what can be made now."""

import hashlib

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic.documents.models import Document, WithdrawnDocument
from clinic.documents.withdrawing import erase, withdraw
from clinic.events import Event
from tests.clinic.consultations import rows
from tests.clinic.consultations.gated import World
from tests.clinic.screenings.invented import a_patient
from tests.support.html_forms import Page
from tests.support.record import a_document
from tests.support.tampering import tamper

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 the very bytes"


@pytest.fixture
def world(client):
    made = World(now=timezone.now())
    client.force_login(made.by)
    return made


def a_paper(world, **about):
    return a_document(world.clinic, world.patient, world.by, PDF, **about or {"decision": world.decided})


def papers(client, world, page=""):
    return Page(client.get(reverse("staff-papers", args=[world.patient.pk]) + page).content.decode())


def address(row):
    return reverse("staff-document", args=[row.pk])


def test_list_says_of_each_paper_what_it_is_about_and_how_it_stands(client, world):
    first = a_paper(world)
    second = a_paper(world, decision=world.decided, replaces=first)
    withdraw(a_paper(world, session=rows.a_session(world.consented, by=world.by)), "Another person.", by=world.by)
    erase(a_paper(world, consent=world.consented), "Asked for.", by=world.by)
    other = a_patient(world.clinic, name="Nadia")
    a_document(world.clinic, other, world.by)
    page = papers(client, world)
    links = [words for words, where in page.links if where.startswith("/staff/documents/") and "no. 0" in words]
    assert [words for words in links if not words.startswith("Withdraw")] == [
        f"Consultation summary, no. 00000{number}" for number in (4, 3, 2, 1)
    ]
    assert [page.words.count(word) for word in ("Replaced", "Withdrawn", "Erased", "Another person.")] == [1, 1, 1, 1]
    assert page.words.count(f"decision of {first.decision.at.day} ") == 2
    assert address(second) in dict(page.links).values()


def test_list_asks_the_same_however_much_was_issued(client, world, django_assert_num_queries):
    for _ in range(3):
        a_paper(world)
    papers(client, world)
    with django_assert_num_queries(ASKED):
        papers(client, world)
    for _ in range(27):
        a_paper(world)
    with django_assert_num_queries(ASKED):
        assert "Page 1 of 2" in papers(client, world).words
    assert "Page 2 of 2" in papers(client, world, "?page=2").words


# Session, person, memberships, patient; how many papers and the papers; how many wait; the published rules; what papers
# can be made of: decisions, screenings, sessions, referrals; whether this person read them lately.
ASKED = 13


def test_very_bytes_are_given_with_a_neutral_name_and_an_event_each_time(client, world):
    row = a_paper(world)
    for _ in range(2):
        answer = client.get(address(row))
        assert answer.content == PDF
    named = ("Content-Type", "Content-Disposition", "Cache-Control", "X-Content-Type-Options")
    assert [answer[name] for name in named] == [
        "application/pdf", 'inline; filename="document-000001.pdf"', "no-store", "nosniff",
    ]  # fmt: skip
    told = Event.objects.filter(action="document read")
    assert {(one.about, one.patient, one.actor) for one in told} == {(f"document {row.pk}", world.patient, world.by)}
    assert told.count() == 2


def change(column, value, row):
    """Change the content past Django, as somebody would who has the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE clinic_documentcontent SET {column} = %s WHERE document_id = %s", [value, row.pk])


def refused(client, row):
    answer = client.get(address(row))
    assert not answer.content.startswith(b"%PDF")
    assert Event.objects.filter(action="document read").count() == 0
    return answer.status_code, Page(answer.content.decode()).words


@pytest.mark.hazard("H-32")
def test_bytes_that_are_not_the_ledgers_are_not_given_and_the_trail_says_so(client, world):
    row = a_paper(world)
    change("pdf", b"%PDF-1.7 other bytes", row)
    status, words = refused(client, row)
    assert status == 500
    assert "This paper is not as it was issued" in words
    assert Event.objects.get(action="changed document refused").about == f"document {row.pk}"


def test_bytes_that_were_changed_together_with_their_digest_are_not_given(client, world):
    row = a_paper(world)
    change("pdf", b"%PDF-1.7 other bytes", row)
    digest = hashlib.sha256(b"%PDF-1.7 other bytes").hexdigest()
    tamper("UPDATE clinic_document SET sha256 = %s WHERE id = %s", digest, row.pk)
    assert refused(client, row)[0] == 500


def test_erased_paper_says_why_and_by_whom(client, world):
    row = a_paper(world)
    erase(row, "The patient asked for it.", by=world.by)
    status, words = refused(client, row)
    assert status == 410
    assert "What it held is erased Consultation summary, no. 000001 The patient asked for it. Perry, " in words


def test_consent_that_nobody_signed_is_called_a_form(client, world):
    form = a_paper(world, kind="consent", decision=world.decided)
    signed = a_paper(world, kind="consent", decision=world.decided, consent=world.consented)
    links = {where: words for words, where in papers(client, world).links}
    assert [links[address(row)] for row in (form, signed)] == ["Consent form, no. 000001", "Consent, no. 000002"]
    assert [one.called for one in (form, signed)] == ["Consent form", "Consent"]


def test_withdrawing_the_paper_of_a_consent_says_that_the_consent_stays(client, world):
    form = a_paper(world, kind="consent", decision=world.decided)
    signed = a_paper(world, kind="consent", decision=world.decided, consent=world.consented)
    told = [
        Page(client.get(reverse("staff-document-withdraw", args=[row.pk])).content.decode()) for row in (form, signed)
    ]
    assert ["what was signed still counts" in page.words for page in told] == [False, True]
    assert reverse("staff-consent", args=[world.consented.pk]) in dict(told[1].links).values()


def test_withdrawing_wants_a_reason_and_is_in_the_trail(client, world):
    row = a_paper(world)
    where = reverse("staff-document-withdraw", args=[row.pk])
    assert Page(client.get(where).content.decode()).forms[-1].action == where
    page = Page(client.post(where, {"why": " "}).content.decode())
    assert page.title.startswith("Error: ")
    assert WithdrawnDocument.objects.count() == 0
    done = client.post(where, {"why": "Another person."}, follow=True)
    assert "It is withdrawn." in Page(done.content.decode()).words
    withdrawn = WithdrawnDocument.objects.get()
    assert (withdrawn.document, withdrawn.why, withdrawn.by) == (row, "Another person.", world.by)
    assert Event.objects.get(action="document withdrawn").about == f"document {row.pk}"
    assert client.get(where)["Location"] == reverse("staff-papers", args=[world.patient.pk])


def test_reading_changes_nothing(client, world):
    places = [address(a_paper(world)), reverse("staff-papers", args=[world.patient.pk])]
    assert [client.post(place).status_code for place in places] == [405, 405]
    assert Document.objects.count() == 1


def test_what_can_be_made_follows_from_the_record(client, world):
    def offered():
        page = papers(client, world)
        own = f"/staff/decisions/{world.decided.pk}/"
        forms = [form.action for form in page.forms] + [where for _, where in page.links]
        return own + "summary/" in forms, any("/sessions/" in one for one in forms), own + "photographs/" in forms

    assert offered() == (True, False, True)
    rows.a_session(world.consented, by=world.by)
    assert offered() == (True, True, True)
    world.voids_decision()
    assert offered() == (False, True, False)


def test_patient_and_decision_lead_to_the_papers(client, world):
    where = reverse("staff-papers", args=[world.patient.pk])
    for name, key in (("staff-patient", world.patient.pk), ("staff-decision", world.decided.pk)):
        assert where in dict(Page(client.get(reverse(name, args=[key])).content.decode()).links).values(), name
