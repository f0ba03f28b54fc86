"""The session record says what the check came to, what was done, what lay outside and why, and what went wrong."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.deciding_case import NotReadable
from clinic.consultations.models import AdverseEvent, Session, SessionRecord
from clinic.documents.models import Document
from clinic.documents.session_paper import session_paper_of
from clinic.documents.summary_views import OF_SESSION, WRITTEN
from screening.engine.canonical import canonical
from tests.clinic.consultations import rows
from tests.clinic.consultations.gated import World
from tests.clinic.screenings.invented import a_clinic, a_member
from tests.support.pdf import Pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = World(days_ago=3, now=timezone.now(), decision={"course": {"sessions": 8, "interval_days": 5}})
    made.session = rows.a_session(made.consented, by=made.by, device=made.device)
    return made


def paper_of(world):
    return session_paper_of(Session.objects.get(pk=world.session.pk))


def page_of(world):
    return paper_of(world).page


def records(world, **fields):
    given = {"settings": {"currents": {"abdomen": 20.5}, "minutes": 25.5, "pain": False}, **fields}
    SessionRecord(**rows.whose(world.patient, world.by), session=world.session, **given).save()


def test_who_what_and_what_it_rests_on(world):
    page, at = page_of(world), world.session.at.astimezone(world.clinic.zone)
    about = dict(page.about)
    who = dict(page.patient)
    assert (who["Patient"], who["Born"], who["Session"]) == ("Nora Novak", "7 March 1980", "1 of 8")
    assert who["Started"] == f"Perry (practitioner), {at.day} {at:%B %Y, %H:%M} {at:%Z}, Europe/London"
    signed = world.consented.signed_on
    assert about["Consent"] == f"signed by Nora Novak on {signed.day} {signed:%B %Y}, on paper, version 1"
    assert about["Device"] == "Invented One"
    assert [(place.code, place.state) for place in page.map.places] == [
        ("abdomen", "planned"),
        ("forearm-left", "planned"),
    ]


def test_settings_have_their_units_and_what_lay_outside_its_reason(world):
    records(world, outside={"current-max": "Agreed with her."}, felt="Warm.", aftercare="Water.")
    (record,) = page_of(world).records
    assert record.facts == (("Intensity", "tummy 20.5 mA"), ("Current on", "25.5 minutes"), ("Any pain", "No"))
    assert record.outside == (("The source gives up to 30 mA.", "Agreed with her."),)
    assert record.words == (("How it felt", "Warm."), ("Aftercare, and what was advised", "Water."))
    assert record.written.startswith("Perry (practitioner), ")


def test_what_was_not_written_down_is_left_out_and_never_no(world):
    records(world, settings={})
    assert page_of(world).records[0].facts == ()


def test_without_a_record_that_stands_in_large_words(world):
    assert [one.heading for one in page_of(world).notices] == ["No record is written"]


def test_a_corrected_record_is_there_and_said_to_be_replaced(world):
    records(world, felt="Cold.")
    records(world, felt="Warm.")
    assert [(one.counts, one.words[0][1]) for one in page_of(world).records] == [(True, "Warm."), (False, "Cold.")]


def test_what_went_wrong_is_told_in_full(world):
    fields = {"happened_at": world.now, "severity": "severe", "what": "She fainted.", "done": "Feet up."}
    AdverseEvent(**rows.whose(world.patient, world.by), session=world.session, doctor_told=True, **fields).save()
    (event,) = page_of(world).events
    assert event.heading.startswith("Severe: needed a doctor, ")
    assert event.facts[:3] == (
        ("What happened", "She fainted."),
        ("What was done", "Feet up."),
        ("A doctor was told", "Yes"),
    )


def test_a_session_that_was_struck_out_says_so_and_is_none_of_the_course(world):
    records(world)
    rows.void(world.session, world.by)
    page = page_of(world)
    assert [one.heading for one in page.notices] == ["Struck out: this session does not count"]
    assert "Another person." in page.notices[0].words
    assert "Session" not in dict(page.patient)


def test_the_check_of_the_day_is_told_with_its_answers_and_how_they_were_settled():
    world = World(
        consultation={"recent-procedure": "yes"}, settles={"recent-procedure": "assessed"}, now=timezone.now()
    )
    check = world.a_screening({"recent-procedure": "yes"}, at=world.now, plan={**world.plan, "stage": "session"})
    world.session = Session(
        **rows.whose(world.patient, world.by), decision=world.decided, consent=world.consented, check_screening=check,
        treatment=world.decided.treatment, sites=world.decided.sites,
    )  # fmt: skip
    with Session.door():
        world.session.save()
    (finding,) = [one for group in page_of(world).groups for one in group.findings]
    assert (finding.told.rule, finding.settled) == ("recent-procedure", "Assessed by the practitioner.")
    assert next(answer for _, answer in finding.answers) == "Yes"


def test_with_altered_rules_nothing_is_put_on_paper(world, monkeypatch):
    monkeypatch.setattr("clinic.consultations.deciding_case.set_of", lambda _: None)
    with pytest.raises(NotReadable):
        page_of(world)


def test_the_page_can_be_stored_and_hashed(world):
    records(world)
    assert canonical(paper_of(world).values) == canonical(paper_of(world).values)


def test_however_long_the_record_is_it_asks_the_same(world, django_assert_num_queries):
    for _ in range(4):
        records(world)
    row = Session.objects.select_related(*OF_SESSION).prefetch_related(*WRITTEN).get(pk=world.session.pk)
    # One of them to count the sessions, and a small one a record, which asks whether the rules are still the same.
    with django_assert_num_queries(5):
        session_paper_of(row)


def test_the_button_issues_it_and_leads_to_the_papers(client, world):
    records(world, felt="Warm as a bath.")
    client.force_login(world.by)
    address = reverse("staff-session-paper", args=[world.session.pk])
    assert f'action="{address}"' in client.get(reverse("staff-session", args=[world.session.pk])).content.decode()
    answer = client.post(address)
    assert answer.url == reverse("staff-papers", args=[world.patient.pk])
    document = Document.objects.get()
    assert (document.kind, document.session) == ("session", world.session)
    read = Pdf(bytes(document.content.pdf))
    assert (read.title, "Warm as a bath." in read.text) == ("Session record", True)


def test_another_clinics_session_answers_as_one_that_does_not_exist(client, world):
    client.force_login(a_member(a_clinic("elsewhere"), "practitioner", name="stranger"))
    assert client.post(reverse("staff-session-paper", args=[world.session.pk])).status_code == 404
