"""The rules as rows: the readable, checkable form of what is published. The engine reads the frozen content only."""

from screening.models.body import Goal, Site, Treatment
from screening.models.question import Question
from screening.models.rule import Citation, Criterion, Group, Rule
from screening.models.rule_set import RuleSet, Source

__all__ = ["Citation", "Criterion", "Goal", "Group", "Question", "Rule", "RuleSet", "Site", "Source", "Treatment"]
