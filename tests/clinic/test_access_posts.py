"""What no form of staff or patients asks for changes nothing: another clinic's rows, fields that give rights."""

import pytest
from django.apps import apps

from clinic.models import Clinic, Membership, User
from tests.support.access_table import AUDIENCE, who_gets_in
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


# Who posts what they may: the owner the staff's pages, each patient the pages of their way.
PATIENTS = ("by-link", "signing", "reading", "by-tablet")


def pages_of(ours, visitor):
    """Give name and address of the pages that a visitor posts to."""
    return [
        (name, address)
        for name, way, address, _ in ours.pages()
        if (name in AUDIENCE if visitor == "owner" else way == visitor in who_gets_in(name, way, ()))
    ]


def forms_by_action(ours, visitor, pages):
    """The fields of every form that these pages draw, by the address each is sent to."""
    found = {}
    for _, address in pages:
        answer = ours.ask(visitor, "get", address)
        is_page = answer.status_code == 200 and not answer.streaming
        if is_page and answer.headers["Content-Type"].startswith("text/html"):
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


def walked(practices, visitor, sample):
    """Post hostile fields to a visitor's pages; give those that changed what they must not, and how many there were."""
    ours, theirs = practices
    pages = pages_of(ours, visitor)[::sample]
    forms, wrong = forms_by_action(ours, visitor, pages), []
    before = rights(), rows_of(theirs.clinic)
    for name, address in pages:

        def look(answer, name=name):
            people, members = rights()
            # The team's own pages add people, and change the role or the end of who they are asked for.
            kept = people[: len(before[0][0])] if name in CHANGES_THE_TEAM else (people, members)
            was = before[0][0] if name in CHANGES_THE_TEAM else before[0]
            if answer.status_code >= 500 or kept != was or rows_of(theirs.clinic) != before[1]:
                wrong.append(name)

        ours.ask(visitor, "post", address, look=look, data=hostile(forms.get(address, {}), theirs))
    return wrong, len(pages)


def test_what_no_form_asks_for_changes_nothing(practices):
    wrong, sent = walked(practices, "owner", EVERY)
    assert (wrong, sent > 8) == ([], True)


@pytest.mark.sweep
@pytest.mark.parametrize("visitor", ["owner", *PATIENTS])
def test_what_no_form_asks_for_changes_nothing_on_any_page(practices, visitor, record_property, capsys):
    wrong, sent = walked(practices, visitor, 1)
    record_property(f"hostile_posts_{visitor}", sent)
    with capsys.disabled():
        print(f"\nposts of {visitor} with another clinic's rows and unknown fields: {sent}")
    assert (wrong, sent > 1) == ([], True)
