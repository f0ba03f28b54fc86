import pytest
from django.test import Client

from clinic.consultations import intake_views
from clinic.consultations.intake import save_answers
from clinic.consultations.models import Intake
from clinic.models import Event
from clinic.screenings.models import Door, Screening
from screening.rulesets import published
from tests.clinic.consultations.intakes import SITES, TREATMENT, Typing, all_no, an_intake, kept
from tests.clinic.consultations.stored import a_screening, an_invited_sending
from tests.clinic.screenings.invented import a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db
OPEN = "/staff/intake/open/"


@pytest.fixture
def perry(sign_in):
    return sign_in("practitioner")


@pytest.fixture
def intake(clinic, perry):
    return an_intake(clinic, perry, sites=SITES)


def pages(intake):
    address = f"/staff/intake/{intake.pk}/"
    return [("get", address), *[("post", f"{address}{do}/") for do in ("save", "store", "drop")]]


def test_a_patient_and_a_treatment_open_an_intake(client, clinic, perry):
    patient = a_patient(clinic)
    response = client.post(OPEN, {"patient": patient.pk, "treatment": TREATMENT})
    intake = Intake.objects.get()
    assert response.url == f"/staff/intake/{intake.pk}/"
    assert (intake.patient, intake.treatment, intake.door, intake.opened_by) == (patient, TREATMENT, Door.INTAKE, perry)
    assert client.post(OPEN, {"patient": patient.pk, "treatment": TREATMENT}).url == response.url


@pytest.mark.parametrize("treatment", ["facial-ems", "iontophoresis", "magic", ""])
def test_a_treatment_that_the_clinic_does_not_offer_opens_nothing(client, clinic, perry, treatment):
    patient = a_patient(clinic)
    response = client.post(OPEN, {"patient": patient.pk, "treatment": treatment})
    assert (response.url, Intake.objects.count()) == (f"/staff/patients/{patient.pk}/", 0)


@pytest.mark.parametrize("patient", ["0", "x", ""])
def test_without_a_patient_nothing_is_there_to_open(client, perry, patient):
    assert client.post(OPEN, {"patient": patient, "treatment": TREATMENT}).status_code == 404


def test_another_clinics_patient_is_not_there(client, elsewhere, perry):
    patient = a_patient(elsewhere)
    assert client.post(OPEN, {"patient": patient.pk, "treatment": TREATMENT}).status_code == 404
    assert Intake.objects.count() == 0


def test_a_review_begins_with_the_patients_own_answers_but_for_what_needs_a_word(client, clinic, perry):
    sending = an_invited_sending(clinic, gallstones="unsure")
    response = client.post(OPEN, {"patient": sending.screening.patient_id, "sending": sending.pk})
    intake = Intake.objects.get()
    assert response.url == f"/staff/intake/{intake.pk}/"
    assert (intake.sending, intake.door, intake.treatment) == (sending, Door.REVIEW, TREATMENT)
    assert (intake.sites, "gallstones" in intake.answers) == (SITES, False)
    page = client.get(response.url).content.decode()
    assert "Needs a word with the patient" in page
    assert "The patient said" in page


@pytest.mark.hazard("H-08")
def test_a_self_check_of_somebody_else_is_not_reviewed_for_this_patient(client, clinic, elsewhere, perry):
    patient = a_patient(clinic, name="Bo Sample")
    strangers = a_sending(clinic=clinic)
    theirs = a_sending(clinic=elsewhere)
    own = an_invited_sending(clinic)
    for sending in (strangers, theirs, own):
        assert client.post(OPEN, {"patient": patient.pk, "sending": sending.pk}).status_code == 404
    assert Intake.objects.count() == 0


def test_the_page_asks_every_question_of_the_treatment_and_measures(client, intake):
    page = Typing(client, intake)
    rule_set = published()
    shown = {name.removeprefix("was.") for name in page.data if name.startswith("was.") and "note." not in name}
    expected = {
        code
        for code, question in rule_set.questions.items()
        if not question.when and question.stage != "session" and question.treatments in ((), (TREATMENT,))
    }
    assert expected <= shown
    assert {"blood-pressure", "temperature"} <= shown


def test_the_page_has_no_answer_for_all_the_rest(client, intake):
    page = Typing(client, intake)
    assert not [name for name, value in page.data.items() if name in published().questions and value != [""]]


@pytest.mark.hazard("H-36")
def test_the_page_names_nobody_in_title_and_address(client, intake):
    page = Typing(client, intake)
    assert "<title>Intake · Forethought</title>" in page.html


@pytest.mark.hazard("H-14")
def test_alerts_stand_above_the_questions(client, clinic, perry):
    patient = a_patient(clinic, alerts="Faints at needles", goes_by="Nony")
    page = Typing(client, an_intake(clinic, perry, patient=patient))
    assert "Faints at needles" in page.text
    assert "goes by Nony" in page.text


def test_old_answers_are_shown_and_never_copied(client, clinic, perry):
    patient = a_patient(clinic)
    a_screening(patient, by=perry, gallstones="yes")
    page = Typing(client, an_intake(clinic, perry, patient=patient, sites=SITES))
    assert "Last time," in page.text
    assert "gallstones" not in page.data
    page.say(gallstones="no").save()
    page.draw()
    assert "Different from last time" in page.text


def test_a_page_without_places_has_no_outcome(client, clinic, perry):
    page = Typing(client, an_intake(clinic, perry, answers=all_no()))
    assert "Choose the places first." in page.text
    assert "told-clear" not in page.html


def test_the_outcome_stands_beside_the_questions_after_each_save(client, intake):
    page = Typing(client, intake)
    answer = page.say(pregnant="yes").autosave()
    assert "told-contraindicated" in answer
    assert "Outcome so far: Contraindicated." in " ".join(answer.split())


def test_a_whole_intake_is_stored_and_gone(client, intake, perry):
    page = Typing(client, intake)
    page.all_no().save()
    page.draw()
    response = page.all_no().store()
    screening = Screening.objects.get()
    assert response.url == f"/staff/screenings/{screening.pk}/"
    assert (screening.answers, screening.by, screening.outcome["outcome"]) == (all_no(), perry, "clear")
    assert not Intake.objects.exists()


@pytest.mark.one_database
def test_what_another_press_stored_meanwhile_is_not_stored_again_and_answers_as_what_is_gone(
    client, intake, monkeypatch
):
    save_page = intake_views.save_page

    def stored_by_another(*given, **options):
        saved = save_page(*given, **options)
        Intake.objects.filter(pk=saved.intake.pk).delete()
        return saved

    typing = Typing(client, intake)
    typing.all_no().save()
    typing.draw()
    monkeypatch.setattr("clinic.consultations.intake_views.save_page", stored_by_another)
    typing.all_no().store()
    assert (typing.response.status_code, Screening.objects.count()) == (404, 0)


def test_open_questions_are_asked_about_once_before_storing(client, intake):
    page = Typing(client, intake)
    page.take(page.say(pregnant="no").store())
    assert Screening.objects.count() == 0
    assert "questions not answered" in page.text
    page.store(intake__open="yes")
    assert Screening.objects.get().outcome["outcome"] == "undetermined"


def test_nothing_is_stored_without_places_and_what_was_typed_is_kept(client, clinic, perry):
    intake = an_intake(clinic, perry)
    page = Typing(client, intake)
    page.take(page.all_no(plan__sites=[]).store(intake__open="yes"))
    assert page.response.status_code == 200
    assert "Choose at least one place first." in page.text
    assert (Screening.objects.count(), len(kept(intake).answers)) == (0, len(all_no()) - 1)


def test_a_page_with_a_fault_is_not_stored(client, intake):
    page = Typing(client, intake)
    page.take(page.all_no(temperature="forty").store(intake__open="yes"))
    assert (Screening.objects.count(), page.data["temperature"]) == (0, ["forty"])


@pytest.mark.hazard("H-24")
def test_what_another_changed_meanwhile_is_shown_before_anything_is_stored(client, intake, clinic):
    page = Typing(client, intake)
    sol = a_member(clinic, "supervisor", "sol")
    save_answers(kept(intake), {"gallstones": "yes"}, by=sol, now=clinic.now())
    page.take(page.say(pregnant="no").store(intake__open="yes"))
    assert Screening.objects.count() == 0
    assert "Changed by somebody else meanwhile" in page.text


def test_a_drop_is_confirmed_first(client, intake):
    assert client.post(f"/staff/intake/{intake.pk}/drop/").status_code == 200
    assert Intake.objects.count() == 1
    response = client.post(f"/staff/intake/{intake.pk}/drop/", {"sure": "yes"})
    assert (response.url, Intake.objects.count()) == (f"/staff/patients/{intake.patient_id}/", 0)


def test_reception_opens_no_intake(client, clinic, sign_in):
    intake = an_intake(clinic, a_member(clinic), sites=SITES)
    sign_in("reception")
    answers = [getattr(client, method)(address).status_code for method, address in pages(intake)]
    opened = client.post(OPEN, {"patient": intake.patient_id, "treatment": TREATMENT}).status_code
    assert [*answers, opened] == [403] * 5


@pytest.mark.parametrize("role", ["owner", "supervisor", "practitioner"])
def test_who_sees_answers_about_health_opens_one(client, clinic, sign_in, role):
    intake = an_intake(clinic, sign_in(role), sites=SITES)
    assert client.get(f"/staff/intake/{intake.pk}/").status_code == 200


def test_another_clinics_intake_answers_as_one_that_does_not_exist(client, elsewhere, perry):
    theirs = an_intake(elsewhere, a_member(elsewhere), sites=SITES)
    for method, address in pages(theirs):
        response = getattr(client, method)(address, {"sure": "yes"})
        missing = getattr(client, method)(address.replace(f"/{theirs.pk}/", "/999999/"), {"sure": "yes"})
        assert (response.status_code, response.content) == (404, missing.content), address
    assert Intake.objects.count() == 1


def test_a_stranger_is_led_to_the_sign_in(client, clinic):
    intake = an_intake(clinic, a_member(clinic), sites=SITES)
    for method, address in pages(intake):
        response = getattr(client, method)(address)
        assert (response.status_code, response.url) == (302, f"/sign-in/?next={address}")


@pytest.mark.parametrize("do", ["save", "store"])
def test_an_ended_sign_in_keeps_what_was_typed(client, intake, do):
    page = Typing(client, intake).say(note__pregnant="Says <no>.", pregnant="no")
    client.logout()
    response = client.post(f"{page.address}{do}/", page.data)
    html = response.content.decode()
    assert response.status_code == 401
    assert '<input type="hidden" name="note.pregnant" value="Says &lt;no&gt;.">' in html
    assert f'action="{page.address}{do}/"' in html
    assert kept(intake).answers == {}


def test_an_ended_sign_in_asks_beside_the_page_and_the_page_goes_on(client, intake, perry):
    page = Typing(client, intake).say(pregnant="no")
    client.logout()
    response = page.save(**{"HX-Request": "true"})
    assert response.status_code == 401
    assert "Nothing you typed is lost" in response.content.decode()
    assert "<html" not in response.content.decode()
    client.force_login(perry)
    page.autosave()
    assert kept(intake).answers == {"pregnant": "no"}


def test_after_a_new_sign_in_the_old_page_is_held_and_a_second_press_saves_it(intake, perry):
    client = Client(enforce_csrf_checks=True)
    client.force_login(perry)
    page = Typing(client, intake).say(pregnant="no")
    client.logout()
    client.force_login(perry)
    client.cookies["csrftoken"] = "a" * 32
    page.save()
    assert (page.response.status_code, kept(intake).answers) == (403, {})
    page.take(page.response)
    page.save()
    assert (page.response.status_code, kept(intake).answers) == (302, {"pregnant": "no"})


def test_a_page_from_elsewhere_is_not_held(intake, perry):
    client = Client(enforce_csrf_checks=True)
    client.force_login(perry)
    page = Typing(client, intake).say(pregnant="no")
    response = page.save(Origin="https://elsewhere.example")
    assert (response.status_code, b'name="pregnant"' in response.content) == (403, False)
    assert kept(intake).answers == {}


def test_no_page_is_saved_without_its_token(intake, perry):
    client = Client(enforce_csrf_checks=True)
    client.force_login(perry)
    page = Typing(client, intake).say(pregnant="no")
    del page.data["csrfmiddlewaretoken"]
    assert page.save().status_code == 403
    assert kept(intake).answers == {}


@pytest.mark.hazard("H-36")
def test_the_trail_says_that_an_intake_was_opened_and_stored_and_no_more(client, clinic, perry):
    patient = a_patient(clinic)
    client.post(OPEN, {"patient": patient.pk, "treatment": TREATMENT})
    page = Typing(client, Intake.objects.get())
    page.all_no().save()
    page.draw()
    page.all_no(note__pregnant="Private words").store()
    trail = Event.objects.filter(patient=patient).order_by("id").values_list("action", "about", "actor__name")
    screening = Screening.objects.get()
    assert list(trail) == [
        ("intake opened", f"intake {page.address.split('/')[-2]}", "Practitioner"),
        ("intake read", f"intake {page.address.split('/')[-2]}", "Practitioner"),
        ("screening stored", f"screening {screening.pk}", "Practitioner"),
    ]
    assert screening.notes == {"pregnant": "Private words"}


def test_the_page_asks_the_database_the_same_however_much_is_answered(client, clinic, perry, django_assert_num_queries):
    empty = an_intake(clinic, perry, sites=SITES)
    full = an_intake(clinic, perry, patient=a_patient(clinic), sites=SITES, answers=all_no(gallstones="yes"))
    for intake in (empty, full):
        client.get(f"/staff/intake/{intake.pk}/")
        with django_assert_num_queries(8):
            client.get(f"/staff/intake/{intake.pk}/")


def test_a_live_update_asks_the_database_a_fixed_number_of_times(client, intake, django_assert_num_queries):
    page = Typing(client, intake)
    page.say(pregnant="no").autosave()
    page.draw()
    with django_assert_num_queries(10):
        page.say(gallstones="yes").autosave()


def test_a_review_that_changes_an_answer_shows_both(client, clinic, perry):
    sending = an_invited_sending(clinic)
    client.post(OPEN, {"patient": sending.screening.patient_id, "sending": sending.pk})
    page = Typing(client, Intake.objects.get())
    answer = page.say(gallstones="yes").autosave()
    assert 'id="beside-gallstones" hx-swap-oob="true"' in answer
    assert "Changed by Practitioner" in answer
    page.draw()
    assert "The patient said No" in page.text


def test_questions_that_newer_rules_ask_again_are_named(client, clinic, perry):
    intake = an_intake(clinic, perry, sites=SITES, answers=all_no())
    Intake.objects.update(rule_set=["ems", "0", "not-the-digest"])
    page = Typing(client, intake)
    assert "The rules have changed since this intake was begun." in page.text
    # Looking changed nothing: the first save does, and says no second time what its page said already.
    assert (kept(intake).answers, kept(intake).rule_set) == (all_no(), ["ems", "0", "not-the-digest"])
    page.say(gallstones="no").save()
    assert page.response.status_code == 302
    assert (kept(intake).answers, kept(intake).revision) == ({"gallstones": "no"}, 3)
    assert kept(intake).rule_set == [published().code, published().version, published().digest]
