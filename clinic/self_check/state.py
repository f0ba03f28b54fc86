"""What a self-check holds so far: a frozen value that travels in a cookie or rests in a draft."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """One self-check. `answers` are JSON values as in a request on the command line.

    `rule_set`: code, version and digest of the set it began with. `key`: makes a second sending of the same harmless.
    `left`: the questions that were put and knowingly left open. `told`: the rules whose finding was already said;
    `telling`: those being said now. `goals_put`, `looked_over`: the pages of goals and of all answers were passed.
    `stopped`: the person chose to see the result early. `renewed`: the rule set changed on the way. `sent`: it is
    with the clinic.
    """

    rule_set: tuple[str, ...] = ()
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    answered_for: str = ""
    treatment: str = ""
    sites: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    goals_put: bool = False
    looked_over: bool = False
    stopped: bool = False
    renewed: bool = False
    sent: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON document, without what is empty."""
        written = {name: getattr(self, name) for name in _NAMES}
        return {name: value for name, value in written.items() if value not in ((), {}, "", False)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "SelfCheck":
        """Return the self-check that `to_json` wrote."""
        lists = {name: tuple(value) for name, value in document.items() if isinstance(value, list)}
        return cls(**{name: value for name, value in {**document, **lists}.items() if name in _NAMES})

    @property
    def tells_of_somebody(self) -> bool:
        """Whether anything about a person's health was said or left open, which would be false of another person."""
        return bool(self.answers or self.left)

    @property
    def said(self) -> tuple[Any, ...]:
        """What the person said, as it would reach the clinic."""
        return self.answered_for, self.treatment, self.sites, self.goals, self.answers

    def with_another_key(self) -> "SelfCheck":
        """Return it as a sending of its own: a key stands for what was said with it."""
        return replace(self, key=str(uuid.uuid4()))

    def begun(self, answered_for: str, treatment: str, *, is_same_person: bool) -> "SelfCheck":
        """Return it for somebody and a treatment; for another treatment other goals are put.

        `is_same_person`: what was said so far is about that person too. Else nothing of it holds.
        """
        if not is_same_person:
            return SelfCheck(answered_for=answered_for, treatment=treatment)
        goals_put = self.goals_put and treatment == self.treatment
        return replace(self, answered_for=answered_for, treatment=treatment, goals_put=goals_put)

    def passed(self) -> "SelfCheck":
        """Return it as large as passing the pages that say nothing more can make it."""
        return replace(self, goals_put=True, looked_over=True, stopped=True, renewed=True)

    def with_answers(self, put: Collection[str], given: Mapping[str, Any], left: Collection[str]) -> "SelfCheck":
        """Return it with what one page said: `put` the page's questions, `given` their answers, `left` open ones."""
        answers = {code: value for code, value in self.answers.items() if code not in put} | dict(given)
        still_left = [code for code in self.left if code not in put] + list(left)
        return replace(self, answers=answers, left=tuple(still_left))

    def without(self, codes: Collection[str]) -> "SelfCheck":
        """Return it without the answers to these questions, as if they had never been put."""
        answers = {code: value for code, value in self.answers.items() if code not in codes}
        return replace(self, answers=answers, left=tuple(code for code in self.left if code not in codes))


_NAMES = tuple(entry.name for entry in fields(SelfCheck))
