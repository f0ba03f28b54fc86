"""How far a person is on the way to a session, and what comes next: for one patient or a whole day's list.

It reads the gate's own reasons, but for today's check, and opens nothing: the gate alone decides on a session.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from clinic.consultations.against import in_short, of_outcome, of_screening, of_stop
from clinic.consultations.gate_reasons import Reason, before
from clinic.consultations.models import Decision, Stop
from clinic.consultations.progress_facts import Facts, facts_of
from clinic.consultations.steps import Step, intake
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.standing_screening import Pair
from screening.presentation.moments import moment_in_words
from screening.rulesets import NotScreenable, published

# By code: the words, the icon (a file of templates/icons) and the tone (static/css/today.css).
STATES: Mapping[str, tuple[str, str, str]] = {
    "to-do": ("To screen again", "circle", "open"),
    "draft": ("Intake begun", "pencil-square", "open"),
    "review": ("A self-check to review", "chat-square-text", "open"),
    "decide": ("Screened, to decide", "clipboard-check", "open"),
    "countersign": ("Waits for a countersign", "pen", "open"),
    "consent": ("Decided, consent missing", "file-earmark-text", "open"),
    "ready": ("Ready for today’s check", "play-circle", "ready"),
    "stopped": ("Stopped", "sign-stop", "stop"),
    "done": ("Session done", "check2-all", "done"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person is for a treatment. `missing`: what is not there yet; `stops`: what speaks against a session.

    `step`: what comes next, none where nothing does. `is_screened`: a screening that counts is there, which is all that
    reception reads; `again`: another intake all the same, where one is not the next step.
    """

    code: str
    words: str
    icon: str
    tone: str
    missing: tuple[str, ...]
    stops: tuple[str, ...]
    step: Step | None
    is_screened: bool
    again: Step | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One person's facts with what they are read against. `reasons`: the gate's; `titles`: of the rules, by code."""

    facts: Facts
    today: date
    reasons: Mapping[str, Reason]
    titles: Mapping[str, str]

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment on the clinic's calendar."""
        return moment.astimezone(self.facts.gate.clinic.zone).date()

    def progress(
        self, code: str, step: Step | None, *, words: str = "", missing: Iterable[str] = (), stops: Iterable[str] = ()
    ) -> Progress:
        """Return a progress with the code's own words, or others, and its lines in short."""
        usual, icon, tone = STATES[code]
        is_screened = self.facts.gate.standing.stands
        if is_screened and self.facts.intake:
            missing = (*missing, "A new intake is begun and not stored.")
        again = self.again() if is_screened and (step is None or step.name != "staff-intake-open") else None
        return Progress(code, words or usual, icon, tone, in_short(missing), in_short(stops), step, is_screened, again)

    def again(self) -> Step:
        """Return the way to another intake, or to the one that is begun."""
        label = "Go on with the intake" if self.facts.intake else "New intake"
        return intake(self.facts.gate.patient.pk, self.facts.gate.treatment, label)

    def findings(self) -> list[str]:
        """Return what the newest screening found against a session."""
        screening = self.facts.gate.standing.screening
        return of_screening(screening, self.titles) if screening else []

    def stopped(self, stop: Stop, step: Step) -> Progress:
        """Return that a session was stopped."""
        day = self.day_of(stop.at)
        words = "Stopped today" if day == self.today else f"Stopped on {moment_in_words(day)}"
        return self.progress("stopped", step, words=words, stops=of_stop(stop, self.titles))


def progress_of(clinic: Clinic, pairs: Iterable[Pair], now: datetime) -> Mapping[Pair, Progress]:
    """Return how far each pair of patient and treatment is at `now`; as many queries for one as for a page of them."""
    today, titles = now.astimezone(clinic.zone).date(), rule_titles()
    found = facts_of(clinic, set(pairs), now)
    return {pair: read(Case(facts, today, _reasons(facts, today), titles)) for pair, facts in found.items()}


def next_step(patient: Patient, treatment: str) -> Step | None:
    """Return what comes next with a patient of a clinic for a treatment."""
    pair = (patient.pk, treatment)
    return progress_of(patient.clinic, [pair], patient.clinic.now())[pair].step


def rule_titles() -> dict[str, str]:
    """Return the title of each rule in force by its code; nothing where none are published."""
    try:
        return {code: rule.title for code, rule in published().rules.items()}
    except NotScreenable:
        return {}


def _reasons(facts: Facts, today: date) -> dict[str, Reason]:
    return {reason.code: reason for reason in before(facts.gate, today)}


def read(case: Case) -> Progress:
    """Return how far one person is: what the first of the readings says that has something to say.

    Without one there is a reason left that the list has no words of its own for, or none at all.
    """
    for reading in READINGS:
        if found := reading(case):
            return found
    for reason in case.reasons.values():
        return case.progress("to-do", reason.step, words="Not ready", missing=[reason.words])
    return case.progress("ready", _check(case, "Check and start"))


def _intake(case: Case, label: str) -> Step:
    return intake(case.facts.gate.patient.pk, case.facts.gate.treatment, label)


def _check(case: Case, label: str) -> Step:
    return Step(label, "staff-check", (case.facts.gate.patient.pk, case.facts.gate.treatment))


def _done(case: Case) -> Progress | None:
    """Return that today's session is done, unless what was said after it stands against the next one."""
    session = case.facts.session
    if session is None or case.day_of(session.at) != case.today:
        return None
    is_stopped = not {"screen-again", "decision-reopened", "adverse-event"}.isdisjoint(case.reasons)
    stops = [line for stop in case.facts.gate.stops[:1] for line in of_stop(stop, case.titles)] if is_stopped else []
    if getattr(session, "is_recorded", False):
        return None if is_stopped else case.progress("done", None)
    step, missing = Step("Record", "staff-session", (session.pk,)), ["Its record is not written yet."]
    return case.progress("done", step, words="Session started", missing=missing, stops=stops)


def _not_offered(case: Case) -> Progress | None:
    reason = case.reasons.get("treatment")
    return case.progress("to-do", None, words="Not ready", missing=[reason.words]) if reason else None


def _review(case: Case) -> Progress | None:
    if (awaiting := case.facts.awaiting) is None:
        return None
    step = Step("Review", "staff-received-one", (awaiting.sending_id,))
    return case.progress("review", step, stops=of_outcome(awaiting.sending.screening))


def _draft(case: Case) -> Progress | None:
    if (begun := case.facts.intake) is None or case.facts.gate.standing.stands:
        return None
    return case.progress("draft", Step("Go on", "staff-intake", (begun.pk,)))


def _to_do(case: Case) -> Progress | None:
    standing = case.facts.gate.standing
    if standing.stands:
        return None
    if standing.screening is None:
        return case.progress("to-do", _intake(case, "Intake"), words="Not screened yet")
    missing, counts_no_more = [fault.words for fault in standing.faults], {"voided", "corrected"}
    told = [] if counts_no_more.intersection(fault.code for fault in standing.faults) else case.findings()
    return case.progress("to-do", _intake(case, "Intake"), missing=missing, stops=told)


def _screen_again(case: Case) -> Progress | None:
    if "screen-again" not in case.reasons:
        return None
    stop = next(stop for stop in case.facts.gate.stops if stop.needs_screening)
    return case.stopped(stop, _intake(case, "Screen again"))


def _decided_against(case: Case) -> Progress | None:
    """Return that the decision that counts does not say proceed, and its day has not come."""
    decision, others = case.facts.gate.decision, {"decision-voided", "decision-screening", "decision-ended"}
    if decision is None or "decision-kind" not in case.reasons or others.intersection(case.reasons):
        return None
    if decision.until and decision.until <= case.today:
        return None
    words = {
        Decision.Kind.DEFER: f"Deferred until {moment_in_words(decision.until)}" if decision.until else "Deferred",
        Decision.Kind.REFER: "Referred to a doctor",
        Decision.Kind.DECLINE: "Declined",
    }[Decision.Kind(decision.kind)]
    return case.progress("stopped", Step("See the decision", "staff-decision", (decision.pk,)), words=words)


def _undecided(case: Case) -> Progress | None:
    """Return that somebody has to decide: nobody has, or what was decided no longer counts."""
    screening, missing = case.facts.gate.standing.screening, _why_undecided(case)
    if screening is None or missing is None:
        return None
    step = Step("Decide", "staff-decision-new", (screening.pk,))
    if "decision-reopened" in case.reasons:
        return case.stopped(next(stop for stop in case.facts.stops if stop.reopens), step)
    return case.progress("decide", step, missing=missing, stops=case.findings())


def _why_undecided(case: Case) -> list[str] | None:
    """Return why what was decided no longer counts, nothing where nobody decided; none where it counts."""
    decision = case.facts.gate.decision
    if decision is None or "no-decision" in case.reasons:
        return []
    if decision.until and "decision-kind" in case.reasons:
        return [f"It was deferred until {moment_in_words(decision.until)}."]
    if found := [reason.words for code, reason in case.reasons.items() if not _is_of_later(code)]:
        return found
    if decision.device and not decision.device.in_use:
        return ["The device is out of use."]
    last = min((one.ends_on for one in case.facts.gate.settlements if one.ends_on), default=None)
    return [f"What settled a finding ended on {moment_in_words(last)}."] if last and last < case.today else None


def _is_of_later(code: str) -> bool:
    """Return whether a reason of the gate is about what follows a decision."""
    return code == "countersign" or "consent" in code


def _countersign(case: Case) -> Progress | None:
    reason = case.reasons.get("countersign")
    return case.progress("countersign", reason.step) if reason else None


def _consent(case: Case) -> Progress | None:
    reason = next((reason for code, reason in case.reasons.items() if "consent" in code), None)
    if reason is None or reason.step is None:
        return None
    if sheet := case.facts.sheet:
        is_signed = case.facts.is_signed_for
        words = "The patient has signed. Others have not yet." if is_signed else "It waits for the patient to sign."
        step = Step("Sign" if is_signed else "Consent", "staff-consent-sheet", (sheet,))
        return case.progress("consent", step, missing=[words])
    missing = [reason.words] if case.facts.gate.consent else []
    return case.progress("consent", replace(reason.step, label="Consent"), missing=missing)


def _stopped(case: Case) -> Progress | None:
    """Return that today's check stopped the session, where asking again may be enough."""
    stop, decision = next(iter(case.facts.stops), None), case.facts.gate.decision
    if stop is None or case.day_of(stop.at) != case.today or (decision and decision.at > stop.at):
        return None
    return case.stopped(stop, _check(case, "Check again"))


READINGS: tuple[Callable[[Case], Progress | None], ...] = (
    _done,
    _not_offered,
    _review,
    _draft,
    _to_do,
    _screen_again,
    _decided_against,
    _undecided,
    _countersign,
    _consent,
    _stopped,
)
