"""What becomes of a consent when something else changes: nothing is signed past it, and tampering is named."""

import pytest
from django.db import connection
from django.urls import reverse

from clinic.consultations import signing_content
from clinic.consultations.gate import may_start
from clinic.consultations.models import Consent
from clinic.consultations.signing_models import ClosedSheet, ConsentSignature, SignedConsent
from clinic.documents.models import Document
from tests.clinic.consultations.rows import void
from tests.clinic.documents.signed import Signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


def codes(world):
    return [reason.code for reason in may_start(world.wanted())]


@pytest.mark.hazard("H-20")
@pytest.mark.parametrize(
    "change",
    [
        "voids_decision",
        "corrects",
        "voids_screening",
        "decides_again",
        "says_otherwise",
        "moves_the_text",
        "reopens",
        "was_born_on_another_day",
    ],
)
def test_nothing_is_signed_any_more_once_what_it_rests_on_changed(signed, change, text_becomes):
    changes = {
        "voids_decision": lambda: void(signed.world.decided, signed.world.by),
        "voids_screening": lambda: signed.world.void(signed.world.screening),
        "says_otherwise": signed.world.receives_a_self_check,
        "moves_the_text": lambda: text_becomes(version="consent-text-2"),
        "was_born_on_another_day": lambda: type(signed.world.patient).objects.update(born="1980-02-29"),
    }
    changes.get(change, getattr(signed.world, change, None))()
    page = signed.signs()
    assert ("This cannot be signed now" in page.content.decode(), ConsentSignature.objects.count()) == (True, 0)
    assert signed.staff.get(signed.staff_page).context["faults"] != ()


def test_practitioner_cannot_finish_what_changed_after_the_patient_signed(signed):
    signed.signs()
    void(signed.world.decided, signed.world.by)
    page = signed.practitioner_signs()
    assert (page.status_code, Consent.objects.count(), page.context["form"]) == (200, 0, None)


@pytest.mark.hazard("H-23")
def test_rendering_that_fails_leaves_neither_signature_nor_consent(signed):
    signed.signs()
    type(signed.world.clinic).objects.update(logo=b"no picture", logo_type="image/png")
    answer = signed.practitioner_signs()
    assert (answer.status_code, Consent.objects.count(), Document.objects.count()) == (500, 0, 0)
    assert (ConsentSignature.objects.count(), SignedConsent.objects.count()) == (1, 0)


@pytest.mark.hazard("H-20")
def test_withdrawal_closes_what_is_half_signed_and_the_gate(signed):
    signed.signs()
    signed.practitioner_signs()
    again = Signed(signed.world)
    again.signs()
    assert codes(signed.world) == []
    signed.staff.post(reverse("staff-consent", args=[Consent.objects.get().pk]), {"why": "Second thoughts."})
    assert codes(signed.world) == ["consent-withdrawn"]
    assert again.practitioner_signs().context["is_over"]
    assert (Consent.objects.count(), codes(signed.world)) == (1, ["consent-withdrawn"])


@pytest.mark.hazard("H-20")
def test_new_text_ends_the_consent(signed, text_becomes):
    signed.signs()
    signed.practitioner_signs()
    assert codes(signed.world) == []
    text_becomes(version="consent-text-2")
    assert codes(signed.world) == ["consent-version"]


def test_clinics_own_paper_form_counts_besides(signed):
    signed.world.a_consent()
    assert codes(signed.world) == []
    signed.world.changes_the_form()
    signed.world.membership.clinic = signed.world.clinic
    assert codes(signed.world) == ["consent-version"]


def test_opening_anew_closes_what_was_open(signed):
    first, page = signed.sheet, signed.page
    signed.open()
    assert ClosedSheet.objects.get().sheet == first
    assert signed.sheet.pk != first.pk
    assert signed.staff.get(page).status_code == 302


def test_staff_close_a_sheet_unsigned(signed):
    signed.staff.post(signed.staff_page, {"do": "close"})
    assert signed.signs().status_code in (302, 404)
    assert (ClosedSheet.objects.count(), ConsentSignature.objects.count()) == (1, 0)


@pytest.mark.hazard("H-32")
def test_digest_covers_what_was_signed_and_tampering_is_named(signed):
    signed.signs()
    signed.practitioner_signs()
    consent = Consent.objects.get()
    page = reverse("staff-consent", args=[consent.pk])
    assert signing_content.check(consent).faults == ()
    assert "Everything is as it was signed" in signed.staff.get(page).content.decode()
    tamper("clinic_consent", "choices", '{"data": true, "photographs": true}')
    assert "The consent says something else than what was signed." in signed.staff.get(page).content.decode()


@pytest.mark.parametrize(
    ("table", "column", "value", "faults"),
    [
        ("clinic_consentsheet", "text_version", "another", ["text"]),
        ("clinic_consentsignature", "name", "Somebody", ["signatures"]),
        ("clinic_consentsignature", "strokes", "[[[0, 0], [600, 200]]]", ["signatures"]),
        ("clinic_screening", "answers", '{"heart-device": "no"}', ["screening"]),
        ("clinic_consent", "signed_by", "Somebody", ["consent"]),
        ("clinic_signedconsent", "digest", "0" * 64, ["digest"]),
    ],
)
def test_each_part_that_was_changed_behind_our_back_is_named(signed, table, column, value, faults):
    signed.signs()
    signed.practitioner_signs()
    tamper(table, column, value)
    found = signing_content.check(Consent.objects.get()).faults
    assert [next(word for word in WORDS if word in fault) for fault in found] == faults


WORDS = ("digest", "text", "consent", "screening", "signatures")


def tamper(table, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s", [value])
