"""Rule sets between their three forms: fixture, rows, and the frozen content that the engine reads."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, ProgrammingError, transaction
from django.db.models import Prefetch
from django.utils import timezone

from screening.engine import content as engine_content
from screening.engine.canonical import canonical, differences, digest_of
from screening.engine.rule_set import RuleSet as Published
from screening.engine.shape import complete
from screening.engine.soundness import weaknesses
from screening.models import Citation, Criterion, Goal, Group, Question, Rule, RuleSet, Site, Source, Treatment

# In the order in which rows can point at one another.
_TABLES: Mapping[str, Any] = {
    "sources": Source,
    "sites": Site,
    "treatments": Treatment,
    "goals": Goal,
    "questions": Question,
    "rules": Rule,
}
_PLAIN = ("sources", "sites", "treatments", "goals")


class NotScreenable(Exception):
    """No screening can be made: no rule set is published, or the published one is not as it was published."""


class RefusedError(Exception):
    """A rule set was not loaded. `faults`: one line each, naming the place and the reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def published() -> Published:
    """Return the newest published rule set; read once per process and version, with one small query each time.

    Raises NotScreenable, naming the set and the difference, when there is none or it was altered.
    """
    try:
        newest = RuleSet.objects.exclude(published_at=None).values_list("pk", "digest", "status").first()
    except (OperationalError, ProgrammingError) as error:
        raise NotScreenable("The database has no rule sets. Run: python manage.py migrate") from error
    if newest is None:
        raise NotScreenable("No rule set is published. Run: python manage.py load_rules")
    pk, digest, status = newest
    if status != RuleSet.Status.PUBLISHED:
        raise NotScreenable(f"The newest rule set was published, and is marked as {status} now.")
    return _frozen(pk, digest)


@lru_cache(maxsize=8)
def _frozen(pk: int, digest: str) -> Published:
    row = RuleSet.objects.get(pk=pk)
    faults = alterations(row)
    if faults:
        raise NotScreenable(f"Rule set {row} is not as it was published: {'; '.join(faults)}")
    return engine_content.read(json.loads(row.content), digest)


def alterations(row: RuleSet) -> list[str]:
    """Return how a published set differs from what was published, one line each; empty when it does not."""
    if (digest := digest_of(row.content)) != row.digest:
        return [f"its content has the digest {digest}, but was published with {row.digest}"]
    return list(differences(json.loads(row.content), json.loads(canonical(content_of(row)))))


def content_of(row: RuleSet) -> dict[str, Any]:
    """Return the rows of a rule set as content."""
    groups = Group.objects.prefetch_related(Prefetch("criteria", Criterion.objects.select_related("question")))
    citations = Prefetch("citations", Citation.objects.select_related("source"))
    questions = row.questions.prefetch_related(Prefetch("when", groups))
    rules = row.rules.prefetch_related(Prefetch("groups", groups), citations)
    return {
        **row.row(),
        **{name: [entry.row() for entry in _TABLES[name].objects.filter(rule_set=row)] for name in _PLAIN},
        "questions": [
            entry.row() | {"when": [_criteria_content(group) for group in entry.when.all()]} for entry in questions
        ],
        "rules": [
            entry.row()
            | {
                "citations": [{"source": cited.source.code, "place": cited.place} for cited in entry.citations.all()],
                "groups": [group.row() | _criteria_content(group) for group in entry.groups.all()],
            }
            for entry in rules
        ],
    }


def read_fixture(fixture: Any) -> Published:
    """Return the rule set that a fixture (parsed JSON) describes, ready for evaluation. Raises RefusedError."""
    try:
        content = complete(fixture)
        return engine_content.read(content, digest_of(canonical(content)))
    except engine_content.ContentError as error:
        raise RefusedError(error.faults) from None
    except TypeError as error:
        raise RefusedError([f"content: {error}"]) from None


def load(fixture: Any, *, reason: str, by: str) -> tuple[RuleSet, bool]:
    """Publish a fixture (parsed JSON) and return its row, and whether anything changed.

    Raises RefusedError, and changes nothing, when the fixture has faults or weaknesses, or when it differs from what
    is published under the same version.
    """
    rule_set = read_fixture(fixture)
    existing = RuleSet.objects.filter(code=rule_set.code, version=rule_set.version).first()
    if existing is not None:
        _refuse_another(existing, complete(fixture))
        return existing, False
    with transaction.atomic():
        row = _stored(complete(fixture), reason, by)
        if faults := [*weaknesses(rule_set), *_places_taken(rule_set)]:
            raise RefusedError(faults)
        _publish(row)
        return row, True


def _places_taken(rule_set: Published) -> list[str]:
    """Return the places that the version before had in a fixed plan and this one has not: none is ever taken away."""
    before = RuleSet.objects.filter(code=rule_set.code, status=RuleSet.Status.PUBLISHED).first()
    content = json.loads(before.content) if before else {"treatments": []}
    return [
        f"treatments.{treatment['code']}.fixed_sites: {site} is gone, and no place is ever taken from a fixed plan"
        for treatment in content["treatments"]
        if treatment["code"] in rule_set.treatments
        for site in treatment["fixed_sites"]
        if site not in rule_set.treatments[treatment["code"]].fixed_sites
    ]


def _refuse_another(existing: RuleSet, content: dict[str, Any]) -> None:
    if existing.status != RuleSet.Status.PUBLISHED:
        raise RefusedError([f"Rule set {existing} is there as a draft: publish or remove that one first."])
    changed = differences(json.loads(existing.content), json.loads(canonical(content)))
    faults = alterations(existing) or list(changed)
    if faults:
        cure = "A published version stays as it is; give a changed fixture a new version."
        raise RefusedError([*(f"rule set {existing}: {fault}" for fault in faults), cure])


def _publish(row: RuleSet) -> None:
    row.content = canonical(content_of(row))
    row.digest = digest_of(row.content)
    row.status = RuleSet.Status.PUBLISHED
    row.published_at = timezone.now()
    row.save()


def _stored(content: Mapping[str, Any], reason: str, by: str) -> RuleSet:
    own = {name: content[name] for name in ("code", "version", "limits", "sections")}
    rule_set = RuleSet(reason=reason, published_by=by, **own)
    _save(rule_set, f"rule set {rule_set}")
    rows: dict[str, dict[str, Any]] = {
        name: {entry["code"]: _store(rule_set, name, position, entry) for position, entry in enumerate(content[name])}
        for name in _TABLES
    }
    for entry in content["questions"]:
        _store_groups(entry["when"], rows, f"questions.{entry['code']}", question=rows["questions"][entry["code"]])
    for entry in content["rules"]:
        rule = rows["rules"][entry["code"]]
        _store_groups(entry["groups"], rows, f"rules.{entry['code']}", rule=rule)
        for position, cited in enumerate(entry["citations"]):
            source = rows["sources"][cited["source"]]
            _save(Citation(rule=rule, position=position, source=source, place=cited["place"]), f"rules.{rule}")
    return rule_set


def _store(rule_set: RuleSet, name: str, position: int, entry: dict[str, Any]) -> Any:
    columns = {field: value for field, value in entry.items() if field not in ("when", "groups", "citations")}
    return _save(_TABLES[name](rule_set=rule_set, position=position, **columns), f"{name}.{entry['code']}")


def _store_groups(groups: list[dict[str, Any]], rows: Mapping[str, Any], place: str, **owner: Any) -> None:
    for position, entry in enumerate(groups):
        columns = {field: value for field, value in entry.items() if field != "criteria"}
        group = _save(Group(position=position, **columns, **owner), f"{place}.groups[{position}]")
        for number, criterion in enumerate(entry["criteria"]):
            question = rows["questions"][criterion["question"]] if criterion["question"] else None
            columns = criterion | {"question": question, "group": group, "position": number}
            _save(Criterion(**columns), f"{place}.groups[{position}].criteria[{number}]")


def _save(row: Any, place: str) -> Any:
    try:
        row.save()
    except ValidationError as error:
        raise RefusedError([f"{place}: {message}" for message in error.messages]) from None
    return row


def _criteria_content(group: Group) -> dict[str, Any]:
    criteria = [
        entry.row() | {"question": entry.question.code if entry.question else None} for entry in group.criteria.all()
    ]
    return {"criteria": criteria}
