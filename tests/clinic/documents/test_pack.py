"""The evidence pack: everything about one patient's treatment and nothing else, checkable with ordinary tools."""

import hashlib
import json
import subprocess
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db.models import QuerySet

from clinic import models
from clinic.documents.pack import Made, write_pack
from clinic.documents.pack_files import files_of
from clinic.documents.pack_rows import evidence_of
from clinic.documents.withdrawing import erase
from clinic.events import record
from clinic.screenings.store import store
from screening.engine.canonical import canonical, digest_of
from screening.engine.evaluate import evaluate
from screening.engine.request import read_document
from screening.rulesets import published
from tests.clinic.screenings.invented import a_clinic, a_link, a_member, a_patient, a_sending
from tests.support.record import a_document, a_record, a_screening

pytestmark = pytest.mark.django_db

TREATMENT = "body-myostimulation"
AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
MADE = Made("Nora Novak", "Body muscle stimulation", "Park Street", AT, "Olive", "https://clinic.example/verify/")
# What refers to a patient and is no evidence of a treatment.
LEFT_OUT = {
    "Draft": "a self-check that was never sent",
    "PatientKey": "how a search finds a patient",
    "HistoricalVisit": "how an appointment was moved about",
    "Event": "taken by what it is about",
    "Mismatch": "that a self-check is not this patient's, and so no evidence of theirs",
    **dict.fromkeys(("LegalHold", "LiftedHold", "Erasure"), "about the patient, not about one treatment"),
}


@pytest.fixture
def by():
    return a_member(a_clinic())


@pytest.fixture
def patient(by):
    return everything(by)


def everything(by):
    """A patient with a row in every table, made past the services; a digest of nothing but the letter is right."""
    clinic = by.memberships.get().clinic
    ids = a_record(clinic, by)
    own = {"clinic": clinic, "patient": models.Patient.objects.get(pk=ids["patient_id"]), "by": by, "role": "owner"}
    said = {"why": "Another person.", "by": by}
    decision = models.Decision.objects.get(pk=ids["decision_id"])
    consent = models.Consent.objects.get(pk=ids["consent_id"])
    referral = models.Referral.objects.get(pk=ids["referral_id"])
    letter = models.Letter.objects.get(pk=ids["letter_id"])
    models.ReferralStep(referral=referral, kind="answered", on=date(2026, 11, 20), letter=letter, **own).save()
    with models.Settlement.door():
        models.Settlement(decision=decision, rule="hernia", grade="refer", answers={}, reason="assessed").save()
    models.Countersign(decision=decision, words="Agreed.", **own).save()
    models.VoidedDecision(decision=decision, **said).save()
    models.VoidedSession(session_id=ids["session_id"], **said).save()
    models.VoidedScreening(screening_id=ids["screening_id"], **said).save()
    models.ConsentWithdrawal(consent=consent, **own).save()
    _signed(consent, own, said)
    document = models.Document.objects.get(pk=ids["document_id"])
    models.SharedDocument(document=document, invitation=a_link(clinic, patient=own["patient"])[0]).save()
    models.WithdrawnDocument(document=document, **said).save()
    erased = a_document(clinic, own["patient"], by, pdf=b"%PDF-1.7 erased", decision=decision)
    erase(erased, "Another person.", by=by)
    erased = models.Photograph(
        decision=decision,
        consent=consent,
        moment="after",
        site="chin",
        taken_on=date(2026, 11, 20),
        sha256="2" * 64,
        **own,
    )
    erased.save()
    models.ErasedPhotograph(photograph=erased, **said).save()
    models.Intake.objects.create(
        clinic=clinic, patient=own["patient"], treatment=TREATMENT, opened_by=by, changed_by=by
    )
    sending = a_sending(clinic=clinic, name="A stranger")
    models.Match(clinic=clinic, sending=sending, patient=own["patient"], is_new=False, by=by).save()
    models.Review(clinic=clinic, sending=sending, set_aside="Sent twice.", by=by).save()
    record("patient looked at", clinic=clinic, patient=own["patient"], about=own["patient"], actor=by)
    return own["patient"]


def _signed(consent, own, said):
    sheet = models.ConsentSheet(
        decision=consent.decision, treatment=TREATMENT, sites=[], text_version="1", shown={}, needs=["patient"], **own
    )
    sheet.save()
    with models.ConsentSignature.door():
        models.ConsentSignature(sheet=sheet, party="patient", name="Nora Novak", how="typed").save()
    signed = {"names": ["Nora Novak"]}
    models.SignedConsent(sheet=sheet, consent=consent, signed=signed, digest=digest_of(canonical(signed))).save()
    models.ClosedSheet(sheet=sheet, **said).save()


def packed(patient, made=MADE):
    with write_pack(files_of(patient, TREATMENT), made) as pack:
        return pack.read()


def opened(data):
    with ZipFile(BytesIO(data)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def rows(files, name):
    return json.loads(files[f"records/{name}.json"])


def refers_to_a_patient():
    """Every table of the clinic from which a row leads to a patient, by whatever way."""
    tables, found = list(apps.get_app_config("clinic").get_models()), {models.Patient}
    passed = {models.Clinic, models.User}
    while True:
        more = {
            table
            for table in tables
            if table not in found | passed
            and any(field.related_model in found for field in table._meta.concrete_fields if field.related_model)
        }
        if not more:
            return found
        found |= more


def test_no_table_that_says_something_of_a_patient_is_left_out_by_mistake(by):
    packed_tables = {model.__name__ for model in evidence_of(a_patient(by.memberships.get().clinic), TREATMENT)}
    assert {model.__name__ for model in refers_to_a_patient()} == packed_tables | LEFT_OUT.keys()


def test_a_row_of_every_table_is_in_the_pack(patient):
    files = opened(packed(patient))
    empty = [name for name, content in files.items() if name.startswith("records/") and json.loads(content) == []]
    assert empty == []
    tables = set(evidence_of(patient, TREATMENT)) - {models.DocumentContent, models.PhotographContent}
    written = {str(model._meta.verbose_name).replace(" ", "-") for model in tables} | {"event", "person", "device"}
    assert {name[8:-5] for name in files if name.startswith("records/")} == written


def test_it_holds_what_was_issued_kept_signed_and_screened(patient):
    files = opened(packed(patient))
    document, letter = models.Document.objects.get(erased=None), models.Letter.objects.get()
    photograph, consent = models.Photograph.objects.get(erased=None), models.Consent.objects.get()
    assert files[f"documents/document-{document.number:06d}.pdf"] == b"%PDF-1.7 invented"
    assert files[f"letters/letter-{letter.pk}.pdf"] == b"%PDF-1.4"
    assert files[f"photographs/photograph-{photograph.pk}.jpg"] == b"a picture"
    assert files[f"consents/signed-{consent.pk}.json"] == b'{"names":["Nora Novak"]}'
    rules = files[f"rules/{published().code}-{published().version}.json"]
    assert hashlib.sha256(rules).hexdigest() == published().digest


def test_a_screening_in_it_can_be_screened_again_and_comes_to_the_same(patient):
    files = opened(packed(patient))
    screenings = [one["id"] for one in rows(files, "screening")]
    assert len(screenings) == 5
    for key in screenings:
        request = read_document(published(), json.loads(files[f"screenings/screening-{key}-request.json"]), None)
        outcome = evaluate(published(), request.answers, request.plan, request.at)
        assert outcome.to_json() == json.loads(files[f"screenings/screening-{key}-outcome.json"])


def test_an_ordinary_tool_checks_every_file(patient, tmp_path):
    with ZipFile(BytesIO(packed(patient))) as pack:
        pack.extractall(tmp_path)
        names = pack.namelist()
    command = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.splitlines()
    assert sorted(checked) == sorted(f"{name}: OK" for name in names if name != "SHA256SUMS")
    (tmp_path / "manifest.json").write_text("{}")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_the_manifest_lists_every_file_and_what_the_records_have_for_it(patient):
    files = opened(packed(patient))
    manifest = json.loads(files["manifest.json"])
    assert manifest["made"] == {"at": "2026-11-21T09:00:00+00:00", "by": "Olive"}
    assert [one["name"] for one in manifest["files"]] == list(files)[:-3]
    assert all(one["sha256"] == hashlib.sha256(files[one["name"]]).hexdigest() for one in manifest["files"])
    recorded = {one["name"].partition("/")[0]: one["as_recorded"] for one in manifest["files"] if "as_recorded" in one}
    # The letter's digest was made up.
    assert recorded == {"documents": True, "letters": False, "photographs": True, "consents": True, "rules": True}


def test_a_file_that_was_changed_past_us_is_named_first_of_all(patient):
    QuerySet(models.DocumentContent).update(pdf=b"%PDF-1.7 another")
    files = opened(packed(patient))
    number = models.Document.objects.get(erased=None).number
    told = files["README.txt"].decode().partition("WHAT IS IN IT")[0]
    assert "NOT AS RECORDED" in told
    assert (
        f"documents/document-{number:06d}.pdf\n    recorded {hashlib.sha256(b'%PDF-1.7 invented').hexdigest()}" in told
    )
    assert "photograph" not in told


def test_a_file_that_is_gone_without_a_reason_is_named_too(patient):
    QuerySet(models.DocumentContent).all().delete()
    models.PhotographContent.objects.all().delete()
    files = opened(packed(patient))
    number, photograph = models.Document.objects.get(erased=None).number, models.Photograph.objects.get(erased=None)
    gone = [f"documents/document-{number:06d}{end}" for end in (".pdf", ".json")]
    gone.append(f"photographs/photograph-{photograph.pk}.jpg")
    assert [files[name] for name in gone] == [b"", b"", b""]
    told = files["README.txt"].decode().partition("WHAT IS IN IT")[0]
    assert [name for name in gone if name not in told] == []


def test_what_was_erased_is_not_in_it_and_the_reason_is(patient):
    files = opened(packed(patient))
    erased = models.Document.objects.exclude(erased=None).get()
    picture = models.Photograph.objects.exclude(erased=None).get()
    assert [name for name in files if f"{erased.number:06d}" in name or f"photograph-{picture.pk}." in name] == []
    assert [(one["document_id"], one["why"]) for one in rows(files, "erased-document")] == [
        (erased.pk, "Another person.")
    ]


def test_nothing_in_it_opens_a_link_and_no_note_on_the_patient_is_in_it(patient):
    data = b"".join(opened(packed(patient)).values())
    hashes = [one for one in models.Invitation.objects.values_list("secret_hash", flat=True) if one]
    assert (len(hashes), [one for one in hashes if one.encode() in data]) == (3, [])
    assert (b"A strange note" in data, b"A strange alert" in data) == (False, False)


def test_the_trail_in_it_is_of_this_treatment(patient, by):
    clinic = patient.clinic
    decision = models.Decision.objects.get()
    record("decision read", clinic=clinic, patient=patient, about=decision, actor=by)
    record("intake opened", clinic=clinic, patient=patient, about=models.Intake.objects.get(treatment="facial-ems"))
    stranger = a_sending(clinic=clinic)
    events = rows(opened(packed(patient)), "event")
    matched = models.Match.objects.get().sending
    actions = [(one["action"], one["about"]) for one in events]
    assert ("decision read", f"decision {decision.pk}") in actions
    assert ("self-check sent", f"sending {matched.pk}") in actions
    assert ("self-check sent", f"sending {stranger.pk}") not in actions
    assert "intake opened" not in [action for action, _ in actions]


def test_whatever_is_recorded_of_others_or_of_another_treatment_changes_nothing_in_it(patient, by):
    before = packed(patient)
    other = a_member(a_clinic("elsewhere"), name="edda")
    everything(other)
    everything(by)
    assert packed(patient) == before
    case = {"treatment": "facial-ems", "sites": ["chin"], "stage": "consultation", "at": AT.isoformat(), "answers": {}}
    read = read_document(published(), case, None)
    store(
        clinic=patient.clinic, patient=patient, rule_set=published(), plan=read.plan, answers={}, at=AT,
        door="intake", by=by, role="owner",
    )  # fmt: skip
    assert packed(patient) == before


def test_a_doctors_word_from_another_treatment_is_in_it_where_a_decision_rests_on_it(by):
    patient = a_patient(by.memberships.get().clinic)
    own = {"clinic": patient.clinic, "patient": patient, "by": by, "role": "owner"}
    screening = a_screening(patient.clinic, patient, by)
    elsewhere = a_screening(patient.clinic, patient, by)
    letter = models.Letter.objects.create(content=b"%PDF-", content_type="application/pdf", sha256="1" * 64, **own)
    said = {"kind": "clearance", "rule": "hernia", "answers": {}, "said_by": "Dr Who", "said_on": date(2026, 11, 1)}
    statement = models.Statement(screening=elsewhere, letter=letter, **said, **own)
    statement.save()
    assert statement in evidence_of(patient, TREATMENT)[models.Statement]
    assert list(evidence_of(patient, "facial-ems")[models.Statement]) == []
    with models.Decision.door(), models.Settlement.door():
        decision = models.Decision(screening=screening, treatment="facial-ems", kind="proceed", words="-", **own)
        decision.save()
        settled = {"rule": "hernia", "grade": "refer", "answers": {}, "reason": "clearance"}
        models.Settlement(decision=decision, statement=statement, **settled).save()
    found = evidence_of(patient, "facial-ems")
    assert (list(found[models.Statement]), list(found[models.Letter])) == ([statement], [letter])


def test_staff_get_it_as_one_file_with_a_neutral_name_and_it_is_in_the_trail(client, patient, by):
    client.force_login(by)
    address = f"/staff/patients/{patient.pk}/pack/{TREATMENT}/"
    assert client.get(address).status_code == 405
    answer = client.post(address)
    files = opened(b"".join(answer.streaming_content))
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/zip", "no-store")
    assert answer["Content-Disposition"] == 'attachment; filename="evidence-pack.zip"'
    told = files["README.txt"].decode()
    assert "Patient:    Nora Novak, born 1980-03-07\nTreatment:  Body muscle stimulation\n" in told
    assert "http://testserver/verify/" in told
    event = models.Event.objects.first()
    assert (event.action, event.patient, event.actor) == ("evidence pack made", patient, by)


def test_where_nothing_is_recorded_there_is_nothing_to_pack(client, by):
    patient = a_patient(by.memberships.get().clinic)
    client.force_login(by)
    before = models.Event.objects.count()
    answer = client.post(f"/staff/patients/{patient.pk}/pack/{TREATMENT}/", follow=True)
    assert answer.redirect_chain == [(f"/staff/patients/{patient.pk}/papers/", 302)]
    assert "there is nothing to pack" in answer.content.decode()
    assert models.Event.objects.filter(action="evidence pack made").count() == 0
    assert before <= models.Event.objects.count()
