"""What a person said on the pages, remembered beside the self-check, and what the engine makes of exactly that."""

from screening.engine.answers import Plan
from screening.engine.evaluate import evaluate
from screening.engine.flow import ask, plannable, questions_asked
from screening.engine.request import read_document
from screening.rulesets import published


def in_order(codes, order):
    return sorted(set(codes), key=list(order).index)


def as_said(rules, code, answer):
    """An answer as a page lets people give it: in the page's order, nothing twice, no spaces around words."""
    question = rules.questions[code]
    places = [*rules.sites, *question.choice_codes]
    if question.kind == "text":
        return answer.replace("\r\n", "\n").strip() or None
    if question.kind == "kinds":
        return in_order(answer, question.choice_codes) or None
    if question.kind == "sites":
        return in_order(answer, places) or None
    if question.kind == "operations":
        tidy = [one | {"sites": in_order(one.get("sites", ()), places)} for one in answer]
        tidy = [{key: value for key, value in one.items() if value} for one in tidy]
        return [one for place, one in enumerate(tidy) if one and one not in tidy[:place]] or None
    return answer


class Memory:
    """One person's answers at a clinic at a time. `left`: the required questions knowingly left open."""

    def __init__(self, clinic, at):
        self.clinic, self.at, self.rules = clinic, at, published()
        self.answers, self.left, self.treatment, self.places, self.goals = {}, set(), None, [], []

    @property
    def plan(self):
        """The plan so far; None while nothing is planned."""
        treatment = self.rules.treatments.get(self.treatment)
        if treatment is None:
            return None
        is_fixed = treatment.plan == "fixed"
        places = self.clinic.suit_sites if is_fixed else self.places
        known = tuple(place for place in places if place in plannable(self.rules, treatment))
        return Plan(self.treatment, known, "consultation", tuple(self.goals)) if known or is_fixed else None

    @property
    def typed(self):
        """The answers as the command line would read them."""
        document = {"treatment": "ems-training", "at": self.at.isoformat(), "answers": self.answers}
        return read_document(self.rules, document, lambda: self.at).answers

    @property
    def outcome(self):
        return evaluate(self.rules, self.typed, self.plan, self.at)

    @property
    def grave(self):
        """The rules of what is said at once."""
        found = [entry for entry in self.outcome.findings if entry.status == "met"] if self.plan else []
        return {entry.rule for entry in found if entry.grade == "contraindicated" or entry.urgency == "urgent"}

    @property
    def asked(self):
        """What a patient is asked."""
        asked = questions_asked(self.rules, self.plan, self.typed, self.at)
        return [entry.code for entry in asked if entry.asked_by == "patient"]

    def note(self, said, left=()):
        """Remember what a page was told (None: nothing), and what it was told to leave open."""
        for code, answer in said.items():
            self.answers.pop(code, None)
            self.left.discard(code)
            if answer is not None:
                self.answers[code] = answer
        self.left.update(left)
        self.settle()

    def settle(self):
        """Forget what is asked no more: it counts for nothing and is not to come back."""
        if self.plan is None:
            return
        asked = self.asked
        ignored = ask(self.rules, self.typed, self.plan, self.at).ignored
        self.answers = {code: said for code, said in self.answers.items() if code in asked and code not in ignored}
        self.left &= set(asked)
