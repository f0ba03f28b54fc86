"""The patient's copy: the same facts as the page, everything that was said, and what was decided, in plain words."""

from dataclasses import asdict
from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from clinic.consultations.countersigning import countersign
from clinic.consultations.deciding_proposal import Entry
from clinic.consultations.models import Statement, VoidedDecision
from clinic.consultations.voiding import void
from clinic.documents.copy_stored import CopyRefused, copy_of_screening
from clinic.documents.models import Document
from clinic.documents.rendering import render
from clinic.documents.samples import copy as samples
from clinic.events import Event
from clinic.screenings.models import Screening
from screening.presentation import for_patient
from tests.clinic.consultations.decided import Consultation
from tests.clinic.consultations.rows import a_decision, a_stop, whose
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_link, a_sending
from tests.support.pdf import Pdf


@pytest.fixture(scope="module")
def worst():
    return samples.worst(), Pdf(render(samples.worst()))


@pytest.fixture
def case(db):
    return Consultation()


def the_copy(case, screening=None):
    return copy_of_screening(screening or case.screening, case.clinic, case.clinic.now())


@pytest.mark.one_database
def test_the_copy_of_a_self_check_keeps_the_standard():
    pdf = Pdf(render(samples.unstored()))
    assert (pdf.faults, pdf.cells_without_header, pdf.title) == ([], [], "Your self-check")
    assert steps_of(pdf) == 1


@pytest.mark.sweep
@pytest.mark.one_database
def test_the_worst_copy_says_everything_in_words_that_are_read_out(worst):
    paper, pdf = worst
    told = paper.page.told
    said = [told.headline, *(finding.title for finding in told.findings), *told.unsure]
    said += [group.heading for group in told.groups]
    said += [row.wording for part in paper.page.parts for row in part.rows]
    said += [paper.page.decision.headline, *(words for _, words in paper.page.decision.facts)]
    assert len(told.findings) >= 30
    assert [words for words in said if " ".join(words.split()) not in pdf.reading] == []


@pytest.mark.sweep
@pytest.mark.one_database
def test_the_worst_copy_keeps_the_standard_and_each_finding_with_its_title(worst):
    paper, pdf = worst
    assert (pdf.faults, pdf.cells_without_header, steps_of(pdf)) == ([], [], 1)
    for finding in paper.page.told.groups[0].findings:
        assert " ".join(finding.message.split()) in pdf.pages[pdf.heading_pages[finding.title] - 1], finding.title


@pytest.mark.sweep
@pytest.mark.one_database
def test_what_was_written_is_printed_as_it_was_written(worst):
    _, pdf = worst
    assert "<script>alert(1)</script>" in pdf.text
    assert "[U+1F600]" in pdf.text
    assert pdf.links == []


def steps_of(pdf):
    """By how many levels headings go down at most; the first, and only the first, is of the first level."""
    levels = [level for level, _ in pdf.headings]
    assert (levels[0], levels.count(1)) == (1, 1)
    return max(after - before for before, after in pairwise(levels))


def test_what_staff_hand_over_is_the_stored_outcome_with_every_answer(case):
    case.screening = case.screen(heart_disease="yes")
    paper = the_copy(case)
    assert paper.page.told == for_patient(case.case.rule_set, case.case.outcome, case.case.plan)
    assert paper.page.decision is None
    said = {row.wording: row.lines for part in paper.page.parts for row in part.rows}
    question = case.case.rule_set.questions["heart-disease"]
    assert said[question.wording] == ("Yes",)
    assert (paper.about, paper.title) == ({"screening": case.screening}, "Your consultation")
    assert paper.rule_set == tuple(case.screening.outcome["rule_set"].values())


def test_a_question_without_an_answer_is_said_to_have_none(case):
    case.screening = case.screen(without=("fever",))
    rows = {row.wording: row for part in the_copy(case).page.parts for row in part.rows}
    question = case.case.rule_set.questions["fever"]
    assert (rows[question.wording].lines, rows[question.wording].gap) == ((), "Not answered")


def test_a_yes_is_told_with_its_places_and_course_and_without_the_practitioners_own_words(case):
    case.decide()
    paper = the_copy(case)
    decision = paper.page.decision
    facts = dict(decision.facts)
    assert (decision.tone, decision.headline) == ("clear", "Yes to the treatment, as planned")
    assert (facts["Where"], facts["How often"]) == ("tummy, left forearm", "8 sessions, at least 4 days apart")
    assert "As talked through." not in str(asdict(paper.page))
    assert paper.about == {"screening": case.screening, "decision": case.screening.decisions.get()}


def test_place_that_the_decision_leaves_out_is_not_shown_as_possible(case):
    case.decide("proceed-sites", sites=("abdomen",))
    page = the_copy(case).page
    assert dict(page.decision.facts)["Left out"] == "left forearm"
    assert {place.code: place.state for place in page.map.places} == {"abdomen": "allowed", "forearm-left": "barred"}


@pytest.mark.hazard("H-29")
@pytest.mark.parametrize(
    ("kind", "headline"),
    [("defer", "Not now"), ("refer", "A doctor is asked first"), ("decline", "No to this treatment")],
)
def test_a_no_is_never_told_as_a_yes(case, kind, headline):
    a_decision(case.screening, by=case.by, kind=kind, sites=[], until=case.tomorrow() if kind == "defer" else None)
    decision = the_copy(case).page.decision
    assert (decision.headline, decision.tone == "clear") == (headline, False)


def test_a_decision_that_waits_for_a_countersign_is_told_as_not_decided(case):
    case.screening = case.screen(heart_disease="yes")
    entry = Entry("agreement", statement=case.says("heart-disease"), ends_on=case.today)
    case.decide(entries={case.position("heart-disease"): entry})
    assert the_copy(case).page.decision.headline == "Not decided yet"
    countersign(case.screening.decisions.get(), "Agreed.", membership=case.supervisor())
    signed, day = the_copy(case).page.decision, date_format(case.today, "j F Y")
    agreed = f"A doctor has agreed in writing. The letter is in your records. This counts until {day}."
    assert (signed.headline, dict(signed.settled)) == (
        "Yes to the treatment, as planned",
        {"Heart disease, now or before": agreed},
    )


def said_on_a_struck_out_screening(case):
    another = case.screen()
    said = Statement(
        **whose(case.patient, case.by), screening=another, kind="clearance", rule="hernia", answers={},
        said_by="Dr Example", said_on=case.today,
    )  # fmt: skip
    said.save()
    void(another, "Another person.", case.by)
    return said


@pytest.mark.hazard("H-19")
@pytest.mark.parametrize(
    "end",
    [
        "a session was stopped",
        "its last day",
        "it was decided again",
        "health changed elsewhere",
        "what settled a finding ended",
        "what settled a finding was struck out",
    ],
)
def test_a_yes_that_does_not_count_any_more_is_not_told_as_one(case, end):
    ends_on = case.today - timedelta(days=1) if end == "its last day" else None
    settles = [{"reason": "other"}]
    if end == "what settled a finding ended":
        settles[0]["ends_on"] = case.today - timedelta(days=1)
    elif end == "what settled a finding was struck out":
        settles = [{"reason": "clearance", "statement": said_on_a_struck_out_screening(case)}]
    made = a_decision(case.screening, by=case.by, ends_on=ends_on, settles=settles)
    if end == "a session was stopped":
        a_stop(case.patient, by=case.by, reopens=True, decision=made)
    elif end == "health changed elsewhere":
        a_stop(case.patient, by=case.by, reopens=True, needs_screening=True, treatment="facial-ems")
    elif end == "it was decided again":
        a_decision(case.screen(), by=case.by, kind="decline", sites=[])
    decision = the_copy(case, made.screening).page.decision
    assert (decision.headline, decision.tone) == ("It has to be decided again", "undetermined")


def test_a_decision_that_was_struck_out_is_not_told_and_said_to_be_gone(case):
    row = case.decide()
    VoidedDecision.objects.create(decision=row, why="Wrong person", by=case.by)
    page = the_copy(case).page
    assert page.decision is None
    assert page.notices == ("What was decided on it was taken back. There is no treatment before a new decision.",)


def test_of_an_older_screening_the_copy_says_that_it_starts_nothing_today(case):
    older = case.screening
    case.screen()
    assert the_copy(case, older).page.notices == (
        "No treatment starts on this today: it has ended, or something newer came in. Ask the clinic.",
    )


@pytest.mark.hazard("H-29")
def test_a_self_check_is_told_as_not_looked_at_by_anybody(case):
    invitation, _ = a_link(case.clinic, patient=case.patient)
    sending = a_sending(clinic=case.clinic, invitation=invitation)
    paper = the_copy(case, sending.screening)
    assert (paper.title, paper.patient) == ("Your self-check", case.patient)
    assert "A professional checks them before any treatment." in paper.page.notices[0]


def test_no_copy_is_made_of_what_does_not_count(case):
    corrected = case.screening
    a_screening(case.patient, by=case.by, corrects=corrected, why="Mistyped")
    stranger = a_sending(clinic=case.clinic).screening
    struck_out = case.screen()
    void(struck_out, "Wrong person", case.by, None)
    struck_out = Screening.objects.select_related("voided").get(pk=struck_out.pk)
    unreadable = case.screen()
    unreadable.outcome = {**unreadable.outcome, "rule_set": {**unreadable.outcome["rule_set"], "digest": "0" * 64}}
    for screening in (corrected, stranger, struck_out, unreadable):
        with pytest.raises(CopyRefused):
            the_copy(case, screening)


@pytest.mark.usefixtures("small")
def test_staff_issue_the_copy_once_and_again_when_something_was_decided(case, client):
    client.force_login(case.by)
    address = reverse("staff-copy", args=[case.screening.pk])
    first = client.post(address)
    client.post(address)
    assert first["Location"] == reverse("staff-papers", args=[case.patient.pk])
    assert Document.objects.filter(kind="copy").count() == 1
    assert Event.objects.filter(action="document issued").count() == 1
    case.decide()
    client.post(address)
    without, with_it = Document.objects.filter(kind="copy").order_by("number")
    assert (without.decision, with_it.decision, with_it.replaces) == (None, case.screening.decisions.get(), without)
