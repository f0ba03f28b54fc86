"""What a paper prints is what was stored, case by case: read off the page by itself and compared with the outcome.

Nothing of `clinic.documents` is used to know what should stand there: only the rows, the rules and the engine's flow.
"""

import random
import re
from datetime import date, datetime

import pytest
from django.utils.formats import date_format
from lxml import html

from clinic.consultations.consent_shown import shown_for
from clinic.consultations.deciding_case import screened
from clinic.consultations.models import Decision, Referral, Session
from clinic.documents.copy import copy_of_result
from clinic.documents.copy_stored import copy_of_screening
from clinic.documents.letter import letter_of_referral
from clinic.documents.rendering import html_of
from clinic.documents.session_paper import session_paper_of
from clinic.documents.summary import summary_of
from clinic.people.clinics import Device
from clinic.self_check.journey import Journey
from clinic.self_check.state import SelfCheck
from screening.engine.answers import BloodPressure, Operation, Plan
from screening.engine.calendar import PartialDate
from screening.engine.flow import plannable, questions_asked, questions_of
from screening.engine.outcome import Outcome
from screening.engine.request import Request, read_document
from screening.engine.written import written_answer
from tests.clinic.consultations import rows
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_clinic, a_member, a_patient
from tests.screening.case_files import cases
from tests.screening.rule_set_one import rule_set

RULES = rule_set()
AT = datetime.fromisoformat("2026-11-20T10:00:00+00:00")
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
HEADING = {
    "contraindicated": "Contraindicated", "not-advised": "Not advised without written agreement", "defer": "Defer",
    "refer": "Refer", "site": "Places barred", "prepare": "Before the start", "note": "Notes",
}  # fmt: skip
URGENT = {"urgent": "Urgent: get medical help now", "advice-today": "Talk to a doctor today"}


class Paper:
    """A paper as somebody reads it: the text of whatever a path finds, in single blanks."""

    def __init__(self, paper):
        self.root = html.fromstring(re.sub(r"<br ?/?>", " ", html_of(paper)))

    def all(self, path, within=None):
        return (self.root if within is None else within).xpath(path)

    def texts(self, path, within=None):
        return [flat(one.text_content()) for one in self.all(path, within)]

    def findings(self):
        """Each printed finding: the heading of its group, its own title, message, and facts by name."""
        for article in self.all("//article[contains(@class, 'finding')]"):
            heading = self.texts("ancestor::section[1]/h2", article)
            pairs = zip(self.texts(".//dt", article), self.texts(".//dd", article), strict=True)
            message = " ".join(self.texts(".//p[contains(@class, 'finding-message')]", article))
            yield heading[0], self.texts(".//h3", article)[0], message, list(pairs)


def flat(words):
    return " ".join(str(words).split())


def stored_cases(wanted):
    """The expected cases, every so many, and others that are put together by chance."""
    some = random.Random(20261120)
    listed = [one.request for one in cases()]
    some.shuffle(listed)
    listed.sort(key=lambda one: one["answers"].get("sepsis") != "yes")
    half = wanted // 2
    yield from (read_document(RULES, one, lambda: AT) for one in listed[:half])
    for _ in range(wanted - half):
        yield by_chance(some)


def by_chance(some):
    """A case with gaps and doubts: a few things said, some not answered, some not sure."""
    treatment = some.choice([one for one in RULES.treatments.values() if one.plan != "not-offered"])
    free = [] if treatment.plan == "fixed" else plannable(RULES, treatment)
    sites = tuple(some.sample(free, min(len(free), some.randint(1, 5))))
    plan = Plan(treatment.code, sites, some.choice(["consultation", "consultation", "session"]), ())
    answers = {}
    for question in questions_of(RULES, plan, any_sites=True):
        if some.random() < 0.08:
            continue
        answer = answer_of(question, some)
        if answer is not None:
            answers[question.code] = answer
    return Request(plan, answers, AT)


def answer_of(question, some):
    codes = [choice.code for choice in question.choices]
    unsure = ["unsure"] if "unsure" in codes else []
    places = some.sample(list(RULES.sites), 2)
    if question.kind == "choice":
        safe = list(question.safe_answers) or codes
        return some.choice(safe) if some.random() < 0.85 else some.choice(codes)
    return {
        "kinds": lambda: tuple(some.sample(codes, 1)),
        "sites": lambda: tuple(some.choice([places, [*places, *unsure], unsure or places])),
        "operations": lambda: (
            Operation(PartialDate(2026, some.randint(1, 10), None), (places[0],)),
            Operation(some.choice(["unsure", PartialDate(2026, None, None)]), (places[1],)),
        ),
        "partial-date": lambda: PartialDate(2026, 3, None),
        "text": lambda: "some words",
    }.get(question.kind, lambda: None)()


def said(code, answer, *, is_open):
    """An answer as people read it; a gap is named."""
    lines = list(lines_of(RULES.questions[code], answer))
    return ("; ".join(lines) + (" (not finished)" if is_open else "")) if lines else "Not answered"


def lines_of(question, answer):
    """The lines of an answer; none where there is none."""
    labels = {choice.code: choice.label for choice in question.choices}
    if answer is None:
        return []
    if isinstance(answer, tuple):
        return [operation(labels, one) if isinstance(one, Operation) else place(labels, one) for one in answer]
    if isinstance(answer, BloodPressure):
        return [f"{answer.systolic:g} over {answer.diastolic:g} mmHg"]
    if isinstance(answer, datetime):
        return [date_format(answer, "j F Y, H:i")]
    return [day(answer) if isinstance(answer, PartialDate) else labels.get(answer, str(answer))]


def operation(labels, one):
    where = ", ".join(place(labels, site) for site in one.sites) or "no place yet"
    when = {"unsure": "date not known", None: "no date yet"}.get(one.date) or day(one.date)
    return f"{when}: {where}"


def place(labels, one):
    return labels.get(one) or RULES.sites[one].name


def day(one):
    shape = "j F Y" if one.day else "F Y" if one.month else "Y"
    return date_format(date(one.year, one.month or 1, one.day or 1), shape)


def short(code):
    asked, mark, _ = RULES.questions[code].wording.partition("?")
    return flat(asked + mark)


def until(end):
    if isinstance(end, datetime):
        return f"From {end:%H:%M} on {date_format(end, 'j F Y')}"
    return f"From {date_format(end, 'j F Y')}"


def is_of_goal(finding):
    criteria = [one for group in RULES.rules[finding.rule].groups for one in group.criteria]
    return finding.grade == "note" and any(one.operator == "goal" for one in criteria)


def is_about_the_plan(outcome, finding):
    if finding.grade != "site" or (finding.status == "unresolved" and not finding.sites):
        return True
    return bool(set(outcome.planned_sites) & set(finding.sites))


def heading(outcome, finding):
    if finding.urgency != "none":
        return URGENT[finding.urgency]
    if not is_about_the_plan(outcome, finding):
        return "Bars places that are not planned"
    return "Unresolved" if finding.status == "unresolved" and finding.grade != "note" else HEADING[finding.grade]


def check_findings(paper, case, outcome):
    """Each finding stands on the paper once, under its own grade, with what decided it; and nothing else does."""
    wanted = [one for one in outcome.findings if not is_of_goal(one)]
    printed = list(paper.findings())
    assert sorted((head, title, message) for head, title, message, _ in printed) == sorted(
        (heading(outcome, one), flat(RULES.rules[one.rule].title), flat(one.message)) for one in wanted
    )
    for one in wanted:
        alike = [
            facts for head, title, message, facts in printed
            if (head, title, message) == (heading(outcome, one), flat(RULES.rules[one.rule].title), flat(one.message))
        ]  # fmt: skip
        assert any(not list(lacking(facts, case, outcome, one)) for facts in alike), [
            list(lacking(facts, case, outcome, one)) for facts in alike
        ]
        assert not any(name == "Settled" for facts in alike for name, _ in facts)


def lacking(facts, case, outcome, finding):
    """What a printed finding should say and does not, or says though it should not."""
    given = {name: [words for other, words in facts if other == name] for name, _ in facts}
    where = ", ".join(RULES.sites[site].name for site in finding.sites)
    if given.get("Where", [""]) != [where]:
        yield "where"
    if not given.get("Source", [""])[0].startswith(", ".join(finding.sources)):
        yield "source"
    yield from lacking_end(given.get("Ends", []), finding)
    for code in sorted(deciding(case, outcome, finding)):
        words = f"{short(code)} {flat(said(code, case.answers.get(code), is_open=code in outcome.missing))}"
        if words not in given.get("Answer", []):
            yield words


def lacking_end(ends, finding):
    if finding.status == "unresolved" and ends:
        yield "an end of what is not known"
    if finding.status == "met" and finding.until and ends != [f"{until(finding.until)}, this no longer counts."]:
        yield f"until: {ends}"


def deciding(case, outcome, finding):
    """What a finding was decided by, and what it waits for."""
    read = {one.question for group in RULES.rules[finding.rule].groups for one in group.criteria}
    waits = read & {*outcome.missing, *outcome.unsure} if finding.status == "unresolved" else set()
    return waits | {code for code in finding.answers if code in case.answers}


def check_open(paper, outcome):
    notices = " ".join(paper.texts("//div[contains(@class, 'notice')]/p"))
    for codes, words in ((outcome.missing, "Not answered:"), (outcome.unsure, "Not sure:")):
        named = f"{words} {' '.join(short(code) for code in codes)}"
        assert (named in notices) if codes else (words not in notices)


def check_rules(paper, outcome):
    text = flat(paper.root.text_content())
    named = outcome.rule_set
    assert named.version in text
    assert named.digest[:12] in text.replace(" ", "")


def check_places(paper, states):
    labels = {"planned": "Planned", "allowed": "Possible", "perhaps": "Not known yet", "barred": "Left out"}
    text = flat(paper.root.text_content())
    for state, label in labels.items():
        names = [RULES.sites[site].name for site in RULES.sites if states.get(site) == state]
        assert not names or re.search(rf"{label}:? {re.escape(', '.join(names))}", text, re.IGNORECASE), (label, names)


def states(outcome):
    bars = {site for one in outcome.findings if (one.grade, one.status) == ("site", "met") for site in one.sites}
    free = "allowed" if outcome.outcome in ("restricted", "prepare", "clear") else "planned"
    return {
        site: "barred" if site in bars else free if site in outcome.allowed_sites else "perhaps"
        for site in outcome.planned_sites
    }


class Records:
    """A clinic that stores cases and prints them."""

    def __init__(self):
        self.clinic = a_clinic()
        self.clinic.treatments = list(RULES.treatments)
        self.by = a_member(self.clinic, "practitioner", name="perry")
        self.device = Device.objects.create(clinic=self.clinic, make="Invented", model="One")

    def store(self, case):
        patient = a_patient(self.clinic)
        door = "intake" if case.plan.stage == "consultation" else "session"
        return a_screening(patient, by=self.by, at=case.at, door=door, case=case)

    def check(self, case):
        screening = self.store(case)
        outcome = Outcome.from_json(screening.outcome)
        if case.plan.stage == "consultation":
            self.check_summary(screening, case, outcome)
            self.check_copy(screening, case, outcome)
            self.check_taken_along(case)
            self.check_letters(screening, case, outcome)
            self.check_consent(screening, case, outcome)
        else:
            self.check_session(screening, case, outcome)

    def check_summary(self, screening, case, outcome):
        row = rows.a_decision(screening, by=self.by, kind="refer", sites=[], words="Ask first.")
        paper = Paper(summary_of(Decision.objects.get(pk=row.pk)))
        assert paper.texts(f"//div[contains(@class, 'told-{outcome.outcome}')]") != []
        check_findings(paper, case, outcome)
        check_open(paper, outcome)
        check_rules(paper, outcome)
        check_places(paper, states(outcome))
        for one in outcome.findings:
            assert not is_of_goal(one) or flat(one.message) in flat(paper.root.text_content())

    def check_session(self, screening, case, outcome):
        patient, treatment = screening.patient, case.plan.treatment
        asked = rows.a_decision(screening, by=self.by, sites=list(outcome.planned_sites), device=self.device)
        consent = rows.a_consent(asked, by=self.by)
        row = Session(
            **rows.whose(patient, self.by), treatment=treatment, decision=asked, consent=consent,
            check_screening=screening, device=self.device, sites=list(outcome.planned_sites), channels_off=[],
        )  # fmt: skip
        with Session.door():
            row.save(force_insert=True)
        paper = Paper(session_paper_of(Session.objects.get(pk=row.pk)))
        check_findings(paper, case, outcome)
        check_open(paper, outcome)
        check_rules(paper, outcome)

    def check_copy(self, screening, case, outcome):
        asked = questions_asked(RULES, case.plan, case.answers, case.at)
        self.check_plain(Paper(copy_of_screening(screening, self.clinic, AT)), asked, case.answers, outcome)

    def check_taken_along(self, case):
        """The copy that a person takes from the result page: of what they themselves were asked."""
        said = {code: written_answer(answer) for code, answer in case.answers.items()}
        said = {code: answer for code, answer in said.items() if RULES.questions[code].asked_by == "patient"}
        check = SelfCheck(
            treatment=case.plan.treatment, sites=case.plan.sites, goals=case.plan.goals, answers=said, goals_put=True,
            looked_over=True, answered_for="me",
        )  # fmt: skip
        journey = Journey(self.clinic, RULES, check, case.at)
        asked = questions_asked(RULES, journey.plan, journey.answers, case.at)
        own = [one for one in asked if one.asked_by == "patient"]
        self.check_plain(Paper(copy_of_result(journey, None)), own, journey.answers, journey.outcome)

    def check_plain(self, paper, asked, answers, outcome):
        body = paper.all("//table[contains(@class, 'said')]")[0]
        lines = paper.all(".//tr[not(@class)][td]", body)
        printed = [(paper.texts("th", line)[0], paper.texts("td", line)[0]) for line in lines]
        wanted = []
        for question in asked:
            words = " ".join(lines_of(question, answers.get(question.code)))
            is_open = question.code in outcome.missing
            gap = ("Not finished" if words else "Not answered") if is_open else "" if words else "Nothing written"
            wanted.append((flat(question.wording), flat(f"{words} {gap}")))
        assert sorted(printed) == sorted(wanted)
        open_now = paper.texts("//section[h2='Questions that are still open']//li")
        assert open_now == [short(code) for code in (*outcome.missing, *outcome.unsure)]
        text = flat(paper.root.text_content())
        for one in outcome.findings:
            assert flat(one.patient_message) in text
        assert paper.texts(f"//div[contains(@class, 'told-{outcome.outcome}')]") != []

    def check_letters(self, screening, case, outcome):
        for rule in {one.rule for one in outcome.findings if one.grade in ("not-advised", "refer", "contraindicated")}:
            found = [one for one in outcome.findings if one.rule == rule]
            read = {one.question for group in RULES.rules[rule].groups for one in group.criteria if one.question}
            decided = {code for one in found for code in one.answers if code in case.answers}
            held = screened(screening)
            answers = {code: value for one in found for code, value in held.deciding(one).items()}
            referral = Referral(
                **rows.whose(screening.patient, self.by), screening=screening, rule=rule, answers=answers,
                to="Dr Example", question="May we?", at=AT,
            )  # fmt: skip
            paper = Paper(letter_of_referral(held, referral, self.clinic))
            text = flat(paper.root.text_content())
            printed = paper.texts("//section[h2='What came up']//dl/dd")
            for one in found:
                assert flat(one.message) in text
            for code in sorted(decided & set(answers)) + sorted(read & set(outcome.missing)):
                words = said(code, case.answers.get(code), is_open=code in outcome.missing)
                assert f"{short(code)} {flat(words)}" in printed

    def check_consent(self, screening, case, outcome):
        row = rows.a_decision(screening, by=self.by, sites=list(outcome.planned_sites), device=self.device)
        against = shown_for(Decision.objects.get(pk=row.pk)).against
        wanted = [one for one in outcome.findings if not is_of_goal(one) and is_about_the_plan(outcome, one)]
        assert [(one.title, one.message) for one in against] == [
            (RULES.rules[one.rule].title, one.patient_message) for one in wanted
        ]
        for one, finding in zip(against, wanted, strict=True):
            assert one.where == tuple(RULES.sites[site].name for site in finding.sites)
            # What staff measured, and found harmless, is nothing that the patient said.
            for code in (code for code in finding.answers if RULES.questions[code].asked_by == "patient"):
                words = "; ".join(lines_of(RULES.questions[code], case.answers.get(code)))
                assert (not words) or (short(code), words) in [(flat(asked), given) for asked, given in one.said]


@pytest.mark.hazard("H-18")
def test_papers_say_what_was_stored():
    records = Records()
    for case in stored_cases(16):
        records.check(case)


@pytest.mark.sweep
def test_papers_say_what_was_stored_in_very_many_cases():
    records = Records()
    for case in stored_cases(1390):
        records.check(case)
