"""A consent on paper: recorded for what was decided, and over when anything of it changes."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.gate import may_start
from clinic.consultations.models import Consent, ConsentWithdrawal, Letter
from clinic.events import Event
from tests.clinic.consultations.gated import World
from tests.clinic.screenings.invented import a_clinic, a_member
from tests.support.html_forms import Page

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def world(client):
    ready = World(days_ago=1, now=timezone.now(), consent=None)
    client.force_login(ready.by)
    return ready


def address(world):
    return reverse("staff-consent-new", args=[world.decided.pk])


def typed(**changed):
    given = {"signed_on": f"{timezone.now():%Y-%m-%d}", "signed_by": "Nora Novak"}
    given |= {"which_form": "1", "is_this_version": "on"}
    return {name: value for name, value in (given | changed).items() if value is not None}


def test_consent_is_for_what_was_decided_and_the_version_of_now(client, world):
    answer = client.post(address(world), typed())
    consent = Consent.objects.get()
    assert answer["Location"] == reverse("staff-check", args=[world.patient.pk, "body-myostimulation"])
    assert (consent.treatment, consent.sites) == (world.decided.treatment, world.decided.sites)
    assert (consent.text_version, consent.signed_by, consent.by) == ("1", "Nora Novak", world.by)
    assert Event.objects.get(action="consent recorded").about == f"consent {consent.pk}"


def test_scan_is_kept_as_a_letter(client, world):
    client.post(address(world), typed(file=SimpleUploadedFile("x.pdf", PDF)))
    assert bytes(Consent.objects.get().scan.content) == PDF


def test_scan_stays_with_the_form_while_something_else_is_put_right(client, world):
    page = client.post(address(world), typed(file=SimpleUploadedFile("x.pdf", PDF), signed_by=""))
    kept = Letter.objects.get()
    assert (page.context["form"]["letter"].value(), Consent.objects.count()) == (str(kept.pk), 0)
    client.post(address(world), typed(letter=kept.pk))
    assert (Consent.objects.get().scan, Letter.objects.count()) == (kept, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signed_on", None),
        ("signed_on", "2026-02-31"),
        ("signed_on", f"{timezone.now() + timedelta(days=2):%Y-%m-%d}"),
        ("signed_by", ""),
        ("which_form", None),
        ("which_form", "2"),
        ("is_this_version", None),
        ("file", SimpleUploadedFile("x.pdf", b"MZ not a letter")),
    ],
)
def test_fault_is_said_at_its_field_and_nothing_is_kept(client, world, field, value):
    page = client.post(address(world), typed(**{field: value}))
    assert list(page.context["form"].errors) == [field]
    assert (Consent.objects.count(), Letter.objects.count()) == (0, 0)
    assert 'class="error-summary"' in page.content.decode()


def test_no_consent_for_a_decision_that_does_not_proceed_or_was_struck_out(client, world):
    world.voids_decision()
    assert client.get(address(world)).status_code == 404
    world.declines()
    declined = world.patient.decisions.latest("id")
    assert client.get(reverse("staff-consent-new", args=[declined.pk])).status_code == 404


def test_which_form_was_signed_is_asked_and_not_chosen_beforehand(client, world):
    page = Page(client.get(address(world)).content.decode())
    sent = page.forms[-1].sent()
    assert ("signed_on" in sent, "which_form" in sent) == (True, False)


def test_consent_leads_to_the_session_and_one_that_ended_to_a_new_one(client, world):
    consent = world.a_consent()
    check = reverse("staff-check", args=[consent.patient_id, consent.treatment])
    leads = []
    for _ in range(2):
        links = dict(Page(client.get(reverse("staff-consent", args=[consent.pk])).content.decode()).links).values()
        leads.append((check in links, address(world) in links))
        client.post(reverse("staff-consent", args=[consent.pk]), {"why": ""})
    assert leads == [(True, False), (False, True)]


def test_withdrawal_is_recorded_once_and_shown(client, world):
    consent = world.a_consent()
    page = reverse("staff-consent", args=[consent.pk])
    assert "Withdraw it" in client.get(page).content.decode()
    client.post(page, {"why": "Second thoughts."})
    client.post(page, {"why": "Again."})
    assert ConsentWithdrawal.objects.get().why == "Second thoughts."
    shown = client.get(page).content.decode()
    assert "Second thoughts." in shown
    assert "Withdraw it" not in shown


@pytest.mark.hazard("H-20")
def test_withdrawal_of_an_older_consent_leaves_no_newer_one_standing(client, world):
    older, newer = world.a_consent(), world.a_consent()
    other = world.a_consent(treatment="body-microcurrent")
    client.post(reverse("staff-consent", args=[older.pk]), {"why": ""})
    withdrawn = ConsentWithdrawal.objects.values_list("consent", flat=True)
    assert sorted(withdrawn) == [older.pk, newer.pk]
    assert Event.objects.filter(action="consent withdrawn").count() == 2
    assert client.get(reverse("staff-consent", args=[other.pk])).context["end"] is None


def test_page_that_was_sent_twice_records_one_consent(client, world):
    known = client.get(address(world)).context["form"]["known"].value()
    sent = [client.post(address(world), typed(known=known)) for _ in range(2)]
    assert [(answer.status_code, Consent.objects.count()) for answer in sent] == [(302, 1), (200, 1)]
    assert "since this page was opened" in sent[1].content.decode()
    again = sent[1].context["form"]["known"].value()
    assert client.post(address(world), typed(known=again)).status_code == 302


@pytest.mark.hazard("H-20")
def test_page_that_is_sent_again_after_the_withdrawal_brings_nothing_back(client, world):
    known = client.get(address(world)).context["form"]["known"].value()
    client.post(address(world), typed(known=known))
    stale = client.get(address(world)).context["form"]["known"].value()
    client.post(reverse("staff-consent", args=[Consent.objects.get().pk]), {"why": ""})
    for one in (known, stale):
        assert client.post(address(world), typed(known=one)).status_code == 200
    assert [reason.code for reason in may_start(world.wanted())] == ["consent-withdrawn"]


def test_paper_that_was_signed_before_the_withdrawal_does_not_count_any_more(client, world):
    client.post(address(world), typed())
    client.post(reverse("staff-consent", args=[Consent.objects.get().pk]), {"why": ""})
    page = client.post(address(world), typed(signed_on=f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"))
    assert list(page.context["form"].errors) == ["signed_on"]
    assert [reason.code for reason in may_start(world.wanted())] == ["consent-withdrawn"]
    client.post(address(world), typed())
    assert may_start(world.wanted()) == ()


def test_withdrawal_holds_the_patient_before_it_looks_which_consents_there_are(client, world):
    """Else a consent that is signed at the same moment is not seen by the withdrawal, and stands after it."""
    consent = world.a_consent()
    with CaptureQueriesContext(connection) as asked:
        client.post(reverse("staff-consent", args=[consent.pk]), {"why": ""})
    after_page = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    held = next(at for at, sql in enumerate(after_page) if 'FROM "clinic_patient"' in sql)
    seen = next(at for at, sql in enumerate(after_page) if 'FROM "clinic_consent" ' in sql and at > held)
    gone = next(at for at, sql in enumerate(after_page) if "clinic_consentwithdrawal" in sql and "IN (" in sql)
    assert held < seen < gone


@pytest.mark.parametrize(("who", "status"), [("reception", 403), ("elsewhere", 404)])
def test_consents_are_for_clinical_staff_of_the_clinic(client, world, who, status):
    consent = world.a_consent()
    where = world.clinic if who == "reception" else a_clinic("elsewhere")
    client.force_login(a_member(where, "reception" if who == "reception" else "owner", name="other"))
    assert client.get(address(world)).status_code == status
    assert client.get(reverse("staff-consent", args=[consent.pk])).status_code == status
