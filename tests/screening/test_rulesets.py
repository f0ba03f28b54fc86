"""One door for rules: what is published is frozen, what gets past the door is found, and then nobody is screened."""

import copy
import hashlib
import json
from io import StringIO

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command

from screening import rulesets
from screening.models import Citation, Criterion, Goal, Group, Question, Rule, RuleSet, Site, Source, Treatment
from screening.rulesets import NotScreenable, RefusedError, alterations, load, published
from tests.screening.rule_set_one import FIXTURE

pytestmark = pytest.mark.django_db


def fixture(**changes):
    return json.loads(FIXTURE.read_text()) | changes


def row(fixture, table, code):
    return next(entry for entry in fixture[table] if entry["code"] == code)


def test_digest_is_the_sha_256_of_the_canonical_content():
    stored = RuleSet.objects.get()
    assert stored.digest == hashlib.sha256(stored.content.encode()).hexdigest()
    canonical = json.dumps(json.loads(stored.content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert stored.content == canonical


def test_loading_again_changes_nothing_and_says_so():
    before = serializers.serialize("json", RuleSet.objects.all())
    told = StringIO()
    call_command("load_rules", stdout=told)
    digest = RuleSet.objects.get().digest
    assert told.getvalue() == f"Rule set ems 1-1 is published already; nothing changed. Digest: {digest}\n"
    assert serializers.serialize("json", RuleSet.objects.all()) == before


def test_fixtures_are_loaded_in_the_order_of_their_numbers(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    (tmp_path / "fixtures").mkdir()
    for number in (10, 9):
        (tmp_path / "fixtures" / f"rule-set-{number}.json").write_text(
            json.dumps(json.loads(FIXTURE.read_bytes()) | {"version": str(number)})
        )
    call_command("load_rules", stdout=StringIO())
    assert published().version == "10"


@pytest.mark.hazard("H-26")
def test_edited_published_version_is_refused_with_the_place_and_the_cure():
    edited = fixture()
    row(edited, "rules", "hernia")["grade"] = "refer"
    with pytest.raises(RefusedError) as refused:
        load(edited, reason="", by="")
    assert refused.value.faults == [
        'rule set ems 1-1: rules.hernia.grade: published as "contraindicated", now "refer"',
        "A published version stays as it is; give a changed fixture a new version.",
    ]


def test_new_version_is_screened_with_at_once_in_the_same_process(django_assert_num_queries):
    assert published().version == "1-1"
    load(fixture(version="2"), reason="A test", by="Tess Tester")
    assert published().version == "2"
    with django_assert_num_queries(1):
        assert published().version == "2"


def test_who_published_a_version_and_why_is_kept():
    stored, changed = load(fixture(version="2"), reason="Stricter fever", by="Tess Tester")
    assert (stored.reason, stored.published_by, changed) == ("Stricter fever", "Tess Tester", True)
    assert stored.published_at is not None


def test_refused_fixture_leaves_nothing_behind():
    broken = fixture(version="2")
    row(broken, "treatments", "emface")["name"] = "n" * 81
    with pytest.raises(RefusedError) as refused:
        load(broken, reason="", by="")
    assert refused.value.faults == ["treatments.emface: Ensure this value has at most 80 characters (it has 81)."]
    assert list(RuleSet.objects.values_list("version", flat=True)) == ["1-1"]


@pytest.mark.hazard("H-12")
@pytest.mark.parametrize(
    "model", [Citation, Criterion, Goal, Group, Question, Rule, RuleSet, Site, Source, Treatment], ids=str
)
def test_published_row_is_neither_saved_nor_deleted(model):
    refusal = r"Rule set ems 1-1 is published and stays as it is\. Load a new version instead\."
    first = model.objects.first()
    with pytest.raises(rulesets.ValidationError, match=refusal):
        first.save()
    with pytest.raises(rulesets.ValidationError, match=refusal):
        first.delete()


def test_published_set_is_not_made_a_draft_again_in_memory_to_be_changed():
    stored = RuleSet.objects.get()
    stored.status = RuleSet.Status.DRAFT
    with pytest.raises(rulesets.ValidationError):
        stored.save()


@pytest.mark.hazard("H-12")
@pytest.mark.parametrize(
    ("alter", "difference"),
    [
        (
            lambda: Rule.objects.filter(code="hernia").update(grade="note"),
            'rules.hernia.grade: published as "contraindicated", now "note"',
        ),
        (
            lambda: Criterion.objects.filter(group__rule__code="epilepsy").update(value=["no"]),
            'rules.epilepsy.groups[0].criteria[0].value: published as ["yes"], now ["no"]',
        ),
        (
            lambda: Group.objects.filter(rule__code="health-changed").update(status="met"),
            'rules.health-changed.groups[0].status: published as "unresolved", now "met"',
        ),
        (
            lambda: Citation.objects.filter(rule__code="hernia").update(place="b1"),
            'rules.hernia.citations[0].place: published as "b9", now "b1"',
        ),
        (
            lambda: Citation.objects.filter(rule__code="hernia").delete(),
            'rules.hernia.citations: published as [{"place": "b9", "source": "M"}], now []',
        ),
        (
            lambda: Question.objects.filter(code="sepsis").update(required=False),
            "questions.sepsis.required: published as true, now false",
        ),
        (
            lambda: Site.objects.filter(code="throat").update(plannable=False),
            "sites.throat.plannable: published as true, now false",
        ),
        (
            lambda: Treatment.objects.filter(code="emface").update(regions=["face"]),
            'treatments.emface.regions: published as ["face", "neck"], now ["face"]',
        ),
        (lambda: Goal.objects.filter(code="sport").delete(), 'goals.sport: published as {"area": "body", "code": '),
        (
            lambda: Source.objects.filter(code="M").update(title="Another article"),
            'sources.M.title: published as "Myostimulation - what is it and what is this procedure for?", now "Another'
            ' article"',
        ),
        (
            lambda: RuleSet.objects.update(limits={"systolic-high": 300}),
            "limits.diastolic-advice-today: published as 110, now nothing",
        ),
        (lambda: RuleSet.objects.update(sections=[]), "sections: published as [{"),
        (
            lambda: Rule.objects.filter(code="pacemaker").update(position=99),
            "rules: the order is another",
        ),
        (
            lambda: Goal.objects.bulk_create(
                [Goal(rule_set=RuleSet.objects.get(), position=99, code="new", name="New", area="any")]
            ),
            "goals.new: published as nothing, now {",
        ),
    ],
)
def test_row_changed_past_the_models_is_named_and_nobody_is_screened(alter, difference):
    alter()
    with pytest.raises(NotScreenable) as refused:
        published()
    assert str(refused.value).startswith(f"Rule set ems 1-1 is not as it was published: {difference}")
    with pytest.raises(CommandError, match="Rule set ems 1-1 is not as it was published"):
        call_command("check_rules")


def test_row_changed_by_loaddata_is_named(tmp_path):
    changed = json.loads(serializers.serialize("json", Rule.objects.filter(code="hernia")))
    changed[0]["fields"]["grade"] = "note"
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(changed))
    call_command("loaddata", path, verbosity=0)
    assert alterations(RuleSet.objects.get()) == ['rules.hernia.grade: published as "contraindicated", now "note"']


@pytest.mark.hazard("H-12")
def test_content_that_does_not_match_its_digest_is_named():
    stored = RuleSet.objects.get()
    content = stored.content.replace('"grade":"contraindicated"', '"grade":"note"')
    RuleSet.objects.update(content=content)
    digest = hashlib.sha256(content.encode()).hexdigest()
    with pytest.raises(NotScreenable) as refused:
        published()
    assert str(refused.value) == (
        f"Rule set ems 1-1 is not as it was published: its content has the digest {digest},"
        f" but was published with {stored.digest}"
    )


@pytest.mark.hazard("H-12")
def test_content_changed_together_with_its_digest_differs_from_the_rows():
    stored = RuleSet.objects.get()
    content = stored.content.replace('"hiatus"', '"hiatal"')
    RuleSet.objects.update(content=content, digest=hashlib.sha256(content.encode()).hexdigest())
    with pytest.raises(NotScreenable, match=r"questions\.hernia-kind\.choices\.hiatal: published as"):
        published()


def test_published_set_marked_as_a_draft_is_named_and_the_one_before_does_not_take_its_place():
    load(fixture(version="2"), reason="", by="")
    RuleSet.objects.filter(version="2").update(status=RuleSet.Status.DRAFT)
    with pytest.raises(NotScreenable, match=r"The newest rule set was published, and is marked as draft now\."):
        published()


def test_place_is_never_taken_from_a_fixed_plan():
    changed = fixture(version="2")
    row(changed, "treatments", "ems-training")["fixed_sites"].remove("abdomen")
    with pytest.raises(RefusedError) as refused:
        load(changed, reason="", by="")
    assert refused.value.faults == [
        "treatments.ems-training.fixed_sites: abdomen is gone, and no place is ever taken from a fixed plan"
    ]


def test_without_a_published_set_the_cure_is_named():
    RuleSet.objects.update(status=RuleSet.Status.DRAFT, published_at=None)
    with pytest.raises(NotScreenable, match=r"No rule set is published\. Run: python manage\.py load_rules"):
        published()


def faulty(change):
    changed = copy.deepcopy(fixture(version="2"))
    change(changed)
    return changed


def first_criterion(fixture, rule):
    return row(fixture, "rules", rule)["groups"][0]["criteria"][0]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (lambda f: f.pop("rules"), ["rules: is missing"]),
        (lambda f: f.update(surprise=1), ["surprise: is not a field"]),
        (lambda f: row(f, "rules", "hernia").update(gradee="x"), ["rules.hernia.gradee: is not a field"]),
        (lambda f: row(f, "rules", "hernia").pop("title"), ["rules.hernia.title: is missing"]),
        (
            lambda f: row(f, "rules", "hernia").update(grade="severe"),
            [
                "rules.hernia.grade: 'severe' is not one of contraindicated, not-advised, defer, refer, site, prepare,"
                " note"
            ],
        ),
        (lambda f: f["rules"].append(row(f, "rules", "hernia")), ["rules.hernia: is there twice"]),
        (
            lambda f: first_criterion(f, "hernia").update(question="hernias"),
            ["rules.hernia.groups[0].criteria[0]: 'hernias' is not a question it can read"],
        ),
        (
            lambda f: first_criterion(f, "hernia").update(operator="equals"),
            [
                "rules.hernia.groups[0].criteria[0]: operator 'equals' is unknown; use one of is, said, not-said, only,"
                " not-only, unanswered, marked, within-months, within-minutes, at-least, below, planned, goal"
            ],
        ),
        (
            lambda f: first_criterion(f, "hernia").update(operator="marked", value=None),
            ["rules.hernia.groups[0].criteria[0]: operator 'marked' reads sites, but hernia is a choice"],
        ),
        (
            lambda f: first_criterion(f, "hernia").update(value=["maybe"]),
            ["rules.hernia.groups[0].criteria[0]: 'maybe' is not one of its choices"],
        ),
        (
            lambda f: first_criterion(f, "hernia").update(value=[]),
            ["rules.hernia.groups[0].criteria[0]: value must be a list of choices, and not empty"],
        ),
        (
            lambda f: row(f, "questions", "hernia").update(
                when=[{"criteria": [{"question": "hernia", "operator": "said", "value": ["yes"]}]}]
            ),
            ["questions.hernia.when[0].criteria[0]: the condition asks for itself"],
        ),
        (
            lambda f: row(f, "questions", "cancer").update(
                when=[{"criteria": [{"question": "past-cancer", "operator": "said", "value": ["yes"]}]}]
            ),
            [
                "questions.cancer.when[0].criteria[0]: 'past-cancer' is not a question it can read (a condition looks"
                " at earlier questions only)"
            ],
        ),
        (
            lambda f: row(f, "rules", "breast")["groups"][0].pop("bars"),
            ["rules.breast.groups[0].bars: 'nothing' does not say which places its criteria bar"],
        ),
        (
            lambda f: row(f, "sites", "nose").update(neighbours=["snout"]),
            ["sites.nose.neighbours: 'snout' is not a site of this set"],
        ),
        (
            lambda f: f["limits"].update({"meal-minutes": 90.5}),
            ["content: 90.5 is a float; write it as text to keep its decimals exact"],
        ),
        (
            lambda f: f["limits"].update({"meal-minutes": "90.5"}),
            ["rules.recent-meal.groups[0]: limit 'meal-minutes' is not a whole number of at least 1"],
        ),
        (
            lambda f: f["limits"].update({"systolic-high": 181}),
            ["limits.systolic-high: 181 is not allowed for systolic; set 1 to 180"],
        ),
        (
            lambda f: f["limits"].update({"diastolic-high": 111}),
            ["limits.diastolic-high: 111 is not allowed for diastolic; set 1 to 110"],
        ),
        (
            lambda f: f["limits"].update({"operation-months": 8}),
            ["limits.operation-months: 8 is not allowed for within-months; set 9 to 12"],
        ),
        (
            lambda f: f["limits"].update({"meal-minutes": 89}),
            ["limits.meal-minutes: 89 is not allowed for within-minutes; set 90 to 1440"],
        ),
        (
            lambda f: f["limits"].update({"temperature-fever": "38.1"}),
            ["limits.temperature-fever: 38.1 is not allowed for temperature; set 1 to 38"],
        ),
    ],
)
def test_fault_of_a_fixture_is_named_with_its_place(change, faults):
    with pytest.raises(RefusedError) as refused:
        load(faulty(change), reason="", by="")
    assert refused.value.faults == faults


def test_stricter_limits_are_free_to_set():
    strict = {"systolic-high": 140, "diastolic-high": 90, "temperature-fever": "37.5", "operation-months": 12}
    stored, _ = load(faulty(lambda f: f["limits"].update(strict)), reason="", by="")
    assert {name: stored.limits[name] for name in strict} == strict
