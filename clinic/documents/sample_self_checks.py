"""Self-checks of invented people for the samples, without a database: as the result page has them."""

from base64 import b64decode
from dataclasses import replace
from datetime import date

from clinic.consultations.deciding_case import Screened
from clinic.documents.paper import Letterhead
from clinic.documents.sample_cases import a_case, rules, the_worst_case
from clinic.documents.samples import HOSTILE, LETTERHEAD, LONG_LETTERHEAD, LONG_NAME
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.self_check.journey import Journey
from clinic.self_check.state import SelfCheck
from screening.engine.witness import AT
from screening.engine.written import written_answer

TREATMENTS = ["body-myostimulation", "facial-ems", "ems-training"]
NORA = Patient(name="Nora Novak", born=date(1980, 3, 7))
SOMEBODY = Patient(name=LONG_NAME, born=date(1951, 2, 28))


def usual_check() -> Journey:
    """Return the self-check of somebody with one thing to ask a doctor about."""
    return _journey(LETTERHEAD, a_case("body-myostimulation", ("abdomen", "forearm-left"), heart_disease="yes"))


def worst_check() -> Journey:
    """Return the self-check of somebody with everything, who says too much, for a clinic with a long name."""
    case = the_worst_case("body-myostimulation")
    texts = {code: HOSTILE for code in case.answers if rules().questions[code].kind == "text"}
    return _journey(LONG_LETTERHEAD, replace(case, answers={**case.answers, **texts}))


def _journey(letterhead: Letterhead, case: Screened) -> Journey:
    clinic = Clinic(
        name=letterhead.name,
        street=letterhead.street,
        phone=letterhead.phone,
        email=letterhead.email,
        logo=b64decode(letterhead.logo.partition(",")[2]),
        logo_type="image/png",
        treatments=TREATMENTS,
    )
    check = SelfCheck(
        treatment=case.plan.treatment,
        sites=case.plan.sites,
        goals=case.plan.goals,
        answers={code: written_answer(answer) for code, answer in case.answers.items()},
        goals_put=True,
        looked_over=True,
    )
    return Journey(clinic, rules(), check, AT)
