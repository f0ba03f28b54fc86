"""`manage.py questions`: the questions of a treatment, in the order in which they are asked."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.engine.flow import questions_of
from screening.engine.request import RequestError, read_plan
from screening.engine.rule_set import STAGES, Question, RuleSet
from screening.rulesets import NotScreenable, published


class Command(BaseCommand):
    help = "Prints the questions of a treatment in order, as JSON. Exit status 2: there is no such treatment or site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("treatment", metavar="TREATMENT")
        parser.add_argument("--stage", default="consultation", metavar="S", help=" or ".join(STAGES))
        parser.add_argument("--sites", metavar="a,b", help="the planned places; left out: whatever places are planned")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rule_set = published()
        except NotScreenable as error:
            raise CommandError(str(error)) from None
        try:
            questions = _questions(rule_set, options["treatment"], options["stage"], options["sites"])
        except RequestError as error:
            for fault in error.faults:
                self.stderr.write(fault)
            sys.exit(2)
        self.stdout.write(json.dumps([_told(question) for question in questions], indent=2))


def _questions(rule_set: RuleSet, treatment: str, stage: str, sites: str | None) -> tuple[Question, ...]:
    document = {"treatment": treatment, "stage": stage} | ({} if sites is None else {"sites": sites.split(",")})
    plan = read_plan(rule_set, document, any_sites=True)
    any_sites = sites is None and rule_set.treatments[treatment].plan == "free"
    return questions_of(rule_set, plan, any_sites=any_sites)


def _told(question: Question) -> dict[str, Any]:
    return {
        "code": question.code,
        "section": question.section,
        "text": question.wording,
        "help": question.help,
        "why": question.why,
        "kind": question.kind,
        "choices": [{"code": choice.code, "label": choice.label} for choice in question.choices],
        "required": question.required,
        "asked_by": question.asked_by,
        "condition": [
            [
                {"question": criterion.question, "operator": criterion.operator, "value": criterion.value}
                for criterion in group
            ]
            for group in question.when
        ]
        or None,
    }
