"""A page that comes in late: what is merged, what is shown of both, and that nothing is lost."""

import json
from datetime import datetime, timedelta

import pytest

from clinic.consultations.intake import save_answers
from clinic.consultations.intake_saving import digest
from tests.clinic.consultations.intakes import SITES, Typing, all_no, an_intake, kept, named
from tests.clinic.screenings.invented import a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def perry(sign_in):
    return sign_in("practitioner")


@pytest.fixture
def sol(clinic):
    return a_member(clinic, "supervisor", "sol")


@pytest.fixture
def intake(clinic, perry):
    return an_intake(clinic, perry, sites=SITES)


@pytest.fixture
def page(client, intake):
    return Typing(client, intake)


def changed_by(person, clinic, intake, **changed):
    """Somebody else saves, while a page lies open."""
    save_answers(kept(intake), {named(name): value for name, value in changed.items()}, by=person, now=clinic.now())


def test_a_page_saves_what_was_typed_and_nothing_else(page, intake):
    page.say(pregnant="no", note__gallstones="Had them out in 2019.").save()
    found = kept(intake)
    assert page.response.status_code == 302
    assert (found.answers, found.notes) == ({"pregnant": "no"}, {"gallstones": "Had them out in 2019."})
    assert set(found.marks) == {"pregnant", "note.gallstones"}
    assert (found.sites, found.revision) == (SITES, 2)


def test_a_page_on_which_nothing_was_typed_changes_nothing(page, intake):
    page.save()
    assert (kept(intake).revision, kept(intake).marks) == (1, {})


def test_the_same_page_sent_twice_is_one_change(page, intake):
    page.say(pregnant="no")
    page.autosave()
    again = page.autosave()
    assert (kept(intake).revision, kept(intake).answers) == (2, {"pregnant": "no"})
    assert "Changed by somebody else" not in again


def test_on_an_older_revision_what_others_answered_is_merged_and_told(page, intake, clinic, sol):
    changed_by(sol, clinic, intake, gallstones="yes")
    answer = page.say(pregnant="no").autosave()
    assert kept(intake).answers == {"gallstones": "yes", "pregnant": "no"}
    assert "Changed by somebody else meanwhile" in answer
    assert 'id="slot-gallstones" data-code="gallstones" hx-swap-oob="true"' in answer
    assert 'id="slot-pregnant"' not in answer


def test_the_same_reading_taken_on_another_day_is_a_new_one(client, intake, clinic, perry):
    reading, now = {"systolic": 120, "diastolic": 80}, clinic.now()
    save_answers(intake, {"blood-pressure": reading}, by=perry, now=now - timedelta(days=1))
    page = Typing(client, intake)
    assert page.data["blood-pressure-systolic"] == [""]
    page.say(blood_pressure_systolic="120", blood_pressure_diastolic="80").save()
    assert kept(intake).answers == {"blood-pressure": reading}
    assert datetime.fromisoformat(kept(intake).marks["blood-pressure"]["at"]) >= now


@pytest.mark.hazard("H-24")
def test_where_both_answered_theirs_stands_and_both_are_shown(page, intake, clinic, sol):
    changed_by(sol, clinic, intake, gallstones="yes")
    page.take(page.say(gallstones="no").save())
    assert page.response.status_code == 200
    assert kept(intake).answers == {"gallstones": "yes"}
    at = kept(intake).changed_at.astimezone(clinic.zone)
    assert f"Sol changed this at {at:%H:%M} to: Yes You had: No " in page.text
    assert page.data["gallstones"] == ["yes"]
    assert page.data["mine.gallstones"] == [json.dumps("no")]


def test_where_both_gave_the_same_answer_nothing_is_asked(page, intake, clinic, sol):
    changed_by(sol, clinic, intake, gallstones="no")
    assert page.say(gallstones="no").save().status_code == 302
    assert kept(intake).marks["gallstones"]["by"] == "Sol"


def test_ones_own_answer_is_taken_by_a_press(page, intake, clinic, sol):
    changed_by(sol, clinic, intake, gallstones="yes")
    page.take(page.say(gallstones="no").save())
    page.data["intake.use"] = ["gallstones"]
    assert page.save().status_code == 302
    assert (kept(intake).answers, kept(intake).marks["gallstones"]["by"]) == ({"gallstones": "no"}, "Practitioner")


def test_the_others_answer_is_kept_by_a_press(page, intake, clinic, sol):
    changed_by(sol, clinic, intake, gallstones="yes")
    page.take(page.say(gallstones="no").save())
    page.data["intake.keep"] = ["gallstones"]
    assert page.save().status_code == 302
    assert kept(intake).answers == {"gallstones": "yes"}


def test_ones_own_answer_stays_on_the_page_until_somebody_chose(page, intake, clinic, sol):
    changed_by(sol, clinic, intake, gallstones="yes")
    page.take(page.say(gallstones="no").save())
    page.take(page.say(pregnant="no").save())
    assert page.data["mine.gallstones"] == [json.dumps("no")]
    assert kept(intake).answers == {"gallstones": "yes", "pregnant": "no"}


@pytest.mark.parametrize("forged", ["{", '"perhaps"', "[[[", "null", "{}", "NaN", '["abdomen"]'])
def test_an_own_text_that_cannot_be_read_is_none(page, intake, forged):
    page.data |= {"mine.gallstones": [forged], "intake.use": ["gallstones"]}
    assert page.save().status_code == 302
    assert kept(intake).answers == {}


def test_a_conflict_about_places_shows_both_and_keeps_theirs(page, intake, clinic, sol):
    changed_by(sol, clinic, intake, plan__sites=["abdomen"])
    page.take(page.say(plan__sites=["chest", "abdomen"]).save())
    assert kept(intake).sites == ["abdomen"]
    assert "to: tummy You had: chest, tummy " in page.text
    page.data["intake.use"] = ["plan.sites"]
    page.save()
    assert kept(intake).sites == ["chest", "abdomen"]


def test_a_place_that_no_answer_opens_is_not_taken_by_a_press_either(page, intake, clinic, sol):
    page.data |= {"mine.plan.sites": [json.dumps(["groin"])], "intake.use": ["plan.sites"]}
    page.save()
    assert kept(intake).sites == SITES


def test_two_notes_on_one_question_are_both_shown(page, intake, clinic, sol):
    changed_by(sol, clinic, intake, note__pregnant="Test was negative.")
    page.take(page.say(note__pregnant="Says no.").save())
    assert kept(intake).notes == {"pregnant": "Test was negative."}
    assert "to: Test was negative. You had: Says no. " in page.text


@pytest.mark.hazard("H-24")
def test_emptying_what_another_changed_empties_nothing(page, intake, clinic, sol):
    changed_by(sol, clinic, intake, note__pregnant="First.")
    page.draw()
    changed_by(sol, clinic, intake, note__pregnant="Second.")
    answer = page.say(note__pregnant="").autosave()
    assert kept(intake).notes == {"pregnant": "Second."}
    assert "Changed by somebody else meanwhile" in answer


def test_a_question_that_the_page_did_not_show_is_not_changed(page, intake):
    del page.data["was.pregnant"]
    page.say(pregnant="no").save()
    assert kept(intake).answers == {}


@pytest.mark.parametrize("typed", ["perhaps", "yes,no", ""])
def test_an_answer_that_cannot_be_read_is_no_answer(page, intake, clinic, perry, typed):
    changed_by(perry, clinic, intake, pregnant="no")
    page.draw()
    page.say(pregnant=typed).save()
    assert kept(intake).answers == {}


def test_a_faulty_measurement_says_so_at_the_field_and_stays_typed(page, intake):
    page.say(temperature="forty").save()
    page.take(page.response)
    assert page.response.status_code == 200
    assert (page.data["temperature"], kept(intake).answers) == (["forty"], {})
    assert page.text.count("Write a number from 30.0 to 45.0.") == 2


def test_the_rest_of_a_page_with_a_fault_is_saved(page, intake):
    page.say(temperature="forty", pregnant="no").save()
    assert kept(intake).answers == {"pregnant": "no"}


def test_an_autosave_says_a_fault_at_the_field_and_takes_it_back(page, intake):
    first = page.say(temperature="forty").autosave()
    assert 'id="wrong-temperature" hx-swap-oob="true"' in first
    assert "Write a number from 30.0 to 45.0." in first
    page.data["intake.wrong"] = ["temperature"]
    second = page.say(temperature="36.8").autosave()
    assert 'id="wrong-temperature" hx-swap-oob="true"' in second
    assert "Write a number" not in second
    assert kept(intake).answers == {"temperature": 36.8}


def test_an_autosave_brings_the_follow_up_and_takes_it_away(page, intake):
    opened = page.say(hypertension="yes").autosave()
    assert 'id="slot-hypertension-controlled" data-code="hypertension-controlled" hx-swap-oob="true"' in opened
    page.draw()
    closed = page.say(hypertension="no").autosave()
    slot = closed.partition('id="slot-hypertension-controlled"')[2].partition("</div>")[0]
    assert "<fieldset" not in slot
    assert closed.count("hypertension-controlled") == 2


def test_an_autosave_draws_nothing_that_its_writer_may_be_typing_in(page):
    answer = page.say(pregnant="no").autosave()
    assert "<fieldset" not in answer
    assert 'id="was-pregnant" name="was.pregnant"' in answer
    assert 'id="was-gallstones"' not in answer


def test_operations_are_listed_once_however_often_the_page_is_sent(page, intake):
    page.say(recent_surgery="yes").save()
    page.draw()
    page.say(surgeries_year="2025").autosave()
    answer = page.response.content.decode()
    page.data |= {
        "surgeries-seen": [part(answer, "surgeries-seen")],
        "surgeries-entry": [part(answer, "surgeries-entry")],
    }
    page.say(surgeries_sites=["abdomen"]).autosave()
    assert kept(intake).answers["surgeries"] == [{"date": "2025", "sites": ["abdomen"]}]


def test_a_button_for_another_operation_opens_it(page, intake):
    page.say(recent_surgery="yes").save()
    page.draw()
    page.say(surgeries_year="2025", surgeries_sites=["abdomen"], surgeries_do="add").save()
    assert page.response.url == f"/staff/intake/{intake.pk}/?entry=1#slot-surgeries"
    page.take(page.client.get(page.response.url))
    assert page.data["surgeries-entry"] == ["new"]


def test_places_and_goals_that_are_not_in_the_list_are_refused_with_words(page, intake):
    page.say(plan__sites=["groin"], plan__goals=["flying"]).save()
    page.take(page.response)
    assert (kept(intake).sites, kept(intake).goals) == (SITES, [])
    assert "One of those places cannot be chosen here." in page.text
    assert "One of those goals is not in the list." in page.text


def test_a_note_that_is_too_long_is_refused_and_stays_typed(page, intake):
    page.say(note__pregnant="x" * 1001).save()
    page.take(page.response)
    assert kept(intake).notes == {}
    assert page.data["note.pregnant"] == ["x" * 1001]
    assert "Make the note shorter" in page.text


def test_a_note_with_line_ends_is_the_same_note_when_the_page_comes_again(page, intake):
    page.say(note__pregnant="One.\r\nTwo.").save()
    page.draw()
    page.say(note__pregnant="One.\r\nTwo.").save()
    assert (kept(intake).notes["pregnant"], kept(intake).revision) == ("One.\nTwo.", 2)


@pytest.mark.hazard("H-11")
def test_a_page_drawn_by_other_rules_saves_none_of_its_answers(page, intake):
    page.data["intake.rules"] = ["ems 0 another"]
    page.say(pregnant="no").save()
    assert kept(intake).answers == {}


@pytest.mark.parametrize(("one", "other"), [(None, []), (None, ""), ([], {})])
def test_nothing_held_has_one_mark(one, other):
    assert digest(one) == digest(other)


def test_all_answers_of_a_page_are_kept_at_once(page, intake):
    page.all_no().save()
    page.draw()
    page.all_no().save()
    assert kept(intake).answers == all_no()


def part(html, name):
    return html.partition(f'name="{name}" value="')[2].partition('"')[0]
