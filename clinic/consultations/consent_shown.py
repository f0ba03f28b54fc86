"""What is put before somebody who is asked to consent: every word of it, as one value that is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from clinic.consultations.consent_texts import Choice, ConsentText, TreatmentText, current
from clinic.consultations.deciding_case import Screened, screened
from clinic.consultations.decision_words import SETTLED, course_in_words
from clinic.consultations.models import Decision, Settlement
from clinic.consultations.settling import is_about
from clinic.people.patients import Patient
from screening.engine.outcome import Finding
from screening.presentation import Told, ToldFinding, for_patient
from screening.presentation.facts import is_of_goal
from screening.presentation.moments import moment_in_words
from screening.presentation.telling import in_short
from screening.wording import in_words


class NoTextError(Exception):
    """There is no consent text for this treatment yet, so nobody can be asked to sign one."""


@dataclass(frozen=True, slots=True)
class Against:
    """One thing that speaks against it: what it is, where, what the person said about it, and what became of it."""

    title: str
    message: str
    where: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    settled: str


@dataclass(frozen=True, slots=True)
class ShownConsent:
    """Every word that is shown, in the order of the page. `version`, `digest`: of the text; texts only, no rows."""

    version: str
    digest: str
    clinic: str
    patient: str
    born: str
    treatment: str
    device: str
    places: tuple[str, ...]
    left_out: tuple[str, ...]
    course: str
    opening: str
    what: tuple[str, ...]
    notes: tuple[str, ...]
    feels: tuple[str, ...]
    side_effects: tuple[str, ...]
    alternatives: tuple[str, ...]
    who_should_not: tuple[str, ...]
    against: tuple[Against, ...]
    expectations: tuple[str, ...]
    results: str
    stop: tuple[str, ...]
    tell: tuple[str, ...]
    choices: tuple[Choice, ...]
    statement: str
    guardian_statement: str
    interpreter_statement: str
    practitioner_statement: str
    answered: str
    rules: str
    rules_digest: str
    engine: str

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "ShownConsent":
        """Return what `to_json` gave."""
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
        }
        against = tuple(_against_from(one) for one in kept["against"])
        return cls(**(plain | {"against": against, "choices": tuple(Choice(**one) for one in kept["choices"])}))

    def statement_of(self, party: str) -> str:
        """Return what a party signs."""
        return {
            "guardian": self.guardian_statement,
            "interpreter": self.interpreter_statement,
            "practitioner": self.practitioner_statement,
        }.get(party, self.statement)


def shown_for(decision: Decision) -> ShownConsent:
    """Return what is put before the patient of a decision that proceeds, by the text and the clinic's clock of now.

    Raises NotReadable where the rules of its screening are not to be trusted, NoTextError where there is no text.
    """
    case, text = screened(decision.screening), current()
    own = next((one for one in text.treatments if one.code == decision.treatment), None)
    if own is None:
        raise NoTextError
    told = for_patient(case.rule_set, case.outcome, case.plan)
    parts: dict[str, Any] = words_of(text, own) | _of_decision(decision, case) | _of_case(decision, case, told)
    return ShownConsent(**parts)


def words_of(text: ConsentText, own: TreatmentText) -> dict[str, Any]:
    """Return the fields of a ShownConsent that are the text's: what all treatments share, and the treatment's own."""
    shared = ("version", "digest", "opening", "who_should_not", "results", "stop", "tell", "choices", "statement")
    statements = ("guardian_statement", "interpreter_statement", "practitioner_statement")
    return {
        **{name: getattr(text, name) for name in (*shared, *statements)},
        **{name: getattr(own, name) for name in ("what", "notes", "feels", "side_effects")},
        "alternatives": (*own.alternatives, *text.alternatives),
    }


def who(patient: Patient) -> tuple[str, str]:
    """Return a patient's name and day of birth as a consent says them."""
    return patient.name, moment_in_words(patient.born)


def _of_decision(decision: Decision, case: Screened) -> dict[str, Any]:
    (name, born), sites = who(decision.patient), case.rule_set.sites
    return {
        "clinic": decision.clinic.name,
        "patient": name,
        "born": born,
        "treatment": case.rule_set.treatments[decision.treatment].name,
        "device": str(decision.device or ""),
        "places": tuple(sites[code].name for code in decision.sites),
        "left_out": tuple(sites[code].name for code in case.left_out(decision.sites)),
        "course": course_in_words(decision.course),
    }


def _of_case(decision: Decision, case: Screened, told: Told) -> dict[str, Any]:
    answered = case.screening.answered_at.astimezone(decision.clinic.zone)
    return {
        "against": tuple(_all_against(decision, case, told)),
        "expectations": tuple(_expectations(decision, case, told)),
        "answered": moment_in_words(answered.date()),
        "rules": f"{told.rule_set} {told.version}",
        "rules_digest": told.digest,
        "engine": told.engine,
    }


def _all_against(decision: Decision, case: Screened, told: Told) -> Iterator[Against]:
    settlements = list(decision.settlements.all())
    findings = [one for one in case.outcome.findings if not is_of_goal(case.rule_set, one)]
    for finding, words in zip(findings, told.findings, strict=True):
        if words.touches_plan:
            yield Against(
                title=words.title,
                message=words.message,
                where=words.sites,
                said=tuple(_said(case, finding)),
                settled=_settled(case, decision, finding, words, settlements),
            )


def _said(case: Screened, finding: Finding) -> Iterator[tuple[str, str]]:
    questions, deciding = case.rule_set.questions, case.deciding(finding)
    own = {code for code in finding.answers if questions[code].asked_by == "patient"}
    for code in (code for code in questions if code in own or code in deciding):
        if lines := in_words(case.rule_set, questions[code], case.answers.get(code)):
            yield in_short(questions[code].wording), "; ".join(lines)


def _settled(
    case: Screened, decision: Decision, finding: Finding, words: ToldFinding, settlements: Sequence[Settlement]
) -> str:
    deciding = case.deciding(finding)
    reasons = dict.fromkeys(str(SETTLED[one.reason]) for one in settlements if is_about(one, finding, deciding))
    if reasons:
        return " ".join(reasons)
    if finding.grade == "site" and finding.sites and not set(finding.sites) & set(decision.sites):
        return str(SETTLED[Settlement.Reason.LEFT_OUT])
    return f"It no longer counts {words.until}." if finding.status == "met" and words.until else ""


def _expectations(decision: Decision, case: Screened, told: Told) -> Iterator[str]:
    goals = [case.rule_set.goals[code].name for code in decision.goals if code in case.rule_set.goals]
    if goals:
        yield f"What you hope for: {_in_a_row(goals)}."
    yield from (one.message for one in told.goals)
    if decision.expectations:
        yield "What can be expected was talked through with you."


def _in_a_row(names: Sequence[str]) -> str:
    return "; ".join(name[:1].lower() + name[1:] for name in names)


def _against_from(kept: Mapping[str, Any]) -> Against:
    said = tuple((question, answer) for question, answer in kept["said"])
    return Against(kept["title"], kept["message"], tuple(kept["where"]), said, kept["settled"])
