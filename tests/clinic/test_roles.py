"""Every staff page, asked for by every role, by a stranger and by another clinic."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from clinic.models import Membership, User
from clinic.people.access import CLINICAL, EVERYBODY, OWNER_ONLY
from tests.clinic.screenings.invented import a_clinic, a_member
from tests.support.record import a_record
from tests.support.small_papers import small_papers

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Who may open what. A page that is not in here fails the first test.
FOR_EVERYBODY = {
    "staff", "staff-day-chosen", "staff-day", "staff-clinic", "staff-patients", "staff-patient", "staff-patient-add",
    "staff-patient-change", "staff-visit-new", "staff-visit-add", "staff-visit", "staff-visit-cancel",
    "staff-visit-take-back", "staff-link", "staff-link-mail", "staff-invitation-close", "staff-tablet",
}  # fmt: skip
FOR_CLINICAL = {
    "staff-received", "staff-received-all", "staff-received-one", "staff-match", "staff-unmatch", "staff-set-aside",
    "staff-screening", "staff-screening-correct", "staff-screening-void", "staff-paper", "staff-intake-open",
    "staff-intake", "staff-intake-save", "staff-intake-store", "staff-intake-drop", "staff-decision-new",
    "staff-statement-new", "staff-referral-new", "staff-decision", "staff-countersign", "staff-decision-void",
    "staff-letter",
    "staff-referrals", "staff-referral", "staff-referral-step", "staff-check", "staff-check-live", "staff-start",
    "staff-stop", "staff-consent-new", "staff-consent", "staff-session", "staff-session-record",
    "staff-session-void", "staff-adverse-new", "staff-adverse-events", "staff-adverse",
    "staff-consent-open", "staff-consent-sheet", "staff-consent-paper",
    "staff-papers", "staff-document", "staff-document-withdraw", "staff-summary", "staff-session-paper",
    "staff-copy", "staff-document-share", "staff-referral-letter", "staff-photographs", "staff-photographs-erase",
    "staff-photograph", "staff-photograph-erase", "staff-blank-form", "staff-pack",
    "staff-patient-seen", "staff-record", "staff-access-export", "staff-hold",
}  # fmt: skip
FOR_THE_OWNER = {
    "staff-team", "staff-team-invite", "staff-team-member", "staff-team-role", "staff-team-suspend",
    "staff-team-take-back", "staff-team-replace", "staff-team-second-factor", "staff-team-invite-again",
    "staff-settings", "staff-settings-change", "staff-device-add", "staff-device-change",
    "staff-trail", "staff-trail-export",
    "staff-hold-lift", "staff-erase", "staff-retention", "staff-retention-change",
}  # fmt: skip
AUDIENCE = {
    **dict.fromkeys(FOR_EVERYBODY, EVERYBODY),
    **dict.fromkeys(FOR_CLINICAL, CLINICAL),
    **dict.fromkeys(FOR_THE_OWNER, OWNER_ONLY),
}
OTHER_VALUES = {"day": "2026-11-20", "section": "details", "position": 0}
# A record of its own clinic is asked for, whichever it is: these addresses name none.
NAMES_NO_ROW = {"section", "day", "position", "treatment"}


def staff_patterns(patterns=None, before=""):
    """Give the name and the arguments of every address below /staff/."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        part = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from staff_patterns(entry.url_patterns, part)
        elif part.startswith("staff/"):
            yield entry.name, tuple(re.findall(r"<\w+:(\w+)>", part))


PATTERNS = sorted(set(staff_patterns()))


def addresses(row):
    for name, arguments in PATTERNS:
        yield name, arguments, reverse(name, kwargs={one: (OTHER_VALUES | row)[one] for one in arguments})


@pytest.fixture
def practice():
    clinic = a_clinic()
    return clinic, a_record(clinic, a_member(clinic))


def signed_in(role, clinic):
    client = Client()
    client.force_login(a_member(clinic, role, name=f"another-{role}"))
    return client


@pytest.mark.hazard("H-35")
def test_the_table_names_every_staff_page():
    assert {name for name, _ in PATTERNS} == set(AUDIENCE)


@pytest.mark.hazard("H-35")
def test_every_role_opens_its_pages_and_is_refused_the_others(practice, monkeypatch):
    small_papers(monkeypatch)
    clinic, row = practice
    opened = {name: set() for name, _ in PATTERNS}
    for role in Membership.Role.values:
        client = signed_in(role, clinic)
        person = User.objects.get(email=f"another-{role}@demo.example")
        for name, _, address in addresses(row):
            # Anew each time: handing over the tablet signs the person out.
            client.force_login(person)
            statuses = {status(client.get(address)), status(client.post(address))}
            assert max(statuses) < 500, address
            # 405 is said before anybody is asked who they are.
            if statuses - {403, 405}:
                opened[name].add(role)
    assert opened == {name: set(roles) for name, roles in AUDIENCE.items()}


def status(answer):
    """How a page answered. A file that is handed over stays open until the answer is closed."""
    answer.close()
    return answer.status_code


def test_a_stranger_is_sent_to_the_sign_in(practice, client):
    _, row = practice
    for _, _, address in addresses(row):
        for method in (client.get, client.post):
            answer = method(address)
            # What an intake saves in the background is told that the sign-in ended, and stays where it is.
            where = answer.headers.get("Location", "")[:9]
            assert (answer.status_code, where) in [(302, "/sign-in/"), (401, ""), (405, "")], address


@pytest.mark.hazard("H-35")
def test_another_clinics_rows_answer_as_rows_that_do_not_exist(practice):
    _, row = practice
    elsewhere = a_clinic("elsewhere")
    client = Client()
    client.force_login(a_member(elsewhere, name="edda"))
    missing = {name: 987654321 if isinstance(value, int) else value for name, value in row.items()}
    pairs = zip(addresses(row), addresses(missing), strict=True)
    for (name, arguments, theirs), (_, _, nobodys) in pairs:
        if not set(arguments) - NAMES_NO_ROW:
            continue
        for method in (client.get, client.post):
            answer, none = method(theirs), method(nobodys)
            assert (answer.status_code, plain(answer)) == (none.status_code, plain(none)), name
            assert answer.status_code in (404, 405), name


def plain(answer):
    """What an answer says, without the tokens that differ each time."""
    return re.sub(r'value="\w{64}"', "", answer.content.decode())


def test_a_person_who_was_suspended_opens_nothing_from_the_next_request_on(practice):
    clinic, row = practice
    client = signed_in("owner", clinic)
    assert client.get(reverse("staff")).status_code == 200
    Membership.objects.filter(user=User.objects.get(email="another-owner@demo.example")).update(suspended=True)
    answers = {name: client.get(address).status_code for name, _, address in addresses(row)}
    opened = {name for name, status in answers.items() if status == 200}
    assert opened <= {"staff"}
