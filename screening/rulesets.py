"""Rule sets between their three forms: fixture, rows, and the frozen content that the engine reads."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import OperationalError, ProgrammingError, transaction
from django.db.models import Model, Prefetch, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from screening.engine import content as engine_content
from screening.engine.canonical import canonical, differences, digest_of
from screening.engine.rule_set import RuleSet as Published
from screening.engine.shape import complete
from screening.engine.soundness import weaknesses
from screening.models import Citation, Criterion, Goal, Group, Question, Rule, RuleSet, Site, Source, Treatment
from screening.retiring import leave_for_safety, retire_before

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
# How long a check that has begun stays on its rule set after that was retired, unless it was retired for safety.
GRACE = timedelta(hours=24)


class NotScreenable(Exception):
    """No screening can be made: no rule set is published, or the published one is not as it was published."""


class RefusedError(Exception):
    """A rule set was not loaded. `faults`: one line each, naming the place and the reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class _Version(NamedTuple):
    """A rule set that is or was published."""

    pk: int
    code: str
    version: str
    digest: str
    status: str
    retired_at: datetime | None
    retired_for_safety: bool


_NAMED = ("pk", "code", "version", "digest", "status")
# Built once, because every page of a self-check asks it.
_PUBLISHED = RuleSet.objects.exclude(published_at=None).values_list(*_Version._fields)


def published() -> Published:
    """Return the newest published rule set; read once per process and version, with one small query each time.

    Raises NotScreenable, naming the set and the difference, when there is none or it was altered.
    """
    return _newest(_versions())


def with_newest(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return rows that each carry, as `newest_rules`, which set is the newest: read with them, in the one query."""
    newest = RuleSet.objects.exclude(published_at=None).values(found=JSONObject(**{name: name for name in _NAMED}))
    carrying: QuerySet[Any] = rows.annotate(newest_rules=Subquery(newest[:1]))
    return carrying


def for_check(
    pinned: Sequence[str] | None, now: datetime, newest: Mapping[str, Any] | None = None
) -> tuple[Published, bool]:
    """Return the rule set that a self-check is made by, and whether that is another than the one it began with.

    `pinned`: code, version and digest of the set it began with; None where it begins now. It stays on that set, and
    for 24 hours after it was retired; one that was retired for safety is left at once. One small query; none where
    `newest`, as `with_newest` read it, is published and the one. Raises NotScreenable like `published`.
    """
    if newest and newest["status"] == RuleSet.Status.PUBLISHED and tuple(pinned or _pin(newest)) == _pin(newest):
        return _frozen(newest["pk"], newest["digest"]), False
    versions = _versions()
    began_with = _pinned(versions, pinned) if pinned else None
    if began_with is not None and _still_holds(began_with, now):
        return _frozen(began_with.pk, began_with.digest), False
    return _newest(versions), bool(pinned)


def pinned_set(pinned: Sequence[str]) -> Published | None:
    """Return the set with this code, version and digest, also a retired one; None where it is not to be trusted."""
    code, version, digest = pinned
    try:
        return _frozen(_key(code, version, digest), digest)
    except NotScreenable:
        return None


def key_of(rule_set: Published) -> int:
    """Return the primary key of a published set's row, asked for once. Raises NotScreenable where there is none."""
    named = rule_set.named
    return _key(named.code, named.version, named.digest)


def _versions() -> list[_Version]:
    """Return every set that is or was published, the newest first."""
    try:
        return [_Version(*row) for row in _PUBLISHED.all()]
    except (OperationalError, ProgrammingError) as error:
        raise NotScreenable("The database has no rule sets. Run: python manage.py migrate") from error


def _newest(versions: list[_Version]) -> Published:
    if not versions:
        raise NotScreenable("No rule set is published. Run: python manage.py load_rules")
    newest = versions[0]
    if newest.status != RuleSet.Status.PUBLISHED:
        raise NotScreenable(f"The newest rule set was published, and is marked as {newest.status} now.")
    return _frozen(newest.pk, newest.digest)


def _pinned(versions: list[_Version], pinned: Sequence[str]) -> _Version | None:
    return next((row for row in versions if (row.code, row.version, row.digest) == tuple(pinned)), None)


def _pin(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["code"], row["version"], row["digest"]


def _still_holds(version: _Version, now: datetime) -> bool:
    if version.retired_at is None:
        return version.status == RuleSet.Status.PUBLISHED
    return not version.retired_for_safety and now < version.retired_at + GRACE


@lru_cache(maxsize=8)
def _frozen(pk: int, digest: str) -> Published:
    row = RuleSet.objects.get(pk=pk)
    faults = alterations(row)
    if faults:
        raise NotScreenable(f"Rule set {row} is not as it was published: {'; '.join(faults)}")
    return engine_content.read(complete(json.loads(row.content)), digest)


@lru_cache(maxsize=8)
def _key(code: str, version: str, digest: str) -> int:
    found = _pinned(_versions(), (code, version, digest))
    if found is None:
        raise NotScreenable(f"Rule set {code} {version} was never published here.")
    return found.pk


def alterations(row: RuleSet) -> list[str]:
    """Return how a published set differs from what was published, one line each; empty when it does not."""
    if (digest := digest_of(row.content)) != row.digest:
        return [f"its content has the digest {digest}, but was published with {row.digest}"]
    return list(differences(complete(json.loads(row.content)), json.loads(canonical(content_of(row)))))


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


def load(fixture: Any, *, reason: str, by: str, for_safety: bool = False) -> tuple[RuleSet, bool]:
    """Publish a fixture (parsed JSON), retire the set before it, and return its row and whether it was published now.

    `for_safety`: the set before is not to be used any more, also not by checks that began with it; this may be said
    afterwards, by loading the same fixture again. Raises RefusedError, and changes nothing, when the fixture has
    faults or weaknesses, or when it differs from what is published under the same version.
    """
    rule_set = read_fixture(fixture)
    existing = RuleSet.objects.filter(code=rule_set.code, version=rule_set.version).first()
    if existing is not None:
        _refuse_another(existing, complete(fixture))
        if for_safety:
            leave_for_safety(existing)
        return existing, False
    with transaction.atomic():
        row = _stored(complete(fixture), reason, by)
        if faults := [*weaknesses(rule_set), *_places_taken(rule_set)]:
            raise RefusedError(faults)
        _publish(row)
        retire_before(row)
        if for_safety:
            leave_for_safety(row)
        return row, True


def _places_taken(rule_set: Published) -> list[str]:
    """Return the places that the version before had in a fixed plan and this one has not: none is ever taken away."""
    before = RuleSet.objects.filter(code=rule_set.code).exclude(published_at=None).first()
    content = json.loads(before.content) if before else {"treatments": []}
    return [
        f"treatments.{treatment['code']}.fixed_sites: {site} is gone, and no place is ever taken from a fixed plan"
        for treatment in content["treatments"]
        if treatment["code"] in rule_set.treatments
        for site in treatment["fixed_sites"]
        if site not in rule_set.treatments[treatment["code"]].fixed_sites
    ]


def _refuse_another(existing: RuleSet, content: dict[str, Any]) -> None:
    if existing.status == RuleSet.Status.DRAFT:
        raise RefusedError([f"Rule set {existing} is there as a draft: publish or remove that one first."])
    changed = differences(complete(json.loads(existing.content)), json.loads(canonical(content)))
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
    """Store a row of a set that is being written: nobody else can see it yet, so only the row itself is validated."""
    try:
        row.clean_fields(exclude={field.name for field in row._meta.concrete_fields if field.is_relation})
        row.clean()
    except ValidationError as error:
        raise RefusedError([f"{place}: {message}" for message in error.messages]) from None
    Model.save(row, force_insert=True)
    return row


def _criteria_content(group: Group) -> dict[str, Any]:
    criteria = [
        entry.row() | {"question": entry.question.code if entry.question else None} for entry in group.criteria.all()
    ]
    return {"criteria": criteria}
