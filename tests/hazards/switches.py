"""For each of the worst hazards: a switch that takes its control away in the product, and a test that then fails."""

from dataclasses import dataclass
from importlib import import_module

GATE = (
    "tests/clinic/consultations/test_gate.py::"
    "test_gate_says_what_the_case_expects_and_opens_only_where_that_is_nothing[{}]"
)
SCREENED = "tests/screening/test_cases.py::test_case_comes_out_as_the_catalogue_says[{}]"


@dataclass(frozen=True)
class Switch:
    """`test`: its node id; `off`: takes a monkeypatch and removes the control."""

    test: str
    off: object


def instead(module, name, make):
    """Return a switch that puts `make(what is there now)` in its place."""

    def off(monkeypatch):
        place = import_module(module)
        *path, last = name.split(".")
        for part in path:
            place = getattr(place, part)
        monkeypatch.setattr(place, last, make(getattr(place, last)))

    return off


def without(module, name, code):
    """Return a switch that leaves out of a function's answer what has this code."""
    return instead(module, name, lambda now: lambda *given: [one for one in now(*given) if one.code != code])


def always(answer):
    return lambda _: lambda *_, **__: answer


SWITCHES = {
    # No finding of the worst grade is made.
    "H-01": Switch(
        SCREENED.format("heart-device-yes"),
        instead(
            "screening.engine.evaluate",
            "find",
            lambda now: lambda *given: tuple(one for one in now(*given) if one.grade != "contraindicated"),
        ),
    ),
    # What the person answered alone counts like what staff went through with them.
    "H-02": Switch(
        "tests/clinic/consultations/test_deciding.py::test_a_self_check_is_not_decided_on_before_staff_stand_behind_it",
        instead("clinic.screenings.standing_screening", "_Row.is_by_staff", lambda _: property(lambda _: True)),
    ),
    # A question without an answer is not missed.
    "H-03": Switch(
        SCREENED.format("epilepsy-unanswered"),
        instead("screening.engine.evaluate", "ask", lambda now: lambda *given: now(*given)._replace(missing=())),
    ),
    # What is open reads as if it were not there.
    "H-04": Switch(
        SCREENED.format("epilepsy-unsure"),
        instead("screening.engine.evaluate", "_LEFT_OPEN", lambda now: dict.fromkeys(now, "clear")),
    ),
    "H-05": Switch(GATE.format("expired"), without("clinic.screenings.standing_screening", "_own_faults", "expired")),
    "H-06": Switch(
        GATE.format("other-treatment-differs"),
        instead("clinic.screenings.standing_screening", "_says_otherwise", always(answer=False)),
    ),
    # What was struck out counts on.
    "H-07": Switch(
        GATE.format("voided-screening"), without("clinic.screenings.standing_screening", "_own_faults", "voided")
    ),
    # Once it was put to somebody, a self-check stays theirs.
    "H-08": Switch(
        "tests/clinic/screenings/test_unmatching.py::"
        "test_it_leaves_the_wrong_record_with_its_reason_and_holds_the_right_one_once_matched_anew",
        instead("clinic.screenings.unmatching", "wait_for_review", always(None)),
    ),
    "H-09": Switch(
        "tests/clinic/people/test_patient_views.py::test_who_may_be_the_same_is_shown_before_a_second_record_is_made",
        instead("clinic.people.patient_forms", "PatientForm.duplicates", always([])),
    ),
    "H-10": Switch(GATE.format("sites-more"), without("clinic.consultations.gate", "_of_request", "sites")),
    # Rules in other words ask nothing again.
    "H-11": Switch(
        "tests/clinic/consultations/test_hunt_rules_moved.py::test_yes_to_other_words_is_not_what_was_settled_then",
        instead("screening.engine.moving", "_is_same", always(answer=True)),
    ),
    "H-12": Switch(
        "tests/screening/test_rulesets.py::test_content_that_does_not_match_its_digest_is_named",
        instead("screening.rulesets", "alterations", always([])),
    ),
    # Whatever somebody records settles whatever was found.
    "H-13": Switch(
        GATE.format("contraindicated-cannot-be-settled"),
        instead("clinic.consultations.gate_findings", "is_settled", always(answer=True)),
    ),
    # What cannot wait stands last.
    "H-14": Switch(
        "tests/screening/test_presentation.py::test_what_cannot_wait_is_on_top_worst_first",
        instead("screening.presentation.telling", "_calm_last", lambda now: lambda told: -now(told)),
    ),
    "H-16": Switch(
        GATE.format("lasting-with-other-answers"),
        instead("clinic.consultations.settling", "says_the_same", always(answer=True)),
    ),
    # A letter leaves out what has no answer.
    "H-17": Switch(
        "tests/clinic/documents/test_letter.py::test_a_letter_names_what_its_finding_waits_for_as_a_gap",
        instead("clinic.documents.letter", "answer_in_words", lambda _: lambda lines, **_: "; ".join(lines)),
    ),
    "H-18": Switch(
        "tests/clinic/documents/test_hunt_papers_say_the_same.py::test_papers_say_what_was_stored",
        instead("clinic.documents.findings", "said_of", always(())),
    ),
    "H-19": Switch(
        "tests/clinic/documents/test_verify.py::"
        "test_what_was_withdrawn_or_rests_on_what_was_struck_out_is_withdrawn[its screening]",
        instead("clinic.documents.verifying", "ENDED_BY", lambda _: ("withdrawn",)),
    ),
    "H-20": Switch(
        GATE.format("consent-withdrawn"), instead("clinic.consultations.consents", "consent_end", always(None))
    ),
    # A form from paper counts as of now.
    "H-22": Switch(
        "tests/clinic/consultations/test_intake.py::test_a_paper_form_was_answered_when_it_was_filled_in",
        instead("clinic.consultations.intake", "case_of", lambda now: lambda intake, at: _as_of_now(now, intake, at)),
    ),
    # Whoever comes last is right.
    "H-24": Switch(
        "tests/clinic/consultations/test_hunt_posts.py::test_old_page_does_not_bring_an_answer_back_over_a_newer_doubt",
        instead("clinic.consultations.intake_saving", "_Merge._is_moved", always(answer=False)),
    ),
    # A tablet opens to whoever holds it.
    "H-25": Switch(
        "tests/clinic/documents/test_signing.py::test_stranger_and_another_tablet_see_nothing",
        instead("clinic.self_check.ways", "unseal", always({"confirmed": True})),
    ),
    # Words that were changed, such as by a translation, ask nothing again.
    "H-26": Switch(
        "tests/screening/engine/test_moving.py::test_question_that_reads_another_way_is_asked_again",
        instead("screening.engine.moving", "_SEEN", lambda _: ()),
    ),
    "H-27": Switch(
        "tests/clinic/consultations/test_comparing.py::"
        "test_a_lasting_illness_that_is_denied_now_starts_empty_and_what_changes_by_itself_does_not",
        instead("clinic.screenings.needs_word", "_is_taken_back", always(answer=False)),
    ),
    "H-30": Switch(
        GATE.format("decision-ended"), without("clinic.consultations.gate_reasons", "_of_decision", "decision-ended")
    ),
    # A photograph keeps what the telephone wrote into it.
    "H-36": Switch(
        "tests/clinic/documents/test_pictures.py::"
        "test_nothing_but_dots_is_left_of_what_a_phone_writes_into_a_photograph",
        instead("clinic.documents.pictures", "_drawn_again", lambda _: lambda picture: picture.fp.getvalue()),
    ),
    "H-38": Switch(
        GATE.format("harmed"),
        instead("clinic.consultations.gate_facts", "HARMFUL", lambda _: ()),
    ),
}


def _as_of_now(case_of, intake, at):
    """Return what an intake comes to as if its form had been filled in now."""
    filled_in, intake.answered_at = intake.answered_at, None
    case = case_of(intake, at)
    intake.answered_at = filled_in
    return case
