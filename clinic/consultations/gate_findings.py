"""What speaks against a session in today's check: what is missing, and what nothing puts right or settles."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from clinic.consultations.check import Check
from clinic.consultations.deciding_proposal import PROCEEDING
from clinic.consultations.gate_facts import Facts
from clinic.consultations.gate_reasons import PRACTITIONER, Reason, is_countersigned
from clinic.consultations.models import Settlement
from clinic.consultations.settling import Demand, demands, is_settled, needs_countersign
from screening.engine.answer_reading import read_answer
from screening.engine.faults import Faults
from screening.engine.outcome import Finding
from screening.engine.written import written_answer

SAME, NEW = "same", "new"
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Again:
    """A finding that the decision settled and that is said again today, to be told apart from something new."""

    rule: str
    title: str
    message: str


def of_check(
    facts: Facts, check: Check, sites: Collection[str], channels_off: Collection[str], sameness: Mapping[str, str]
) -> Iterator[Reason]:
    """Yield what today's answers speak against a session of `sites`."""
    yield from _unreadable(check)
    settlements = counting(facts)
    for demand in _demands(check, sites, channels_off):
        finding = demand.finding
        if finding is None:
            yield _missing(check) if not demand.sites else Reason("places", demand.words, weight="against")
        elif finding.grade == "prepare" and finding.status == "met":
            yield _of(finding, demand.words, "prepare", "hold")
        elif not is_settled(demand, settlements, check.at.date()):
            is_open = finding.status == "unresolved"
            weight = "hold" if is_open and _is_half_said(check, finding) else "against"
            yield _of(finding, demand.words, "unresolved" if is_open else "finding", weight)
        elif _is_said_today(check, demand):
            yield from _of_sameness(check, finding, sameness.get(finding.rule))


def asked_again(facts: Facts, check: Check, sites: Collection[str], channels_off: Collection[str]) -> list[Again]:
    """Return what the decision settled and today's answers say again, each rule once."""
    found: dict[str, Again] = {}
    for demand in _demands(check, sites, channels_off):
        finding = demand.finding
        if finding and is_settled(demand, counting(facts), check.at.date()) and _is_said_today(check, demand):
            title = check.rule_set.rules[finding.rule].title
            found.setdefault(finding.rule, Again(finding.rule, title, finding.message))
    return list(found.values())


def counting(facts: Facts) -> Iterable[Settlement]:
    """Return what the decision settled, as far as it counts at all."""
    decision = facts.decision
    if decision is None or hasattr(decision, "voided") or decision.kind not in PROCEEDING:
        return ()
    if needs_countersign(facts.settlements) and not is_countersigned(decision):
        return ()
    return [one for one in facts.settlements if _still_rests(one)]


def _still_rests(settlement: Settlement) -> bool:
    """Return whether no voided screening stands behind what a settlement rests on."""
    rows = [row for row in (settlement.statement, settlement.referral) if row is not None]
    return not any(hasattr(row.screening, "voided") for row in rows)


def in_words(check: Check, sameness: Mapping[str, str]) -> dict[str, str]:
    """Return, by question, what was said about whether a settled finding is still the same."""
    words = {SAME: "The same as when it was decided.", NEW: "Something new since it was decided."}
    rules = {finding.rule: finding for finding in check.outcome.findings}
    return {
        code: words[said]
        for rule, said in sameness.items()
        if rule in rules and said in words
        for code in rules[rule].answers[:1]
    }


def earliest_start(check: Check) -> datetime | None:
    """Return from when on the current may start, where only the time since a meal holds it; none where nothing does."""
    ends = [finding.until for finding in check.outcome.findings if finding.grade == "prepare"]
    moments = [until for until in ends if isinstance(until, datetime)]
    return max(moments, default=None)


def _demands(check: Check, sites: Collection[str], channels_off: Collection[str]) -> tuple[Demand, ...]:
    return demands(
        check.rule_set,
        check.plan,
        check.outcome,
        check.answers,
        treated=sites,
        channels_off=channels_off,
        today=check.at.date(),
    )


def _is_said_today(check: Check, demand: Demand) -> bool:
    """Return whether a finding rests on an answer that was asked afresh, or again since the rules were changed."""
    return any(check.rule_set.questions[code].afresh or code in check.again for code in demand.answers)


def _is_half_said(check: Check, finding: Finding) -> bool:
    """Return whether only questions that are still open keep a finding unresolved, and no doubt."""
    criteria = [one for group in check.rule_set.rules[finding.rule].groups for one in group.criteria]
    is_doubted = not set(check.outcome.unsure).isdisjoint(finding.answers)
    return not is_doubted and not {one.question for one in criteria}.isdisjoint(check.outcome.missing)


def _of_sameness(check: Check, finding: Finding, said: str | None) -> Iterator[Reason]:
    title = check.rule_set.rules[finding.rule].title
    if said == NEW:
        words = f"{title}: something new since the decision. Decide anew."
        yield Reason("something-new", words, weight="against", rule=finding.rule, grade=finding.grade)
    elif said != SAME:
        words = f"{title}: say whether it is the same as when it was decided, or something new."
        yield Reason("sameness", words, weight="hold", rule=finding.rule)


def _of(finding: Finding, settles: str, code: str, weight: str) -> Reason:
    what_settles = "It is not known yet. Only an answer settles it." if code == "unresolved" else settles
    words = f"{finding.message} {what_settles}"
    return Reason(code, words, PRACTITIONER, weight=weight, rule=finding.rule, grade=finding.grade)  # type: ignore[arg-type]


def _missing(check: Check) -> Reason:
    codes = check.outcome.missing
    names = "; ".join(check.rule_set.questions[code].wording for code in codes[:MOST_NAMED])
    more = f"; and {len(codes) - MOST_NAMED} more" if len(codes) > MOST_NAMED else ""
    return Reason("missing", f"Not answered: {names}{more}", weight="hold")


def _unreadable(check: Check) -> Iterator[Reason]:
    """Yield what of today's answers cannot be: a meal or an operation still to come, a reading out of range."""
    faults = Faults()
    for code, answer in check.answers.items():
        read_answer(check.rule_set, check.rule_set.questions[code], written_answer(answer), check.at, faults)
    if faults.lines:
        yield Reason("unreadable", "An answer cannot be right: check the dates and times.", weight="hold")
