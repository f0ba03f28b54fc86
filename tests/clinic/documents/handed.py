"""Somebody at the result of their self-check, without the walk there: for what they take along."""

from datetime import UTC, datetime

from clinic.self_check.sealing import seal
from clinic.self_check.state import SelfCheck
from clinic.self_check.ways import COOKIE
from screening.pins import pin_of
from screening.rulesets import published
from tests.screening.case_files import base_answers

PLACES = ("abdomen", "forearm-left")


def a_check(*, without=(), goals_put=True, **answers):
    """Everything answered in the safe way, but for `answers`; all pages passed. With something `without`: stopped."""
    at = datetime.now(UTC).isoformat()
    request = {"treatment": "body-myostimulation", "sites": list(PLACES), "at": at}
    given = base_answers(request) | {code.replace("_", "-"): answer for code, answer in answers.items()}
    return SelfCheck(
        rule_set=pin_of(published()),
        answered_for="me",
        treatment="body-myostimulation",
        sites=PLACES,
        answers={code: answer for code, answer in given.items() if code not in without},
        goals_put=goals_put,
        looked_over=True,
        stopped=bool(without),
    )


def at_the_result(client, clinic, **given):
    """Let a browser hold an anonymous self-check; give the address of its result."""
    check = a_check(**given)
    client.cookies[f"{COOKIE}{clinic.pk}"] = seal(check.to_json(), f"self-check of clinic {clinic.pk}")
    return f"/c/{clinic.slug}/check/result/"
