"""The findings of a stored screening as a paper has them: by grade, each with the answers that decided it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from clinic.consultations.deciding_case import Screened
from clinic.consultations.models import Settlement
from clinic.consultations.settling import is_about
from clinic.documents.settled import settled_words
from screening.engine.outcome import Finding
from screening.presentation import Told, ToldFinding
from screening.presentation.facts import is_of_goal
from screening.presentation.telling import in_short
from screening.wording import in_words

NOT_ANSWERED = "Not answered"
# By urgency, the most urgent first: medical help comes before everything else.
URGENT = {"urgent": "Urgent: get medical help now", "advice-today": "Talk to a doctor today"}


@dataclass(frozen=True, slots=True)
class PrintedFinding:
    """One finding. `answers`: what decided it, as question and answer; `settled`: how a decision dealt with it."""

    told: ToldFinding
    answers: tuple[tuple[str, str], ...]
    settled: str


@dataclass(frozen=True, slots=True)
class PrintedGroup:
    """Findings that say the same kind of thing. `tone`: of the outcome that they lead to."""

    heading: str
    tone: str
    findings: tuple[PrintedFinding, ...]


def headed(told: Told) -> Told:
    """Return an outcome without its findings, which a paper has in groups beside it."""
    return replace(told, urgent=(), findings=(), groups=(), goals=())


def printed_groups(case: Screened, told: Told, settlements: Iterable[Settlement]) -> tuple[PrintedGroup, ...]:
    """Return the findings of `told`, which is `case` in words, the urgent ones first; without remarks about goals."""
    settling = list(settlements)
    kept = [one for one in case.outcome.findings if not is_of_goal(case.rule_set, one)]
    # By identity: two findings of one rule may read alike, and still rest on different answers.
    printed = {
        id(words): PrintedFinding(words, said_of(case, finding), _settled(case, finding, settling))
        for finding, words in zip(kept, told.findings, strict=True)
    }

    def group(heading: str, tone: str, findings: Sequence[ToldFinding]) -> PrintedGroup:
        return PrintedGroup(heading, tone, tuple(printed[id(one)] for one in findings))

    by_urgency = {code: [one for one in told.urgent if one.urgency == code] for code in URGENT}
    groups = [group(heading, "contraindicated", by_urgency[code]) for code, heading in URGENT.items()]
    groups += [group(one.heading, one.tone, one.findings) for one in told.groups]
    return tuple(one for one in groups if one.findings)


def goals_of(told: Told) -> tuple[tuple[str, str], ...]:
    """Return what the sources say of each hope. The sources themselves are among the citations."""
    return tuple(("Goal", f"{', '.join(one.goals)}: {one.message}") for one in told.goals)


def said_of(case: Screened, finding: Finding) -> tuple[tuple[str, str], ...]:
    """Return what decided a finding, question by question, as it was said; a gap is named as one."""
    wanted = {*finding.answers, *case.deciding(finding), *_open_of(case, finding)}
    questions = case.rule_set.questions
    return tuple((in_short(questions[code].wording), answer_words(case, code)) for code in questions if code in wanted)


def answer_words(case: Screened, code: str) -> str:
    """Return the answer to a question in words, by the rules that it was asked by."""
    lines = in_words(case.rule_set, case.rule_set.questions[code], case.answers.get(code))
    return answer_in_words(lines, is_open=code in case.outcome.missing)


def answer_in_words(lines: Sequence[str], *, is_open: bool) -> str:
    """Return the lines of an answer as one text; without any it is a gap, and with some it may be unfinished."""
    if not lines:
        return NOT_ANSWERED
    return "; ".join(lines) + (" (not finished)" if is_open else "")


def _open_of(case: Screened, finding: Finding) -> Iterator[str]:
    """Yield the questions that leave a finding open: those of its rule with no answer, or "not sure"."""
    if finding.status != "unresolved":
        return
    waiting = {*case.outcome.missing, *case.outcome.unsure}
    for group in case.rule_set.rules[finding.rule].groups:
        yield from (one.question for one in group.criteria if one.question in waiting)


def _settled(case: Screened, finding: Finding, settlements: Iterable[Settlement]) -> str:
    deciding, sites = case.deciding(finding), case.rule_set.sites
    about = [one for one in settlements if is_about(one, finding, deciding)]
    # Where it is dealt with in several ways, each is for its own places.
    places = [", ".join(sites[code].name for code in one.sites) if len(about) > 1 else "" for one in about]
    return " ".join(settled_words(one, where) for one, where in zip(about, places, strict=True))
