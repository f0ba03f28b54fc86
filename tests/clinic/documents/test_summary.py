"""The consultation summary says what was stored, all of it: gaps stay gaps, and what ended it stands in large words."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.countersigning import countersign
from clinic.consultations.deciding_case import NotReadable
from clinic.consultations.deciding_proposal import Entry
from clinic.consultations.decision_page import decided_page
from clinic.consultations.models import Decision
from clinic.consultations.voiding import void
from clinic.documents.models import Document
from clinic.documents.settled import ground_of
from clinic.documents.summary import summary_of
from clinic.documents.summary_views import OF_DECISION, SETTLED
from clinic.events import Event
from screening.engine.canonical import canonical
from tests.clinic.consultations import rows, stored
from tests.clinic.consultations.decided import Consultation
from tests.clinic.consultations.gated import World
from tests.clinic.screenings.invented import a_clinic
from tests.support.pdf import Pdf

pytestmark = pytest.mark.django_db


def page_of(decision):
    return summary_of(Decision.objects.get(pk=decision.pk)).page


def findings(page):
    return {one.told.rule: one for group in page.groups for one in group.findings}


def headings(page):
    return [one.heading for one in page.notices]


def against_advice(one, kind="proceed", **changed):
    agreed = one.says("heart-disease", words="Only at the arm.")
    entry = Entry("agreement", statement=agreed, ends_on=one.today)
    entries = {one.position("heart-disease"): entry}
    return one.decide(kind, entries=entries, words="Agreed with her heart doctor.", **changed)


def test_who_when_and_by_whom_is_said_with_the_zone():
    one = Consultation(clinic=a_clinic(time_zone="Asia/Dubai"))
    made = one.decide()
    page = page_of(made)

    def when(at):
        local = at.astimezone(one.clinic.zone)
        return f"{local.day} {local:%B %Y, %H:%M} +04"

    assert page.patient == (
        ("Patient", "Nora Novak"),
        ("Born", "7 March 1980"),
        ("Treatment", "Body muscle stimulation"),
    )
    assert page.about == (
        ("Screened", f"{one.by.name} (practitioner), {when(one.screening.answered_at)}, Asia/Dubai"),
        ("Answers came", "in the clinic, with staff"),
    )
    assert page.verdict.by == f"{one.by.name} (practitioner), {when(made.at)}"


def test_a_finding_has_its_answer_its_source_its_reading_and_how_it_was_settled():
    one = Consultation(answers={"heart_disease": "yes"})
    page = page_of(against_advice(one))
    finding = findings(page)["heart-disease"]
    rule = one.case.rule_set.rules["heart-disease"]
    assert [group.heading for group in page.groups] == ["Not advised without written agreement"]
    assert (finding.told.title, finding.told.reading) == (rule.title, rule.reading)
    assert finding.told.sources == one.case.outcome.findings[one.position("heart-disease")].sources
    assert [answer for _, answer in finding.answers] == ["Yes"]
    day = f"{one.today.day} {one.today:%B %Y}"
    assert finding.settled == f"A doctor’s written agreement is recorded, counts until {day}."
    (ground,) = page.grounds
    letter = Decision.objects.get().settlements.get().statement.letter
    assert (ground.about, ground.what, ground.who) == (rule.title, "Doctor’s written agreement", f"Dr Example, {day}")
    assert (ground.words, ground.kept) == ("Only at the arm.", f"Letter on file, SHA-256 begins {letter.sha256[:16]}")


def test_a_doctors_answer_is_told_with_its_question_and_what_came_after_the_decision_is_not():
    one = Consultation(answers={"chronic_disease": "yes"})
    asked = one.asks("chronic-disease", result="closes")
    made = one.decide(entries={one.position("chronic-disease"): Entry("answered", referral=asked, ends_on=one.today)})
    (ground,) = page_of(made).grounds
    assert (ground.what, ground.words) == (
        "Doctor’s answer",
        "Question: May we? Answer: closes the finding. So be it.",
    )
    asked_only = ground_of(made.settlements.get(), "Lasting illness", str, made.at - timedelta(minutes=5))
    assert (asked_only.what, asked_only.words) == ("Asked of a doctor", "May we? No answer is recorded.")


@pytest.mark.parametrize("countersigned", [False, True])
def test_a_decision_against_advice_says_whether_it_is_countersigned(countersigned):
    one = Consultation(answers={"heart_disease": "yes"})
    made = against_advice(one)
    if countersigned:
        countersign(made, "I read the letter.", membership=one.supervisor())
    page = page_of(made)
    assert headings(page) == ([] if countersigned else ["Waits for a countersign"])
    assert [line.party for line in page.signatures] == [
        f"Practitioner: {one.by.name}",
        "Countersigned by: Sol" if countersigned else "Countersigned by",
        "Patient: Nora Novak",
    ]
    assert (page.countersign and page.countersign.words) == ("I read the letter." if countersigned else None)


def struck_out(world):
    world.voids_decision()


def screening_struck_out(world):
    world.voids_screening()


def corrected(world):
    world.corrects()


def decided_again(world):
    world.declines()


def decided_again_and_struck_out(world):
    world.declines_and_voids_it()


def stopped(world):
    world.stops(reopens=True)


def stopped_elsewhere(world):
    world.wants_a_screening_for_another_treatment()


def harmed(world):
    world.is_harmed()


@pytest.mark.hazard("H-38")
@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (struck_out, "Struck out: this decision does not count"),
        (screening_struck_out, "The screening that it was made on was struck out"),
        (corrected, "The screening that it was made on was corrected"),
        (decided_again, "A later decision takes its place"),
        (decided_again_and_struck_out, "A later decision takes its place"),
        (stopped, "It has to be decided anew"),
        (stopped_elsewhere, "It has to be decided anew"),
        (harmed, "It has to be decided anew"),
    ],
)
def test_what_ended_a_decision_stands_in_large_words(happens, said):
    world = World(now=timezone.now())
    made = world.decided
    assert headings(page_of(made)) == []
    happens(world)
    assert headings(page_of(made)) == [said]


def undecided(one):
    return page_of(rows.a_decision(one.screening, by=one.by, kind="refer", sites=[]))


def test_what_somebody_is_not_sure_of_is_said_to_be_open():
    page = undecided(Consultation(answers={"heart_disease": "unsure"}))
    ((question, answer),) = findings(page)["heart-disease"].answers
    assert (answer, page.told.unsure, page.told.missing) == ("Not sure", (question,), ())
    assert [group.heading for group in page.groups] == ["Unresolved"]


@pytest.mark.hazard("H-18")
def test_what_was_not_answered_is_said_to_be_open():
    page = undecided(Consultation(without=("heart-disease",)))
    assert (len(page.told.missing), page.told.outcome, page.groups) == (1, "undetermined", ())


def test_a_finding_names_the_gap_that_it_waits_for():
    page = undecided(Consultation(answers={"broken_bone": "yes"}))
    assert findings(page)["unhealed-fracture"].answers == (
        ("Do you have a broken or cracked bone?", "Yes"),
        ("Where is the break?", "Not answered"),
    )


def test_what_staff_changed_of_a_self_check_is_named():
    one = Consultation()
    sending = stored.an_invited_sending(one.clinic, **{"heart-disease": "no"})
    screening = stored.reviewed(sending, by=one.by, **{"heart-disease": "yes"})
    page = page_of(rows.a_decision(screening, by=one.by, kind="refer", sites=[]))
    (changed,) = page.changed
    assert (changed.was, changed.now, changed.by.partition(",")[0]) == ("No", "Yes", one.by.name)


@pytest.mark.hazard("H-18")
def test_paper_and_screen_say_the_same_of_a_decision():
    one = Consultation(answers={"heart_disease": "yes"})
    row = against_advice(one)
    shown, page = decided_page(one.case, row, waits=True), page_of(row)
    assert tuple(shown.seen) == page.seen
    assert [place.name for place in page.map.places if place.state == "planned"] == shown.places.split(", ")
    assert dict(page.plan) == {
        "Device": "Invented One",
        "Course": "8 sessions, at least 4 days apart",
        "Goals": shown.goals,
        "Talked through": "What to expect, and that no result is promised",
        "Counts until": f"{row.ends_on.day} {row.ends_on:%B %Y}",
    }
    assert (page.verdict.label, page.verdict.words) == ("Proceed", "Agreed with her heart doctor.")


@pytest.mark.hazard("H-18")
def test_place_that_a_decision_leaves_out_is_not_drawn_as_planned():
    one = Consultation(answers={"heart_disease": "yes"})
    page = page_of(against_advice(one, "proceed-sites", sites=("abdomen",)))
    assert {place.code: place.state for place in page.map.places} == {"abdomen": "planned", "forearm-left": "barred"}
    assert dict(page.plan)["Left out"] == "left forearm"


def test_the_rules_are_named_by_version_and_digest():
    one = Consultation()
    paper, named = summary_of(one.decide()), one.case.rule_set.named
    assert (*paper.rule_set, paper.engine) == (named.code, named.version, named.digest, one.case.outcome.engine)
    told = paper.page.told
    assert (told.rule_set, told.version, told.digest) == paper.rule_set


def test_the_page_can_be_stored_and_hashed():
    paper = summary_of(against_advice(Consultation(answers={"heart_disease": "yes"})))
    assert canonical(paper.values) == canonical(summary_of(Decision.objects.get()).values)


@pytest.mark.hazard("H-12")
def test_with_altered_rules_nothing_is_put_on_paper(monkeypatch):
    made = Consultation().decide()
    monkeypatch.setattr("clinic.consultations.deciding_case.set_of", lambda _: None)
    with pytest.raises(NotReadable):
        page_of(made)


def test_a_doctor_who_keeps_a_settled_finding_afterwards_is_named():
    world = World(consultation={"chronic-disease": "yes"}, settles={"chronic-disease": "other"}, now=timezone.now())
    world.hears_that_it_stays()
    (notice,) = page_of(world.decided).notices
    assert notice.words == "A doctor’s answer since then keeps a finding that it had settled."


@pytest.mark.parametrize("rules", [("chronic-disease",), ("chronic-disease", "epilepsy", "recent-procedure")])
def test_many_findings_ask_no_more_than_one(rules, django_assert_num_queries):
    answers = dict.fromkeys(rules, "yes")
    world = World(consultation=answers, settles=dict.fromkeys(rules, "other"), now=timezone.now())
    found = Decision.objects.select_related(*OF_DECISION).prefetch_related(*SETTLED).get(pk=world.decided.pk)
    with django_assert_num_queries(6):
        summary_of(found)


def post(client, decision):
    return client.post(reverse("staff-summary", args=[decision.pk]))


def test_the_button_issues_it_and_leads_to_the_papers(client):
    one = Consultation(answers={"heart_disease": "yes"})
    made = against_advice(one)
    client.force_login(one.by)
    address = reverse("staff-summary", args=[made.pk])
    assert f'action="{address}"' in client.get(reverse("staff-decision", args=[made.pk])).content.decode()
    assert client.get(address).status_code == 405
    answer = post(client, made)
    assert answer.url == reverse("staff-papers", args=[one.patient.pk])
    document = Document.objects.get()
    assert (document.kind, document.decision, document.screening) == ("summary", made, one.screening)
    assert Event.objects.filter(action="document issued", about=f"document {document.pk}").count() == 1
    read = Pdf(bytes(document.content.pdf))
    assert read.title == "Consultation summary"
    for words in ("Waits for a countersign", "Agreed with her heart doctor.", "Dr Example", "000001"):
        assert words in read.text
    post(client, made)
    assert Document.objects.count() == 1
    void(made, "Another person.", one.by)
    post(client, made)
    newest = Document.objects.first()
    assert newest.replaces == document
    assert "Struck out: this decision does not count" in Pdf(bytes(newest.content.pdf)).text


def test_another_clinics_decision_answers_as_one_that_does_not_exist(client):
    made = Consultation().decide()
    client.force_login(Consultation(clinic=a_clinic("elsewhere")).by)
    assert post(client, made).status_code == 404
    assert Document.objects.count() == 0


def test_with_altered_rules_the_page_says_so(client, monkeypatch):
    one = Consultation()
    made = one.decide()
    client.force_login(one.by)
    monkeypatch.setattr("clinic.consultations.deciding_case.set_of", lambda _: None)
    assert "The rules are not as they were published" in post(client, made).content.decode()
    assert Document.objects.count() == 0
