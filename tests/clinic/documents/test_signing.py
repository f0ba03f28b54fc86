"""A consent signed on a screen: by each party in turn, and then consent and paper at once; nothing of it by halves."""

import json
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.gate import may_start
from clinic.consultations.models import Consent
from clinic.consultations.progress import progress_of
from clinic.consultations.signing import NotSignable, Signing, sign
from clinic.consultations.signing_models import ConsentSheet, ConsentSignature
from clinic.documents.models import Document
from clinic.events import Event, OneDoorError
from clinic.people.clinics import Membership
from clinic.screenings.invitations import invite
from tests.clinic.consultations.gated import World
from tests.clinic.documents.signed import DRAWING, Signed
from tests.clinic.screenings.invented import a_clinic, a_member, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


def codes(world):
    return [reason.code for reason in may_start(world.wanted())]


def test_consent_and_its_paper_come_into_being_with_the_last_signature(signed):
    assert signed.signs()["Location"].endswith("/over/")
    assert (Consent.objects.count(), Document.objects.count(), codes(signed.world)) == (0, 0, ["no-consent"])
    answer = signed.practitioner_signs()
    consent, document = Consent.objects.get(), Document.objects.get()
    assert answer["Location"] == reverse("staff-consent", args=[consent.pk])
    assert (consent.how, consent.signed_by, consent.choices) == (
        "tablet",
        "Nora Novak",
        {"photographs": True, "data": False},
    )
    assert (consent.sites, consent.treatment, consent.by) == (
        signed.sheet.sites,
        signed.sheet.treatment,
        signed.world.by,
    )
    assert (document.consent, document.kind, document.patient) == (consent, "consent", signed.world.patient)
    assert document.content.values["title"] == "Consent"
    assert codes(signed.world) == []
    actions = ("consent opened", "consent signed by patient", "consent signed by practitioner", "consent recorded")
    assert [Event.objects.filter(action=action).count() for action in actions] == [1, 1, 1, 1]


def test_the_day_s_list_says_who_signs_next_and_leads_there(signed):
    pair = signed.world.patient.pk, signed.sheet.treatment

    def told():
        found = progress_of(signed.world.clinic, [pair], timezone.now())[pair]
        return found.code, found.missing, found.step.label, found.step.address

    page = reverse("staff-consent-sheet", args=[signed.sheet.pk])
    assert told() == ("consent", ("It waits for the patient to sign.",), "Consent", page)
    signed.signs()
    assert told() == ("consent", ("The patient has signed. Others have not yet.",), "Sign", page)
    signed.practitioner_signs()
    assert progress_of(signed.world.clinic, [pair], timezone.now())[pair].code == "ready"


def test_drawn_and_typed_signatures_are_kept_as_they_were_given(signed):
    signed.signs(strokes=json.dumps(DRAWING))
    signed.practitioner_signs(strokes="")
    rows = ConsentSignature.objects.values_list("party", "how", "strokes", "name")
    assert list(rows) == [("patient", "drawn", DRAWING, "Nora Novak"), ("practitioner", "typed", [], "Perry")]


def test_everything_shown_is_fixed_when_it_is_opened(signed):
    shown = signed.sheet.shown
    assert (shown["patient"], shown["version"], shown["treatment"]) == (
        "Nora Novak",
        "consent-text-1",
        "Body muscle stimulation",
    )
    page = signed.person.get(signed.page).content.decode()
    for words in (shown["opening"], *shown["what"], *shown["side_effects"], *shown["stop"], shown["statement"]):
        assert words.replace("'", "&#x27;") in page


def test_what_speaks_against_it_and_what_the_patient_said_is_shown():
    world = World(
        days_ago=1,
        now=timezone.now(),
        consent=None,
        consultation={"recent-procedure": "yes"},
        settles={"recent-procedure": "assessed"},
    )
    (one,) = Signed(world).sheet.shown["against"]
    assert [answer for _, answer in one["said"]] == ["Yes"]
    assert (one["settled"], bool(one["title"]), bool(one["message"])) == (
        "Your practitioner has looked at it.",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " 12 "}, "name"),
        ({"name": "\u200e\u2060\u202e"}, "name"),
        ({"agreed": None}, "agreed"),
        ({"choice-photographs": None}, "choice-photographs"),
        ({"choice-data": "perhaps"}, "choice-data"),
        ({"strokes": "[[[1,2],[601,3]]]"}, "name"),
        ({"strokes": "[[[1.5,2],[300,3]]]"}, "name"),
        ({"strokes": "[[[true,2],[300,3]]]"}, "name"),
        ({"strokes": '{"a":1}'}, "name"),
        ({"strokes": "[" * 5000}, "name"),
        ({"strokes": "[[[10,10]]]"}, "name"),
        ({"strokes": "1" * 100_001}, "name"),
    ],
)
@pytest.mark.one_database
def test_fault_is_said_at_its_field_and_nothing_is_signed(signed, changed, field):
    page = signed.signs(**changed)
    assert (list(page.context["form"].errors), ConsentSignature.objects.count()) == ([field], 0)
    text = page.content.decode()
    assert 'class="error-summary"' in text
    if "name" not in changed:
        assert 'value="Nora Novak"' in text


def test_name_is_kept_as_it_is_seen(signed):
    """A contact that was copied brings signs along that turn the text around, and some keyboards part é in two."""
    signed.signs(name="\u202e Ange\u0301lique\u00ad\u200f  Novak\u202c ")
    assert ConsentSignature.objects.get().name == "Angélique Novak"


@pytest.mark.hazard("H-26", "H-28")
def test_guardian_and_interpreter_sign_in_turn_and_the_practitioner_last():
    signed = Signed(signer="guardian", interpreter="yes")
    assert signed.practitioner_signs().context["waits_for"] == ["Guardian", "Interpreter", "Practitioner"]
    assert signed.signs("guardian", name="Gus Novak")["Location"] == signed.page
    assert signed.signs("interpreter", name="Ines Iten")["Location"].endswith("/over/")
    signed.practitioner_signs()
    consent = Consent.objects.get()
    assert (consent.signed_by, consent.choices["photographs"]) == ("Gus Novak (guardian)", True)
    assert list(ConsentSignature.objects.values_list("party", flat=True)) == ["guardian", "interpreter", "practitioner"]


def test_page_of_one_party_signs_for_no_other():
    signed = Signed(interpreter="yes")
    signed.signs()
    signed.signs("patient", name="Once More")
    assert list(ConsentSignature.objects.values_list("name", flat=True)) == ["Nora Novak"]


def test_practitioner_signs_with_the_name_of_the_account(signed):
    signed.signs()
    page = signed.practitioner_signs(name="Somebody Else")
    assert list(page.context["form"].errors) == ["name"]
    assert Consent.objects.count() == 0


@pytest.mark.parametrize("who", ["reception", "suspended", "elsewhere"])
def test_service_takes_no_signature_for_the_clinic_from_somebody_else(signed, who, rf):
    signed.signs()
    where = a_clinic("elsewhere") if who == "elsewhere" else signed.world.clinic
    by = a_member(where, "reception" if who == "reception" else "practitioner", name="otto")
    membership = Membership.objects.get(user=by)
    membership.suspended = who == "suspended"
    request = rf.post("/")
    request.user = by
    with pytest.raises(NotSignable):
        sign(signed.sheet, Signing("practitioner", "Otto"), membership=membership, request=request)
    assert Consent.objects.count() == 0


def test_link_is_opened_by_the_date_of_birth_only():
    signed = Signed(door="link")
    link = signed.opened.context["address"].partition("testserver")[2]
    birth = signed.person.get(link)["Location"]
    assert signed.person.get(signed.page)["Location"] == birth
    born = signed.world.patient.born
    answer = signed.person.post(birth, {"born_day": born.day, "born_month": born.month, "born_year": born.year})
    assert answer["Location"] == signed.page
    assert "Do you agree to this treatment?" in signed.person.get(signed.page).content.decode()
    assert signed.signs()["Location"] == signed.page
    assert "Your practitioner signs next" in signed.person.get(signed.page).content.decode()
    signed.practitioner_signs()
    assert Consent.objects.get().how == "link"


@pytest.mark.one_database
def test_tablet_may_be_read_for_longer_than_a_question_takes(signed, monkeypatch):
    from django.core import signing as cookies

    signed.person.get(signed.page)
    real = cookies.time.time
    monkeypatch.setattr(cookies.time, "time", lambda: real() + 19 * 60)
    assert signed.person.get(signed.page).status_code == 200
    monkeypatch.setattr(cookies.time, "time", lambda: real() + 60 * 60)
    assert signed.person.get(signed.page)["Location"].endswith("/over/")


def test_tablet_is_handed_over_again_where_the_patient_was_timed_out(signed):
    answer = signed.staff.post(signed.staff_page, {"do": "hand-over"})
    assert answer["Location"] == signed.page
    assert signed.staff.get(reverse("staff"))["Location"] == reverse("sign-in")
    assert signed.staff.get(signed.page).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("reception", 403), ("elsewhere", 404)])
def test_sheets_are_for_clinical_staff_of_the_clinic(client, signed, who, status):
    where = signed.world.clinic if who == "reception" else a_clinic("elsewhere")
    client.force_login(a_member(where, "reception" if who == "reception" else "owner", name="other"))
    decision = signed.world.decided.pk
    assert client.get(signed.staff_page).status_code == status
    assert client.post(reverse("staff-consent-open", args=[decision])).status_code == status
    assert client.post(reverse("staff-consent-paper", args=[decision])).status_code == status


def test_signature_is_made_by_its_service_only(signed):
    with pytest.raises(OneDoorError):
        ConsentSignature(sheet=signed.sheet, party="patient", name="Nora", how="typed").save()


@pytest.mark.hazard("H-25")
def test_stranger_and_another_tablet_see_nothing(client, signed):
    assert client.get(signed.page).headers.get("Location", "").endswith("/over/")
    world, who = signed.world, a_patient(signed.world.clinic, name="Somebody Else")
    other, _ = invite(clinic=world.clinic, patient=who, door="tablet", by=world.by, purpose="consent")
    answer = signed.person.get(reverse("consent-sign", args=[world.clinic.slug, f"tablet-{other.ref}"]))
    assert answer["Location"] == reverse("sign-in")


def test_sheet_asks_the_database_a_fixed_number_of_times(signed, django_assert_num_queries):
    signed.signs()
    with django_assert_num_queries(20):
        signed.staff.get(signed.staff_page)


def test_nothing_is_opened_for_what_does_not_stand(signed):
    signed.world.void(signed.world.screening)
    before = ConsentSheet.objects.count()
    page = signed.open()
    assert (page.status_code, ConsentSheet.objects.count()) == (200, before)
    words = "The newest screening was struck out. Screen again: an older one does not take its place."
    assert page.context["form"].non_field_errors() == [words]


def test_form_on_paper_is_issued_and_recorded_with_its_choices(signed):
    world = signed.world
    answer = signed.staff.post(reverse("staff-consent-paper", args=[world.decided.pk]))
    assert answer["Location"] == reverse("staff-papers", args=[world.patient.pk])
    document = Document.objects.get()
    (message,) = get_messages(answer.wsgi_request)
    assert str(message) == "Consent form, no. 000001, is issued. Print it, have it signed, then record it."
    assert (document.decision, document.content.values["title"]) == (world.decided, "Consent form")
    said = {"signed_on": f"{timezone.now() - timedelta(days=1):%Y-%m-%d}", "signed_by": "Nora Novak"}
    said |= {"which_form": "consent-text-1", "is_this_version": "on", "choice-photographs": "no"}
    signed.staff.post(reverse("staff-consent-new", args=[world.decided.pk]), said)
    consent = Consent.objects.get()
    assert (consent.text_version, consent.choices, consent.how) == ("consent-text-1", {"photographs": False}, "paper")
    assert codes(world) == []


def test_a_second_press_makes_no_second_signature(signed):
    signed.signs()
    signed.practitioner_signs()
    signed.practitioner_signs()
    assert (Consent.objects.count(), ConsentSignature.objects.count(), Document.objects.count()) == (1, 2, 1)


def test_treatment_without_a_text_is_signed_by_nobody(signed, text_becomes):
    text_becomes(without=signed.sheet.treatment)
    before = ConsentSheet.objects.count()
    words = "There is no consent text for this treatment yet, so nobody can be asked to sign one."
    assert signed.open().context["form"].non_field_errors() == [words]
    signed.sign_in()
    answer = signed.staff.post(reverse("staff-consent-paper", args=[signed.world.decided.pk]))
    assert answer["Location"] == reverse("staff-consent-new", args=[signed.world.decided.pk])
    assert (ConsentSheet.objects.count(), Document.objects.count()) == (before, 0)
