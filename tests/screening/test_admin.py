"""The rules in the admin: to be browsed by those with a place there, and changed by nobody."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from clinic.models import User
from screening.models import Citation, Criterion, Goal, Group, Question, Rule, RuleSet, Site, Source, Treatment
from tests.screening.rule_set_one import rule_set

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MODELS = [Rule, Question, RuleSet, Site, Source, Treatment]
ALL_MODELS = [*MODELS, Citation, Criterion, Goal, Group]
by_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


@pytest.fixture
def superuser() -> Client:
    return signed_in(User.objects.create_superuser("olive@demo.example", "a long pass phrase 1", name="Olive"))


@pytest.fixture
def staff() -> Client:
    return signed_in(User.objects.create_user("nia@demo.example", name="Nia", is_staff=True))


@pytest.fixture
def outsider() -> Client:
    return signed_in(User.objects.create_user("perry@demo.example", name="Perry"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(model, page: str, *arguments) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=arguments)


def listed(client: Client, model, **query: str) -> list[str]:
    """The codes on the pages of a list."""
    codes, page = [], 1
    while True:
        response = client.get(address(model, "changelist"), query | {"p": page})
        assert response.status_code == 200
        results = response.context["cl"]
        codes += [row.code for row in results.result_list]
        if page >= results.paginator.num_pages:
            return codes
        page += 1


def text_of(response) -> str:
    """What a page says, without its tags and with single spaces."""
    without = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(without))


def everything() -> dict[str, list]:
    """All rows of all rules, as they stand in the database."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in ALL_MODELS}


def rules_where(keep) -> list[str]:
    return [code for code, rule in rule_set().rules.items() if keep(rule)]


def test_the_list_has_every_rule_in_the_order_of_the_catalogue(staff):
    assert listed(staff, Rule) == list(rule_set().rules)


@pytest.mark.parametrize("grade", ["contraindicated", "not-advised", "defer", "refer", "site", "prepare", "note"])
def test_rules_are_kept_by_grade(staff, grade):
    kept = listed(staff, Rule, grade__exact=grade)
    assert kept == rules_where(lambda rule: rule.grade == grade)
    assert kept != []


def test_rules_of_one_grade_are_those_of_the_catalogue(staff):
    assert listed(staff, Rule, grade__exact="defer") == ["viral-illness", "bleeding", "purulent-inflammation", "fever"]
    assert listed(staff, Rule, grade__exact="prepare") == ["recent-meal", "metal-removed", "measure-blood-pressure"]


def test_rules_are_kept_by_source(staff):
    of_m = listed(staff, Rule, citations__source__id__exact=str(Source.objects.get(code="M").pk))
    of_f = listed(staff, Rule, citations__source__id__exact=str(Source.objects.get(code="F").pk))
    assert of_m == rules_where(lambda rule: "M" in {citation.source for citation in rule.citations})
    assert of_f == [
        *("implanted-electronic-device", "recent-procedure", "material-allergy", "anything-else", "heating-device"),
        *("goal-good-fit", "goal-poor-fit"),
    ]


@pytest.mark.parametrize(
    ("treatment", "left_out"),
    [
        ("facial-ems", {"heating-device", "fracture-and-exercise"}),
        ("emface", {"fracture-and-exercise"}),
        ("body-microcurrent", {"heating-device", "fracture-and-exercise"}),
        ("ems-training", {"heating-device"}),
    ],
)
def test_rules_are_kept_by_treatment_with_those_for_all(staff, treatment, left_out):
    assert listed(staff, Rule, treatment=treatment) == rules_where(lambda rule: rule.code not in left_out)


def test_the_filters_offer_treatments_grades_and_sources(staff):
    response = staff.get(address(Rule, "changelist"))
    titles = [spec.title for spec in response.context["cl"].filter_specs]
    assert {"treatment", "grade", "source"} <= set(titles)
    by_title = dict(zip(titles, response.context["cl"].filter_specs, strict=True))
    assert [code for code, _ in by_title["treatment"].lookup_choices] == [
        *("facial-ems", "emface", "facial-microcurrent", "body-myostimulation", "body-microcurrent", "ems-training")
    ]


def test_a_rules_page_shows_its_criteria_its_sources_and_both_wordings(staff):
    rule = Rule.objects.get(code="hernia")
    page = text_of(staff.get(address(Rule, "change", rule.pk)))
    for words in (rule.practitioner_wording, rule.patient_wording, rule.practitioner_unresolved, rule.next_step):
        assert words in page
    assert rule.patient_wording != rule.practitioner_wording
    criteria = Criterion.objects.filter(group__rule=rule)
    assert [str(criterion) in page for criterion in criteria] == [True, True]
    assert "b9" in page


def test_the_page_of_a_rule_with_several_groups_shows_the_criteria_of_each(staff):
    page = text_of(staff.get(address(Rule, "change", Rule.objects.get(code="high-blood-pressure").pk)))
    for code in ("blood-pressure", "hypertension", "hypertension-controlled"):
        assert code in page
    assert page.count("advice-today") >= 1


def test_a_questions_page_shows_its_words_when_it_is_asked_and_what_reads_it(staff):
    question = Question.objects.get(code="past-cancer")
    page = text_of(staff.get(address(Question, "change", question.pk)))
    for words in (question.wording, question.help, question.why, "in-person"):
        assert words in page
    assert "read by" in page.lower()
    asked_when, read_by = page.lower().split("asked when", 1)[1].split("read by", 1)
    assert "cancer" in asked_when
    assert "past-cancer" in read_by


def test_rules_are_found_by_their_words(staff):
    assert listed(staff, Rule, q="pacemaker") == ["pacemaker"]
    assert listed(staff, Rule, q="no such words anywhere") == []


def test_the_list_of_rules_costs_the_same_queries_however_long_it_is(staff):
    with CaptureQueriesContext(connection) as whole:
        staff.get(address(Rule, "changelist"))
    with CaptureQueriesContext(connection) as short:
        staff.get(address(Rule, "changelist"), {"grade__exact": "prepare"})
    assert (len(whole), len(short)) == (10, 10)


@by_model
def test_the_superuser_may_look_and_nothing_else(superuser, model):
    row = model.objects.first()
    looked = superuser.get(address(model, "change", row.pk))
    assert (superuser.get(address(model, "changelist")).status_code, looked.status_code) == (200, 200)
    refused = [address(model, "add"), address(model, "delete", row.pk)]
    assert [superuser.get(page).status_code for page in refused] == [403, 403]
    inlines = looked.context["inline_admin_formsets"]
    assert list(looked.context["adminform"].form.fields) == []
    assert [inline.has_change_permission or inline.has_add_permission for inline in inlines] == [False] * len(inlines)
    assert not re.search(r'name="_(save|continue|addanother|saveasnew)"', looked.content.decode())


@by_model
def test_nothing_changes_when_the_superuser_posts_by_hand(superuser, model):
    before, row = everything(), model.objects.first()
    fields = {field.name: "x" for field in model._meta.concrete_fields} | {"_save": "Save", "post": "yes"}
    posted = [
        superuser.post(address(model, "add"), fields),
        superuser.post(address(model, "change", row.pk), fields),
        superuser.post(address(model, "delete", row.pk), {"post": "yes"}),
    ]
    assert [response.status_code for response in posted] == [403, 403, 403]
    superuser.post(
        address(model, "changelist"),
        {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes", "index": "0"},
    )
    assert everything() == before


def test_the_groups_and_sources_of_a_rule_cannot_be_posted_with_it(superuser):
    before, rule = everything(), Rule.objects.get(code="pacemaker")
    group, citation = rule.groups.first(), rule.citations.first()
    fields = {"code": "pacemaker", "grade": "note", "_save": "Save"}
    for prefix, inner in (("groups", group), ("citations", citation)):
        fields |= {f"{prefix}-TOTAL_FORMS": "2", f"{prefix}-INITIAL_FORMS": "1", f"{prefix}-0-id": str(inner.pk)}
        fields |= {f"{prefix}-0-rule": str(rule.pk), f"{prefix}-0-DELETE": "on", f"{prefix}-0-place": "b99"}
    assert superuser.post(address(Rule, "change", rule.pk), fields).status_code == 403
    assert everything() == before


@by_model
def test_no_list_offers_an_action(superuser, model):
    response = superuser.get(address(model, "changelist"))
    assert not response.context["action_form"]
    assert response.context["has_add_permission"] is False


def test_what_the_admin_shows_is_the_rules_that_are_tested_here_and_nobodys_second_factor():
    assert get_resolver().url_patterns
    assert set(admin.site._registry) == set(MODELS)


@by_model
@pytest.mark.parametrize("page", ["changelist", "add", "change", "delete", "history"])
def test_a_stranger_is_sent_to_sign_in_and_sees_nothing(client, model, page):
    arguments = [model.objects.first().pk] if page in ("change", "delete", "history") else []
    for response in (client.get(address(model, page, *arguments)), client.post(address(model, page, *arguments))):
        assert response.status_code == 302
        assert response.url.startswith(("/sign-in/?next=", "/admin/login/?next="))
        assert response.content == b""


@by_model
@pytest.mark.parametrize("page", ["changelist", "add", "change", "delete", "history"])
def test_somebody_without_a_place_in_the_admin_gets_nothing(outsider, model, page):
    arguments = [model.objects.first().pk] if page in ("change", "delete", "history") else []
    for send in (outsider.get, outsider.post):
        response = send(address(model, page, *arguments), follow=True)
        assert response.status_code == 403
        assert not any(code in response.content.decode() for code in ("pacemaker", "heart-device", "cheek-left"))


def test_somebody_who_has_left_gets_nothing():
    user = User.objects.create_user("gone@demo.example", name="Gone", is_staff=True)
    client = signed_in(user)
    assert client.get(address(Rule, "changelist")).status_code == 200
    User.objects.update(is_active=False)
    assert client.get(address(Rule, "changelist")).status_code == 302
