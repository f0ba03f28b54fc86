import pytest

from clinic.models import Clinic, Membership, User
from screening.models import Rule, RuleSet
from screening.rulesets import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_rule_set():
    RuleSet.objects.update(status=RuleSet.Status.DRAFT, published_at=None)


def sign_in(client, **fields):
    person = User.objects.create_user("olive@demo.example", name="Olive", **fields)
    Membership.objects.create(clinic=Clinic.objects.create(name="A", slug="a"), user=person, role="owner")
    client.force_login(person)


def test_home_shows_the_treatments_with_rules_apart_from_those_without(client):
    response = client.get("/")
    assert [card["treatment"].code for card in response.context["offered"]] == [
        "facial-ems",
        "emface",
        "facial-microcurrent",
        "body-myostimulation",
        "body-microcurrent",
        "ems-training",
    ]
    assert [entry.code for entry in response.context["not_offered"]] == ["iontophoresis"]


def test_every_treatment_has_a_picture(client):
    assert client.get("/").content.decode().count('class="picture"') == 6


def test_home_without_a_rule_set_stays_calm_and_says_what_to_do(client, no_rule_set):
    response = client.get("/")
    assert response.status_code == 200
    assert "No rules are in force right now" in response.content.decode()


def test_home_never_says_safe_and_says_who_decides(client):
    text = client.get("/").content.decode()
    assert "safe" not in text.lower()
    assert "a professional decides" in text
    assert "not a diagnosis" in text


def test_the_settings_name_the_rules_in_force(client):
    sign_in(client)
    text = client.get("/staff/settings/").content.decode()
    rule_set = published()
    for words in (rule_set.code, rule_set.version, rule_set.digest[:12]):
        assert words in text
    assert rule_set.digest[:13] not in text


def test_the_settings_lead_to_the_rules_only_where_the_admin_is_open(client):
    sign_in(client, is_staff=True)
    assert "Read the rules" in client.get("/staff/settings/").content.decode()
    User.objects.update(is_staff=False)
    assert "Read the rules" not in client.get("/staff/settings/").content.decode()


def test_todays_list_without_a_rule_set_says_why_and_what_cures_it(client, no_rule_set):
    sign_in(client)
    assert "No rule set is published. Run: python manage.py load_rules" in client.get("/staff/").content.decode()


def test_altered_rules_are_named_on_todays_list_and_not_used(client):
    Rule.objects.filter(code="hernia").update(grade="note")
    sign_in(client)
    fault = f"Rule set {RuleSet.objects.get()} is not as it was published: rules.hernia.grade"
    assert fault in client.get("/staff/").content.decode()
    assert "No rules are in force right now" in client.get("/").content.decode()


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404)])
def test_an_error_page_has_our_look_and_a_way_on(client, path, status):
    response = client.get(path)
    assert response.status_code == status
    assert "Go to the home page" in response.content.decode()


def test_a_failure_shows_our_page_and_none_of_the_reason(client, monkeypatch):
    def fail():
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("clinic.views.published", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert "secret reason" not in response.content.decode()


def test_an_old_form_gets_our_page(settings):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "olive@demo.example"})
    assert response.status_code == 403
    assert "This form has grown old" in response.content.decode()
