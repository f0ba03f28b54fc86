"""The hunt for what the wrong person sees, or is told to count, once a match was wrong or a record is erased."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from clinic import models
from clinic.consultations import gate
from clinic.consultations.intake import open_intake
from clinic.consultations.voiding import void
from clinic.documents.pack import Made, write_pack
from clinic.documents.verifying import State, by_code, state_of, with_state
from clinic.events import record
from clinic.privacy import retention, retention_run
from clinic.privacy.access_export import README, files_of_person
from clinic.privacy.erasing import erase_record, erase_unmatched
from clinic.privacy.holds import set_hold
from clinic.privacy.trail import seen_of
from clinic.screenings.matching import match
from clinic.screenings.models import Door, Match, Mismatch, Sending
from clinic.screenings.reviews import review
from clinic.screenings.unmatching import NotToUnmatch, unmatch
from tests.clinic.consultations.gated import World
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_case, a_patient, a_sending
from tests.support.record import a_document, a_record

pytestmark = pytest.mark.django_db
WHY = "The telephone number is another person’s."
MADE = Made(
    "Nora Novak", "", "Park Street", datetime(2026, 11, 21, 9, tzinfo=UTC), "Olive", "https://c.example/verify/"
)


@pytest.fixture
def mistaken(clinic, by):
    """A self-check, the wrong and the right person, and a copy of it that was issued to the wrong one."""
    wrong, right = a_patient(clinic, name="Wanda Wrong"), a_patient(clinic, name="Rita Right")
    sending = a_sending(clinic=clinic, name="Rita Right", case=a_case(**{"heart-disease": "yes"}))
    match(sending, wrong, by=by)
    return sending, wrong, right, a_document(clinic, wrong, by, kind="copy", screening=sending.screening)


def again(sending):
    return Sending.objects.get(pk=sending.pk)


def stands(document):
    return state_of(with_state(models.Document.objects.filter(pk=document.pk)).get())


def opened(patient):
    with write_pack(files_of_person(patient), MADE, README) as packed, ZipFile(BytesIO(packed.read())) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def keys_in(files, table):
    return [row["id"] for row in json.loads(files[f"records/{table}.json"])]


@pytest.mark.hazard("H-34")
@pytest.mark.parametrize("ended", ["screening", "decision", "match"])
def test_a_paper_that_counts_no_more_counts_no_more_after_the_erasure_too(clinic, by, ended):
    row = a_record(clinic, by)
    patient = models.Patient.objects.get(pk=row["patient_id"])
    screening = models.Screening.objects.get(pk=row["screening_id"])
    decision = models.Decision.objects.get(pk=row["decision_id"])
    about = {"screening": screening} if ended == "screening" else {"decision": decision}
    if ended == "match":
        sending = a_sending(clinic=clinic)
        match(sending, patient, by=by)
        about = {"screening": sending.screening}
    paper = a_document(clinic, patient, by, kind="copy", **about)
    if ended == "match":
        unmatch(again(sending), WHY, by=by)
    else:
        void(about[ended], "Another person’s.", by)
    assert by_code(paper.number, paper.check_code).state == State.WITHDRAWN
    erase_record(patient, "The person asked for it.", by=by)
    after = by_code(paper.number, paper.check_code)
    assert (after.state, after.is_erased) == (State.WITHDRAWN, True)


def test_no_paper_of_an_erased_record_counts(clinic, by):
    row = a_record(clinic, by)
    paper = models.Document.objects.get(pk=row["document_id"])
    assert by_code(paper.number, paper.check_code).state == State.GENUINE
    erase_record(paper.patient, "The person asked for it.", by=by)
    assert by_code(paper.number, paper.check_code).state == State.WITHDRAWN


@pytest.mark.hazard("H-08")
def test_a_copy_for_the_wrong_person_is_withdrawn_and_empty_once_its_self_check_is_erased(by, mistaken):
    sending, _, right, copy = mistaken
    unmatch(sending, WHY, by=by)
    erase_unmatched(again(sending))
    assert (stands(copy), models.DocumentContent.objects.filter(document=copy).count()) == (State.WITHDRAWN, 0)
    other = a_sending(clinic=right.clinic)
    match(other, right, by=by)
    kept = a_document(right.clinic, right, by, kind="copy", pdf=b"%PDF-1.7 another", screening=other.screening)
    assert stands(kept) == State.GENUINE


@pytest.mark.hazard("H-08")
def test_a_copy_for_the_wrong_person_stays_withdrawn_when_the_right_one_is_erased(by, mistaken):
    sending, _, right, copy = mistaken
    unmatch(sending, WHY, by=by)
    match(again(sending), right, by=by)
    erase_record(right, "The person asked for it.", by=by)
    assert (stands(copy), models.DocumentContent.objects.filter(document=copy).count()) == (State.WITHDRAWN, 0)


@pytest.mark.hazard("H-08", "H-31")
def test_a_copy_for_the_wrong_person_is_withdrawn_though_the_clock_went_back(by, mistaken):
    sending, _, right, copy = mistaken
    unmatch(sending, WHY, by=by)
    QuerySet(Mismatch).update(at=copy.at - timedelta(hours=1))
    assert stands(copy) == State.WITHDRAWN
    match(again(sending), right, by=by)
    assert stands(copy) == State.WITHDRAWN


def test_a_hold_on_the_wrong_person_keeps_the_copy_and_the_self_check(clinic, by, mistaken):
    sending, wrong, _, copy = mistaken
    unmatch(sending, WHY, by=by)
    set_hold(wrong, "A claim.", by=by)
    later = timezone.now() + timedelta(days=366 * 11)
    models.Event(clinic=clinic, action="signed in", at=later - timedelta(days=1)).save()
    assert "unmatched" not in retention_run.run(clinic, later)
    assert (Sending.objects.filter(pk=sending.pk).count(), models.DocumentContent.objects.count()) == (1, 1)
    assert copy.patient == wrong


@pytest.mark.hazard("H-34")
def test_a_self_check_that_was_just_taken_off_the_wrong_person_is_not_past_its_time(clinic, by, mistaken):
    sending = mistaken[0]
    models.Retention(clinic=clinic, kind="unmatched", months=1, by=by).save()
    now = timezone.now() + timedelta(days=90)
    other = a_sending(clinic=clinic)
    unmatch(sending, WHY, by=by)
    QuerySet(Mismatch).update(at=now - timedelta(days=1))
    assert list(retention.due(clinic, "unmatched", now)) == [other]
    QuerySet(Mismatch).update(at=now - timedelta(days=62))
    assert list(retention.due(clinic, "unmatched", now)) == [sending, other]


@pytest.mark.hazard("H-34")
def test_somebody_of_whom_staff_noted_something_lately_is_not_past_their_time(clinic, by):
    patient = a_patient(clinic)
    models.Retention(clinic=clinic, kind="patients", months=1, by=by).save()
    now = timezone.now() + timedelta(days=90)
    assert list(retention.due(clinic, "patients", now)) == [patient]
    patient.alerts = "Has a pacemaker"
    patient.save()
    QuerySet(patient.history.model).filter(history_type="~").update(history_date=now - timedelta(days=1))
    assert list(retention.due(clinic, "patients", now)) == []


@pytest.mark.hazard("H-08")
def test_neither_of_the_two_is_given_what_is_the_others(by, mistaken):
    sending, wrong, right, copy = mistaken
    struck_out = a_screening(wrong, by=by, based_on=sending.screening, notes={"heart-disease": "Rita said so"})
    review(sending, by=by, screening=struck_out)
    own = a_screening(wrong, by=by)
    sheet = a_document(by.memberships.get().clinic, wrong, by, pdf=b"%PDF-1.7 another", screening=struck_out)
    void(struck_out, "Another person’s.", by)
    unmatch(again(sending), "It is Rita Right’s.", by=by)
    match(again(sending), right, by=by)
    to_wrong, to_right = opened(wrong), opened(right)
    assert [name for name, content in to_wrong.items() if b"Rita" in content] == []
    assert [name for name, content in to_right.items() if b"Wanda" in content] == []
    assert (keys_in(to_wrong, "screening"), keys_in(to_wrong, "document")) == ([own.pk], [])
    assert (keys_in(to_right, "screening"), keys_in(to_right, "document")) == ([sending.screening_id], [])
    assert [name for pack in (to_wrong, to_right) for name in pack if name.startswith("documents/")] == []
    assert {copy.patient, sheet.patient} == {wrong}
    erase_record(right, "The person asked for it.", by=by)
    assert keys_in(opened(wrong), "screening") == [own.pk]


def test_who_read_it_before_it_was_matched_or_as_another_persons_is_among_who_has_seen_it(clinic, by):
    sending, wrong, right = a_sending(clinic=clinic), a_patient(clinic), a_patient(clinic)
    read = {"clinic": clinic, "about": sending, "actor": by}
    record("self-check read", **read)
    match(sending, wrong, by=by)
    record("self-check read", patient=wrong, **read)
    record("record read", clinic=clinic, patient=wrong, about=wrong, actor=by)
    unmatch(again(sending), WHY, by=by)
    match(again(sending), right, by=by)
    assert [(one.action, one.patient) for one in seen_of(right)] == [
        ("self-check read", wrong),
        ("self-check read", None),
    ]
    assert [(one.action, one.patient) for one in seen_of(wrong)] == [("record read", wrong), ("self-check read", wrong)]


@pytest.mark.hazard("H-34")
def test_a_session_that_is_asked_for_while_the_record_is_erased_leaves_nothing_and_starts_nothing():
    world = World()
    wanted = world.wanted()
    assert gate.may_start(wanted) == ()
    erase_record(world.patient, "The person asked for it.", by=world.by)
    ended = gate.start(wanted)
    assert ([reason.code for reason in ended.reasons], ended.session, ended.stop) == (["elsewhere"], None, None)
    assert list(models.Screening.objects.filter(stage="session")) == []


@pytest.mark.hazard("H-08")
def test_a_correction_of_the_struck_out_screening_holds_the_match_too(by, mistaken):
    sending, wrong, _, _ = mistaken
    made = a_screening(wrong, by=by, based_on=sending.screening)
    review(sending, by=by, screening=made)
    corrected = a_screening(wrong, by=by, corrects=made, why="A slip.")
    void(made, WHY, by)
    with pytest.raises(NotToUnmatch):
        unmatch(again(sending), WHY, by=by)
    void(corrected, WHY, by)
    unmatch(again(sending), WHY, by=by)
    assert (Match.objects.count(), Mismatch.objects.count()) == (0, 1)


@pytest.mark.hazard("H-08")
def test_an_intake_that_is_open_on_it_is_dropped_first(clinic, by, mistaken):
    sending, wrong, _, _ = mistaken
    about = {"clinic": clinic, "patient": wrong, "by": by, "treatment": "body-myostimulation"}
    intake = open_intake(**about, door=Door.REVIEW, sending=sending, answers={"fever": "no"})
    with pytest.raises(NotToUnmatch):
        unmatch(sending, WHY, by=by)
    intake.delete()
    unmatch(again(sending), WHY, by=by)
    assert Match.objects.count() == 0
