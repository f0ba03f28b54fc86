"""Everybody who can come to any address, each ready to send something there, with one row of everything."""

from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product

from django.contrib.auth.tokens import default_token_generator
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.urls.exceptions import NoReverseMatch
from django.utils.http import int_to_base36

from clinic.models import Membership, User
from clinic.people.settings_forms import SECTIONS
from screening import rulesets
from tests.conftest import WRITES_RULES
from tests.support.access_visitors import let_go
from tests.support.addresses import routes
from tests.support.let_in import admission
from tests.support.shown import just_signed_in
from tests.support.strange_pages import AnyPage

PASSWORD = "a long pass phrase 1"


@dataclass
class Visitor:
    """Somebody with a browser. `places`: what stands for each part of an address; `forms`: fields by address."""

    name: str
    client: Client
    places: dict
    areas: tuple
    cookies: dict = field(default_factory=dict)

    def __post_init__(self):
        self.client.raise_request_exception = False
        self.cookies = {name: one.value for name, one in self.client.cookies.items()}

    def as_before(self):
        """Give the browser the cookies that it came with, and no others."""
        self.client.cookies.clear()
        for name, value in self.cookies.items():
            self.client.cookies[name] = value

    def addresses(self):
        """Give name and address of every page in this visitor's areas for which something stands for each part."""
        for name, parts in PATTERNS:
            if name.startswith(self.areas):
                yield from ((name, address) for address in self._filled(name, parts))

    def _filled(self, name, parts):
        for values in product(*(in_a_list(self.places.get(part)) for part in parts)):
            with suppress(NoReverseMatch):
                yield reverse(name, kwargs=dict(zip(parts, values, strict=True)))


# A page of allauth has two names, and one does; what has none is no page of ours.
PATTERNS = sorted({(name, parts) for route, name, parts in routes() if name != route})
STAFF = ("staff", "mfa_", "account_", "sign-out", "home")
OPEN = ("home", "sign-in", "account_", "mfa_", "verify", "clinic-", "link-door", "health", "security")
WAY = ("self-check", "consent-sign", "shared-", "birth")


def signed_in(user):
    """A browser in which somebody has signed in, and has shown again just now, and for hours, that it is them."""
    client = Client()
    just_signed_in(client, user, ahead=24 * 60 * 60)
    return client


def carrying(**cookies):
    client = Client()
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def admitted(way, *, confirmed=True):
    return carrying(**admission(way, confirmed=confirmed))


def with_a_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def in_a_list(value):
    return value if isinstance(value, list) else [value]


def way_of(invitation):
    return f"{invitation.door}-{invitation.ref}"


class Town:
    """A clinic with one row of everything, and everybody who can come to its pages. `visitors` by name."""

    def __init__(self):
        from tests.clinic.documents.signed import Signed
        from tests.support.record import a_record

        self.signed = Signed()
        self.world = self.signed.world
        self.clinic = self.world.clinic
        self.clinic.suit_sites = ["chest"]
        self.clinic.save()
        self.places = self.of_places() | a_record(self.clinic, self.world.by)
        self.places |= self.opened_ones()
        self.visitors = {one.name: one for one in (*self.staff(), *self.strangers(), *self.patients())}

    def of_places(self):
        user = User.objects.create_user("forgetful@demo.example", PASSWORD, name="Forgetful")
        uid, key = int_to_base36(user.pk), default_token_generator.make_token(user)
        return {
            "slug": self.clinic.slug, "day": "2026-11-20", "section": list(SECTIONS), "position": 0, "number": 1,
            "uidb36": uid, "key": [key, "set-password"], "object_id": "1", "app_label": "screening", "url": "anything",
            "content_type_id": "1", "way": "check", "secret": "anything",
        }  # fmt: skip

    def opened_ones(self):
        """Rows as their services make them, beside the invented ones: of these more can be done."""
        from tests.clinic.consultations import rows
        from tests.clinic.consultations.intakes import an_intake

        world, row = self.world, self.places
        rows.a_session(world.consented or world.a_consent(), by=world.by)
        intake = an_intake(self.clinic, world.by)
        return {
            "decision_id": [row["decision_id"], world.decided.pk], "intake_id": intake.pk,
            "screening_id": [row["screening_id"], world.screening.pk], "sheet_id": [row["sheet_id"],
            self.signed.sheet.pk],
        }  # fmt: skip

    def staff(self):
        from tests.clinic.screenings.invented import a_clinic, a_member

        people = {role: a_member(self.clinic, role, name=f"another-{role}") for role in Membership.Role.values}
        people["elsewhere"] = a_member(a_clinic("elsewhere"), "owner", name="edda")
        for name, person in people.items():
            yield Visitor(name, signed_in(with_a_password(person)), self.places, STAFF)
        admin = User.objects.create_superuser("admin@demo.example", PASSWORD, name="Admin")
        yield Visitor("admin", signed_in(admin), self.places, ("admin:", "account_", "mfa_"))
        yield Visitor("with-second-factor", signed_in(self.with_a_second_factor()), self.places, ("mfa_", "account_"))

    def with_a_second_factor(self):
        from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        user = User.objects.create_user("two@demo.example", PASSWORD, name="Two")
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
        return user

    def strangers(self):
        yield Visitor("stranger", Client(), self.places, OPEN + STAFF)
        half = Client()
        half.post(reverse("sign-in"), {"login": "two@demo.example", "password": PASSWORD})
        yield Visitor("half-signed-in", half, self.places, ("sign-in", "mfa_authenticate"))
        forgetful = Client()
        key = self.places["key"][0]
        forgetful.get(reverse("account_reset_password_from_key", args=[self.places["uidb36"], key]))
        yield Visitor("forgetful", forgetful, self.places, ("account_reset",))

    def patients(self):
        from tests.clinic.documents.handed import a_check, at_the_result
        from tests.support.posting import Posting

        for name, without in (("asked", ("heart-disease", "scars")), ("told", ())):
            browser = Client()
            at_the_result(browser, self.clinic, without=without, goals_put=not without)
            yield self.on_a_way(name, browser, "check")
        begun = Posting(Client(), f"/c/{self.clinic.slug}/check/")
        begun.start("body-myostimulation", ("abdomen",))
        yield self.on_a_way("begun", begun.client, "check")
        for door in ("link", "tablet"):
            way, check = self.invited(door), a_check(heart_disease="yes")
            from clinic.screenings.invitations import keep_draft

            keep_draft(way[0], lambda _, check=check: check.to_json())
            yield self.on_a_way(f"self-check-by-{door}", admitted(way[1]), way[1])
        yield from self.readers()

    def readers(self):
        """Those who sign a consent, read a paper, or have not yet said when they were born."""
        sheet = self.signed.sheet.invitation
        yield self.on_a_way("consent-by-tablet", self.signed.person, way_of(sheet))
        copy = way_of(self.shared())
        yield self.on_a_way("reader", admitted(copy), copy)
        yield self.on_a_way("unconfirmed", admitted(copy, confirmed=False), copy)

    def on_a_way(self, name, client, way):
        return Visitor(name, client, self.places | {"way": way}, WAY)

    def invited(self, door):
        from clinic.screenings.invitations import invite

        world = self.world
        made, _ = invite(clinic=self.clinic, patient=world.patient, door=door, by=world.by)
        return made, way_of(made)

    def shared(self):
        from clinic.documents.sharing import share
        from tests.support.record import a_document

        world, request = self.world, self.signed.opened.wsgi_request
        request.user = world.by
        paper = a_document(self.clinic, world.patient, world.by, kind="letter")
        return share(paper, membership=world.membership, request=request)[0]

    def forms(self, visitor, every=1):
        """Give the forms that a visitor's pages (or every so many of them) hold, by the address each is sent to."""
        found = {}
        for _, address in list(visitor.addresses())[::every]:
            for form in self.drawn(visitor, address):
                # The first form of an address is not always the one with most fields.
                known = found.get(form.action)
                if known is None or len(form.inputs) > len(known.inputs):
                    found[form.action] = form
        return found

    def drawn(self, visitor, address):
        with undone(visitor):
            answer = visitor.client.get(address)
            html = "" if answer.streaming else answer.content.decode("utf-8", "replace")
            is_page = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
            let_go(answer)
        return AnyPage(html, address).forms if is_page else []


class undone:  # noqa: N801 - reads as what it is: with undone(visitor)
    """Takes back whatever a visitor's requests inside changed, in the database, the browser and what is remembered."""

    def __init__(self, visitor):
        self.visitor, self.inside, self.has_written_rules = visitor, transaction.atomic(), False
        self.watching = connection.execute_wrapper(self.watch)

    def watch(self, execute, sql, *others):
        self.has_written_rules = self.has_written_rules or bool(WRITES_RULES.match(sql))
        return execute(sql, *others)

    def __enter__(self):
        self.visitor.as_before()
        self.inside.__enter__()
        self.watching.__enter__()

    def __exit__(self, *raised):
        self.watching.__exit__(*raised)
        transaction.set_rollback(True)
        self.inside.__exit__(*raised)
        if self.has_written_rules:
            for each in (rulesets._frozen, rulesets._key):
                each.cache_clear()
