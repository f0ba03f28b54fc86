"""What a form does not ask for changes nothing: another clinic's rows, unknown fields, and fields that give rights."""

import pytest
from django.apps import apps

from clinic.models import Clinic, Membership, User
from tests.support.access_table import AUDIENCE
from tests.support.access_visitors import Practice
from tests.support.small_papers import small_papers
from tests.support.strange_pages import AnyPage, sent_by

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# What no form of ours has: each would give a right, or move a row, if some form took it from what is posted.
EXTRAS = {
    "is_staff": "on", "is_superuser": "on", "is_active": "", "user": "1", "by": "1", "made_by": "1", "opened_by": "1",
    "countersigned_by": "1", "membership": "1", "is_suspended": "", "sessions_ended": "99", "password": "a strange one",
    "clinic_id": "{clinic}", "id": "1", "pk": "1", "voided": "", "at": "1999-01-01T00:00", "sealed": "x",
}  # fmt: skip
CHANGES_THE_TEAM = {
    "staff-team-invite", "staff-team-role", "staff-team-suspend", "staff-team-take-back", "staff-team-replace",
}  # fmt: skip
EVERY = 8


@pytest.fixture
def practices(monkeypatch, settings):
    """Two clinics, each with one row of everything."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    small_papers(monkeypatch)
    return Practice(), Practice("over-there")


def rights():
    """Everything that says who somebody is and where they belong."""
    people = User.objects.order_by("pk").values_list("pk", "is_staff", "is_superuser", "is_active", "password", "email")
    return [*people], [*Membership.objects.order_by("pk").values_list("pk", "user", "clinic", "role", "suspended")]


def rows_of(clinic):
    """Every row of every table that belongs to a clinic, as it stands."""
    found = {"clinic": Clinic.objects.filter(pk=clinic.pk).values()[:]}
    for model in apps.get_app_config("clinic").get_models():
        names = {field.name for field in model._meta.get_fields() if field.concrete}
        if "clinic" in names:
            found[model.__name__] = [*model._base_manager.filter(clinic=clinic).order_by("pk").values()]
    return {name: [*rows] for name, rows in found.items()}


def posts(ours, sample):
    """Give name, parts and address of the pages that the owner posts to."""
    pages = [page for page in ours.pages() if page[0] in AUDIENCE]
    return pages[::sample]


def forms_by_action(ours):
    """The fields of every form that the owner's pages draw, by the address each is sent to."""
    found = {}
    for name, _, address, _ in ours.pages():
        if name not in AUDIENCE:
            continue
        answer = ours.ask("owner", "get", address)
        if (
            answer.status_code == 200
            and not answer.streaming
            and answer.headers["Content-Type"].startswith("text/html")
        ):
            for form in AnyPage(answer.content.decode(), address).forms:
                if form.method == "post":
                    found.setdefault(form.action, sent_by(form))
    return found


def hostile(fields, theirs):
    """A form's own fields, with what it does not ask for and the numbers of the other clinic's rows."""
    known = {part.removesuffix("_id"): str(value) for part, value in theirs.row.items()}
    extras = {name: value.format(clinic=theirs.clinic.pk) for name, value in EXTRAS.items() if name not in fields}
    foreign = {name: known[name] for name in known} | {f"{name}_id": known[name] for name in known}
    return fields | extras | foreign | {"clinic": str(theirs.clinic.pk)}


def walked(practices, sample):
    """Post hostile fields to the owner's pages; give those that changed what they must not, and how many there were."""
    ours, theirs = practices
    forms, wrong, sent = forms_by_action(ours), [], 0
    before = rights(), rows_of(theirs.clinic)
    for name, _, address, _ in posts(ours, sample):

        def look(answer, name=name):
            people, members = rights()
            # The team's own pages add people, and change the role or the end of who they are asked for.
            kept = people[: len(before[0][0])] if name in CHANGES_THE_TEAM else (people, members)
            was = before[0][0] if name in CHANGES_THE_TEAM else before[0]
            if answer.status_code >= 500 or kept != was or rows_of(theirs.clinic) != before[1]:
                wrong.append(name)

        ours.ask("owner", "post", address, look=look, data=hostile(forms.get(address, {}), theirs))
        sent += 1
    return wrong, sent


def test_what_no_form_asks_for_changes_nothing(practices):
    wrong, sent = walked(practices, EVERY)
    assert (wrong, sent > 8) == ([], True)


@pytest.mark.sweep
def test_what_no_form_asks_for_changes_nothing_on_any_page(practices, record_property, capsys):
    wrong, sent = walked(practices, 1)
    record_property("hostile_posts", sent)
    with capsys.disabled():
        print(f"\nposts with another clinic's rows and unknown fields: {sent}")
    assert wrong == []
