"""The pages of a whole record: given to its person, held, erased; and of how long what is kept."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from clinic import models
from clinic.privacy.erasing import erase_record
from clinic.privacy.holds import hold_of
from tests.clinic.documents.test_pack import everything
from tests.clinic.screenings.invented import a_member, a_patient
from tests.support.access_table import AUDIENCE
from tests.support.access_visitors import PATTERNS, let_go
from tests.support.record import a_record, a_screening
from tests.support.shown import just_signed_in

pytestmark = pytest.mark.django_db
SIGNS_OUT = {"staff-tablet"}
TYPED = {"scope": "all", "law": "Ten years.", "why": "The person asked for it.", "confirm": "ERASE"}


def signed_in(person):
    client = Client()
    just_signed_in(client, person)
    return client


def test_a_person_gets_all_of_their_record_after_staff_showed_who_they_are(by):
    patient = everything(by)
    by.set_password("four words in a row")
    by.save()
    address = reverse("staff-access-export", args=[patient.pk])
    hurried = Client()
    hurried.force_login(by)
    assert hurried.post(address).status_code == 302
    answer = signed_in(by).post(address)
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as pack:
        assert "index.html" in pack.namelist()
    let_go(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="record.zip"'
    actions = [event.action for event in models.Event.objects.filter(patient=patient)]
    assert actions.count("record exported for the person") == 1


def test_a_hold_keeps_the_record_and_only_the_owner_lifts_it(by):
    clinic = by.memberships.get().clinic
    patient, client = a_patient(clinic), signed_in(by)
    client.post(reverse("staff-hold", args=[patient.pk]), {"why": "A claim."})
    held = hold_of(patient)
    assert held.why == "A claim."
    answer = client.post(reverse("staff-erase", args=[patient.pk]), TYPED, follow=True)
    assert "A legal hold keeps everything" in answer.content.decode()
    assert client.get(reverse("staff-erase", args=[patient.pk])).url == reverse("staff-record", args=[patient.pk])
    practitioner = signed_in(a_member(clinic, "practitioner", name="perry"))
    lift = reverse("staff-hold-lift", args=[held.pk])
    assert practitioner.post(lift, {"why": "Settled."}).status_code == 403
    assert hold_of(patient) == held
    client.post(lift, {"why": "Settled."})
    assert hold_of(patient) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"confirm": "erase"}, "Type ERASE in capital letters."),
        ({"why": " "}, "Say why, in a few words."),
        ({"scope": ""}, "Choose what is erased."),
        ({"scope": "rest", "law": ""}, "Say why it stays, in a few words."),
    ],
)
def test_an_erasure_that_is_not_meant_erases_nothing_and_keeps_what_was_typed(by, wrong, said):
    patient = a_patient(by.memberships.get().clinic)
    a_screening(patient.clinic, patient, by)
    answer = signed_in(by).post(reverse("staff-erase", args=[patient.pk]), TYPED | wrong)
    assert (said in answer.content.decode(), models.Patient.objects.filter(pk=patient.pk).exists()) == (True, True)
    assert "why" in wrong or "The person asked for it." in answer.content.decode()


def test_the_health_record_can_stay_with_its_reason_while_the_rest_goes(by):
    patient = everything(by)
    patient.email = "nora@demo.example"
    patient.save()
    signed_in(by).post(reverse("staff-erase", args=[patient.pk]), TYPED | {"scope": "rest"})
    patient.refresh_from_db()
    assert (patient.name, patient.email, patient.history.count(), patient.intakes.count()) == ("Nora Novak", "", 0, 0)
    assert models.PhotographContent.objects.filter(photograph__patient=patient).count() == 0
    assert models.Screening.objects.filter(patient=patient).count() == 4
    kept = models.Erasure.objects.get().kept
    assert [(one["kind"], one["why"]) for one in kept] == [
        ("Screenings, decisions, consents and sessions", "Ten years.")
    ]


def test_no_page_of_staff_finds_what_is_left_of_an_erased_record(by):
    clinic = by.memberships.get().clinic
    row = a_record(clinic, by)
    patient = models.Patient.objects.get(pk=row["patient_id"])
    document = models.Document.objects.get(pk=row["document_id"])
    erase_record(patient, "The person asked for it.", by=by)
    assert models.Decision.objects.filter(pk=document.decision_id).exists()
    client, found = signed_in(by), {}
    theirs = set(row) - {"device_id", "member_id", "treatment"}
    pages = [(name, parts) for name, parts in PATTERNS if name in AUDIENCE and name not in SIGNS_OUT]
    for name, parts in pages:
        if theirs & set(parts):
            address = reverse(name, kwargs={part: (row | {"position": 0})[part] for part in parts})
            found[name] = {client.get(address).status_code, client.post(address).status_code}
        elif not parts:
            assert client.get(reverse(name)).status_code < 500, name
    assert {name: codes for name, codes in found.items() if codes - {404, 405}} == {}


def test_the_owner_sets_the_months_and_nothing_longer_than_patients_are_told(by):
    clinic, client = by.memberships.get().clinic, signed_in(by)
    address = reverse("staff-retention-change")
    months = {"patients": 12, "unmatched": 6, "papers": 120, "photographs": 120, "visits": 24}
    refused = client.post(address, months | {"visits": 121})
    assert "120 months is the most" in refused.content.decode()
    assert models.Retention.objects.count() == 0
    client.post(address, months)
    stored = dict(models.Retention.objects.filter(clinic=clinic).values_list("kind", "months"))
    assert stored == {"patients": 12, "unmatched": 6, "visits": 24}
    page = client.get(reverse("staff-retention")).content.decode()
    assert ("<strong>2 years</strong>" in page, "None yet." in page) == (True, True)
