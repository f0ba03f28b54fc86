"""Random requests that can be screened, for hypothesis: every treatment, stage, place, goal and kind of answer.

Nearly everybody who answers at random is contraindicated. So a request starts with the answers of a person who
has nothing, and a few of them are changed, left out or added. The choices are left to a `Random` that hypothesis
seeds: drawn one by one they are too much alike to meet two operations and a meal in one request.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Any

from hypothesis import strategies as st

from screening.engine.flow import questions_asked
from screening.engine.request import Request, read_document
from screening.engine.rule_set import Question
from tests.screening.case_files import base_answers
from tests.screening.rule_set_one import rule_set

Draw = Callable[[st.SearchStrategy[Any]], Any]
CHANCES = st.randoms(use_true_random=True)
RULES = rule_set()
SCREENED = [code for code, treatment in RULES.treatments.items() if treatment.plan != "not-offered"]
# What is asked of everybody, and what staff may add: these open the other questions.
OPENING = [code for code, question in RULES.questions.items() if not question.when]


@st.composite
def requests(draw: Draw) -> dict[str, Any]:
    chance = draw(CHANCES)
    return (request_by if chance.random() < 0.7 else waiting_request_by)(chance)


@st.composite
def waiting_requests(draw: Draw) -> dict[str, Any]:
    """Requests of people for whom nothing but time must pass, or nearly nothing."""
    return waiting_request_by(draw(CHANCES))


@st.composite
def answers_to(draw: Draw, code: str, request: dict[str, Any]) -> Any:
    """Answers to a question, valid beside the rest of a request."""
    return answer_by(draw(CHANCES), RULES.questions[code], request)


def read(request: dict[str, Any]) -> Request:
    return read_document(RULES, request, lambda: datetime(2026, 11, 20, 10, tzinfo=UTC))


def plannable(treatment: str) -> list[str]:
    regions = RULES.treatments[treatment].regions
    return [code for code, site in RULES.sites.items() if site.plannable and site.region in regions]


def planned_sites(request: dict[str, Any]) -> list[str]:
    return [*request.get("sites", []), *RULES.treatments[request["treatment"]].fixed_sites]


def in_another_order(chance: Random, value: Any) -> Any:
    """The same JSON value with the keys of every object and the entries of every list in another order."""
    if isinstance(value, dict):
        return {key: in_another_order(chance, value[key]) for key in chance.sample(list(value), len(value))}
    if isinstance(value, list):
        return [in_another_order(chance, entry) for entry in chance.sample(value, len(value))]
    return value


def request_by(chance: Random) -> dict[str, Any]:
    treatment = chance.choice(SCREENED)
    request: dict[str, Any] = {"treatment": treatment, "at": a_moment(chance).isoformat()}
    if chance.random() < 0.8:
        request["stage"] = chance.choice(["consultation", "session", "session"])
    if RULES.treatments[treatment].plan == "free":
        request["sites"] = some(chance, 1, 5, plannable(treatment))
    if chance.random() < 0.5:
        request["goals"] = some(chance, 0, 4, list(RULES.goals))
    return request | {"answers": answers_by(chance, request)}


def waiting_request_by(chance: Random) -> dict[str, Any]:
    request = request_by(chance)
    at = datetime.fromisoformat(request["at"])
    answers = base_answers(request)
    if "last-meal" in answers:
        answers["last-meal"] = a_meal_before(chance, at)
    if chance.random() < 0.8:
        answers["recent-surgery"] = "yes"
        answers["surgeries"] = chance.choice([operations_on, operations_on, operations_off])(chance, request, at)
    if chance.random() < 0.3:
        code = chance.choice(OPENING)
        answers[code] = answer_by(chance, RULES.questions[code], request)
    return request | {"answers": answers}


def answers_by(chance: Random, request: dict[str, Any]) -> dict[str, Any]:
    answers = base_answers(request) if chance.random() < 0.95 else {}
    if chance.random() < 0.25:
        answers["recent-surgery"] = "yes"
    for code in chance.sample(OPENING, chance.choice([0, 0, 1, 1, 2, 3])):
        answers[code] = answer_by(chance, RULES.questions[code], request)
    if chance.random() < 0.9:
        _follow_up(chance, request, answers)
    if chance.random() < 0.4:
        # Most of these are not asked: they must count for nothing.
        for code in some(chance, 1, 3, [code for code in RULES.questions if code not in OPENING]):
            answers[code] = answer_by(chance, RULES.questions[code], request)
    if answers and chance.random() < 0.15:
        for code in chance.sample(list(answers), 1):
            del answers[code]
    return answers


def _follow_up(chance: Random, request: dict[str, Any], answers: dict[str, Any]) -> None:
    """Answer what the answers so far lead to, sometimes anew."""
    typed = read(request | {"answers": answers})
    for question in questions_asked(RULES, typed.plan, typed.answers, typed.at):
        if question.when and (question.code not in answers or chance.random() < 0.1):
            answers[question.code] = answer_by(chance, question, request)


def some(chance: Random, least: int, most: int, values: list[Any]) -> list[Any]:
    return [chance.choice(values) for _ in range(chance.randint(least, most))]


def a_moment(chance: Random) -> datetime:
    first, last = (
        (date(1902, 1, 1), date(9980, 1, 1)) if chance.random() < 0.1 else (date(2023, 1, 1), date(2029, 1, 1))
    )
    day = first + timedelta(chance.randrange((last - first).days))
    second = chance.choice([0, 36_000, 86_399, chance.randrange(86_400), chance.randrange(86_400) + chance.random()])
    begins = datetime(day.year, day.month, day.day, tzinfo=a_zone(chance))
    return begins + timedelta(seconds=second)


def a_zone(chance: Random) -> timezone:
    return timezone(timedelta(minutes=chance.choice([0, 60, -300, 330, 840, -720, chance.randint(-840, 840)])))


def answer_by(chance: Random, question: Question, request: dict[str, Any]) -> Any:
    at = datetime.fromisoformat(request["at"])
    choices = list(question.choice_codes)
    by_kind: dict[str, Callable[[], Any]] = {
        "choice": lambda: chance.choice([*choices, "yes" if "yes" in choices else "3"]),
        "kinds": lambda: chance.choice([some(chance, 0, 3, choices), ["disc"] if "disc" in choices else []]),
        "sites": lambda: marked_sites(chance, request),
        "operations": lambda: [an_operation(chance, request, at) for _ in range(chance.choice([0, 1, 1, 1, 2, 3]))],
        "partial-date": lambda: a_date_before(chance, at),
        "moment": lambda: a_meal_before(chance, at),
        "blood-pressure": lambda: a_reading(chance),
        "number": lambda: chance.choice([36.6, 37.9, 38, 38.0, 38.1, 30, 45, round(chance.uniform(30, 45), 1)]),
        "text": lambda: chance.choice(["", " ", "a cough", "“é”\n"]),
    }
    return by_kind[question.kind]()


def marked_sites(chance: Random, request: dict[str, Any]) -> list[str]:
    planned = planned_sites(request)
    anywhere = [*RULES.sites, "unsure"]
    return chance.choice(
        [planned, some(chance, 1, 3, planned), some(chance, 1, 3, anywhere), some(chance, 0, 4, planned + anywhere)]
    )


def an_operation(chance: Random, request: dict[str, Any], at: datetime) -> dict[str, Any]:
    operation = {"date": a_date_before(chance, at), "sites": marked_sites(chance, request)}
    if chance.random() < 0.2:
        del operation[chance.choice(["date", "sites"])]
    return operation


def operations_on(chance: Random, request: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    """Operations, complete, at planned places."""
    planned = planned_sites(request)
    return [
        {"date": a_date_before(chance, at), "sites": chance.choice([planned, some(chance, 1, 4, planned)])}
        for _ in range(chance.choice([1, 1, 2, 3]))
    ]


def operations_off(chance: Random, request: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    """One operation at places that are not planned, often of unknown date."""
    elsewhere = [code for code in RULES.sites if code not in planned_sites(request)]
    return [{"date": chance.choice(["unsure", a_date_before(chance, at)]), "sites": some(chance, 1, 2, elsewhere)}]


def a_date_before(chance: Random, at: datetime) -> str:
    """A date as people write it, of which at least a part is not after `at`; often about nine months old."""
    age = chance.choice([chance.randint(0, 270), chance.randint(271, 278), chance.randint(0, 430)])
    day = (at.date() - timedelta(age)).isoformat()
    return chance.choice([day, day, day, day, day, day[:7], day[:4], "unsure"])


def a_meal_before(chance: Random, at: datetime) -> str:
    seconds = chance.choice(
        [0, 5399, 5400, 5401, chance.randint(0, 5400), chance.randint(0, 5400), chance.randint(0, 10_800)]
    )
    if chance.random() < 0.1:
        return chance.choice(["none-today", "unsure"])
    return (at - timedelta(seconds=seconds)).astimezone(a_zone(chance)).isoformat()


def a_reading(chance: Random) -> dict[str, int]:
    limits = [(120, 80), (159, 99), (160, 99), (159, 100), (179, 109), (180, 90), (150, 110)]
    systolic = chance.randint(50, 300)
    systolic, diastolic = chance.choice([*limits, (systolic, chance.randint(20, min(systolic - 1, 200)))])
    return {"systolic": systolic, "diastolic": diastolic}
