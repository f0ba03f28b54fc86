"""A document by a personal link: only for its patient, only its very bytes, and only while it counts."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from clinic.documents.models import SharedDocument
from clinic.documents.withdrawing import erase, withdraw
from clinic.events import Event
from clinic.people.clinics import Membership
from clinic.screenings.models import Invitation
from tests.clinic.screenings.invented import BORN, a_link, a_patient
from tests.support.record import a_document, a_screening

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PDF = b"%PDF-1.7 the very bytes"
BIRTH = {"born_day": BORN.day, "born_month": BORN.month, "born_year": BORN.year}


@pytest.fixture
def document(clinic, sign_in):
    by = sign_in()
    return a_copy(a_patient(clinic, email="nora@demo.example"), by)


def a_copy(patient, by, kind="copy", **fields):
    screening = fields.pop("screening", None) or a_screening(patient.clinic, patient, by)
    return a_document(patient.clinic, patient, by, PDF, kind, screening=screening, **fields)


def share(client, document):
    return client.post(reverse("staff-document-share", args=[document.pk]))


def opened(client, document, birth=BIRTH):
    """Share it, open the link as its patient does, and give the address of the page behind it."""
    secret = share(client, document).context["secret"]
    client.logout()
    client.get(reverse("link-door", args=[document.clinic.slug, secret]))
    invitation = Invitation.objects.get(purpose="copy")
    base = f"/c/{document.clinic.slug}/link-{invitation.ref}/"
    client.post(f"{base}birth/", birth)
    return f"{base}copy/"


def test_the_patient_reads_the_very_bytes_and_each_reading_is_in_the_trail(client, document):
    address = opened(client, document)
    page = client.get(address)
    assert f"{address}paper/" in page.content.decode()
    first, _ = client.get(f"{address}paper/"), client.get(f"{address}paper/")
    assert (first.content, first["Content-Type"], first["Cache-Control"], first["Content-Disposition"]) == (
        PDF,
        "application/pdf",
        "no-store",
        'inline; filename="document-000001.pdf"',
    )
    read = Event.objects.filter(action="document read by link")
    assert [(one.patient, one.about, one.actor) for one in read] == [
        (document.patient, f"document {document.pk}", None)
    ] * 2


def test_the_link_is_shown_once_and_kept_by_nobody(client, document):
    page = share(client, document)
    assert page.context["address"] in page.content.decode()
    assert "It opens the paper, to read and to save." in page.content.decode()
    assert page.context["secret"] not in str(Invitation.objects.values().get())
    assert Event.objects.get(action="document shared by link").about == f"document {document.pk}"


def test_the_mail_names_the_paper_and_not_a_self_check(client, document):
    secret = share(client, document).context["secret"]
    client.post(reverse("staff-link-mail", args=[document.patient_id]), {"secret": secret})
    sent = mail.outbox[0]
    assert (sent.subject, sent.to) == ("A paper for you from Park Street", ["nora@demo.example"])
    assert "Park Street has a paper for you." in sent.body
    assert re.search("self-check|questions|answers", sent.body) is None


@pytest.mark.hazard("H-08")
def test_without_the_date_of_birth_nothing_is_shown(client, document):
    address = opened(client, document, BIRTH | {"born_year": 1981})
    birth = address.replace("copy/", "birth/")
    assert [client.get(one)["Location"] for one in (address, f"{address}paper/")] == [birth, birth]
    assert not Event.objects.filter(action="document read by link").exists()


def test_one_link_opens_neither_a_self_check_nor_another_persons_paper(client, document, clinic):
    address = opened(client, document)
    other = a_link(clinic, patient=a_patient(clinic, name="Nadia"))[0]
    assert client.get(address.replace("copy/", "")).status_code == 404
    assert client.get(f"/c/{clinic.slug}/link-{other.ref}/copy/").status_code == 404


@pytest.mark.parametrize("end", ["withdrawn", "erased", "replaced"])
def test_what_counts_no_more_is_said_to_and_is_not_given(client, document, end):
    address = opened(client, document)
    by = document.by
    match end:
        case "withdrawn":
            withdraw(document, "Wrong person.", by=by)
        case "erased":
            erase(document, "Asked for.", by=by)
        case "replaced":
            a_copy(document.patient, by, screening=document.screening, replaces=document)
    page = client.get(address)
    headings = {
        "withdrawn": "This paper does not count any more",
        "erased": "This paper was erased",
        "replaced": "There is a newer paper",
    }
    assert headings[end] in page.content.decode()
    assert client.get(f"{address}paper/")["Location"] == address
    assert not Event.objects.filter(action="document read by link").exists()


def test_bytes_that_were_changed_are_not_given_and_the_trail_says_so(client, document):
    address = opened(client, document)
    with connection.cursor() as cursor:
        other = [b"%PDF-1.7 other bytes", document.pk]
        cursor.execute("UPDATE clinic_documentcontent SET pdf = %s WHERE document_id = %s", other)
    answer = client.get(f"{address}paper/")
    assert (answer.status_code, "This paper cannot be shown" in answer.content.decode()) == (500, True)
    assert Event.objects.filter(action="changed document refused").count() == 1


def test_a_closed_link_opens_nothing(client, document):
    address = opened(client, document)
    client.force_login(document.by)
    invitation = Invitation.objects.get()
    client.post(reverse("staff-invitation-close", args=[document.patient_id, invitation.pk]))
    assert client.get(f"{address}paper/").status_code == 404


@pytest.mark.parametrize("spoil", ["summary", "withdrawn"])
def test_what_is_for_staff_or_counts_no_more_is_not_shared(client, document, spoil):
    if spoil == "summary":
        document = a_copy(document.patient, document.by, "summary")
    else:
        withdraw(document, "Wrong person.", by=document.by)
    assert share(client, document)["Location"] == reverse("staff-papers", args=[document.patient_id])
    assert (SharedDocument.objects.count(), Invitation.objects.count()) == (0, 0)


def test_reception_shares_nothing(client, document):
    Membership.objects.filter(user=document.by).update(role="reception")
    assert share(client, document).status_code == 403


def test_the_patients_page_names_the_link_as_one_to_a_paper(client, document):
    share(client, document)
    assert "A paper to read" in client.get(reverse("staff-patient", args=[document.patient_id])).content.decode()
