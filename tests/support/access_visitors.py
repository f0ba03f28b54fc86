"""Everybody who may come to an address: strangers, patients by their ways, a tablet, and staff of every kind."""

import re
from functools import cached_property

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.urls.exceptions import NoReverseMatch

from clinic.consultations.signing_models import ConsentSheet
from clinic.models import Decision, Invitation, Membership, Patient, SharedDocument, User
from clinic.privacy.models import LegalHold
from clinic.screenings.invitations import invite
from screening import rulesets
from tests.clinic.screenings.invented import a_clinic, a_member
from tests.support.addresses import routes
from tests.support.let_in import admission, handed_over
from tests.support.record import a_document, a_record
from tests.support.shown import just_signed_in

ROLES = tuple(Membership.Role.values)
# The patient's ways in: by the door that is open to everybody, and by what lets one person in.
WAYS = ("check", "by-link", "by-tablet", "signing", "reading")


# A page of allauth has two or three names for one address: the first counts.
PATTERNS = list({route: (name, parts) for route, name, parts in reversed([*routes()])}.values())


class Practice:
    """A clinic with one row of everything and everybody who comes to it; `by` made the rows."""

    def __init__(self, slug="park-street"):
        self.clinic = a_clinic(slug)
        self.by = a_member(self.clinic, name=f"maker-of-{slug}")
        self.row = a_record(self.clinic, self.by)
        self.patient = Patient.objects.get(pk=self.row["patient_id"])
        self.ways = {"check": "check"} | {name: self.way(name) for name in WAYS[1:]}
        self.rows = {
            "slug": self.clinic.slug, "day": "2026-11-20", "section": "details", "position": 0, "number": 1,
            "uidb36": "1", "key": "anything", "object_id": "1", "app_label": "screening", "url": "anything",
            "content_type_id": "1", "secret": "anything",
            "hold_id": LegalHold.objects.create(clinic=self.clinic, patient=self.patient, by=self.by, why="-").pk,
        } | self.row  # fmt: skip

    def way(self, name):
        purposes = {"signing": Invitation.Purpose.CONSENT, "reading": Invitation.Purpose.COPY}
        made, _ = invite(
            clinic=self.clinic,
            patient=self.patient,
            door="tablet" if name == "by-tablet" else "link",
            by=self.by,
            purpose=purposes.get(name, Invitation.Purpose.SELF_CHECK),
        )
        if name == "signing":
            sheet = ConsentSheet.objects.get(pk=self.row["sheet_id"])
            sheet.pk, sheet._state.adding, sheet.invitation = None, True, made
            sheet.decision = Decision.objects.get(pk=self.row["decision_id"])
            sheet.save()
        if name == "reading":
            SharedDocument.objects.create(
                invitation=made, document=a_document(self.clinic, self.patient, self.by, kind="copy")
            )
        return f"{made.door}-{made.ref}"

    @cached_property
    def visitors(self):
        """Their cookies by their names."""
        elsewhere = a_clinic("elsewhere")
        people = {role: a_member(self.clinic, role, name=f"another-{role}") for role in ROLES}
        people["elsewhere"] = a_member(elsewhere, "owner", name="edda")
        people["suspended"] = a_member(self.clinic, "owner", name="sue")
        people["inactive"] = a_member(self.clinic, "owner", name="ina")
        people["admin"] = User.objects.create_superuser("admin@demo.example", name="Admin")
        found = {name: self.signed_in(person) for name, person in people.items()}
        Membership.objects.filter(user=people["suspended"]).update(suspended=True)
        User.objects.filter(pk=people["inactive"].pk).update(is_active=False)
        found["by-tablet"] = handed_over(self.clinic, self.ways["by-tablet"])
        return found | {"by-link": {}, "signing": {}, "reading": {}, "stranger": {}}

    def cookies_of(self, visitor):
        """A visitor's cookies now: what lets somebody in on the tablet holds for three minutes."""
        way = self.ways.get(visitor)
        return self.visitors[visitor] | (admission(way) if way else {})

    def signed_in(self, person):
        client = Client()
        person.set_password("a long pass phrase 1")
        person.save()
        just_signed_in(client, person, ahead=24 * 60 * 60)
        return {name: one.value for name, one in client.cookies.items()}

    def pages(self):
        """Give name, way, address and parts of every page; a page of the patients' ways once for each way."""
        for name, parts in PATTERNS:
            for way in WAYS if "way" in parts else ("",):
                yield name, way, self.address(name, parts, way), parts

    def address(self, name, parts, way):
        rows = self.rows | {"way": self.ways.get(way)}
        try:
            return reverse(name, kwargs={part: rows[part] for part in parts})
        except NoReverseMatch:
            return "/" + re.sub(r"\(\?P<\w+>.*?\)\$", "anything", name)

    def ask(self, visitor, method, address, look=None, **data):
        """Ask for an address with a visitor's browser, and take back whatever came of it; give the answer.

        `look` is called before that, with the answer.
        """
        client = Client()
        for name, value in self.cookies_of(visitor).items():
            client.cookies[name] = value
        with transaction.atomic():
            answer = getattr(client, method)(address, **data)
            let_go(answer)
            if look:
                look(answer)
            transaction.set_rollback(True)
        if visitor == "admin":
            for each in (rulesets._frozen, rulesets._key):
                each.cache_clear()
        return answer


def let_go(answer):
    """Close an answer's files. Its own way would tell Django that a request ends, which closes an open transaction."""
    for close in answer._resource_closers:
        close()


def verdict(answer):
    """Say how a page answered somebody: in, or why not."""
    where = answer.headers.get("Location", "")
    if answer.status_code in (301, 302):
        if where.startswith(("/sign-in/", "/admin/login/")):
            return "sign-in"
        return "no way" if where.endswith(("/birth/", "/over/")) else "in"
    return {401: "sign-in", 403: "refused", 404: "absent", 405: "method"}.get(answer.status_code, "in")
