"""The ways in: how a self-check is reached, and where its answers rest between two pages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clinic.people.clinics import Clinic
from clinic.screenings import invitations
from clinic.screenings.models import Door, Invitation, Sending
from clinic.self_check.cookies import carry, drop, host_only
from clinic.self_check.journey import Journey
from clinic.self_check.sealing import seal, unseal
from clinic.self_check.state import SelfCheck
from screening import rulesets
from screening.engine.moving import moved
from screening.engine.rule_set import RuleSet
from screening.pins import pin_of

# Browsers keep at least 4,096 bytes of a cookie with its name and attributes.
MOST_BYTES = 3800
# A `__Host-` cookie goes to every page, and a server reads about 8,000 bytes of all cookies together.
MOST_OF_ALL = 6000
COOKIE = "check-"
HOUR = 60 * 60
# After three idle minutes nothing of a person is left on the clinic's tablet.
TABLET_SECONDS = 3 * 60
ANONYMOUS = "check"

Change = Callable[[SelfCheck], SelfCheck]


class NoRoomError(Exception):
    """The answers no longer fit where they rest. Nothing was changed."""


class NotAdmittedError(Exception):
    """This browser may not open this self-check (now). `unconfirmed`: a date of birth would open it."""

    def __init__(self, *, unconfirmed: Invitation | None = None) -> None:
        super().__init__("not admitted")
        self.unconfirmed = unconfirmed


class Way:
    """One self-check as one browser reaches it. `text` names it in addresses: check, link-..., tablet-...."""

    door: Door

    def __init__(self, request: HttpRequest, clinic: Clinic, text: str) -> None:
        self.request, self.clinic, self.text = request, clinic, text

    def load(self) -> SelfCheck:
        """Return the self-check so far; an empty one where there is none."""
        raise NotImplementedError

    def keep(self, change: Change) -> SelfCheck:
        """Change what is kept, and return it. Raises NoRoomError, and changes nothing, where it does not fit."""
        raise NotImplementedError

    def look(self, change: Change) -> SelfCheck:
        """Return it changed for this answer alone: whoever only looks at a page stores nothing."""
        raise NotImplementedError

    def forget(self) -> None:
        """Keep nothing of it any more."""
        raise NotImplementedError

    def finish(self, response: HttpResponse) -> HttpResponse:
        """Give the browser what it has to carry, and return the response."""
        raise NotImplementedError

    def remember_sent(self) -> None:
        """Keep nothing but that it is with the clinic."""
        raise NotImplementedError

    def sending(self) -> Sending | None:
        """Return what was sent, if it was."""
        raise NotImplementedError

    @property
    def invitation(self) -> Invitation | None:
        """The invitation that it answers, if any."""
        return None

    @property
    def newest_rules(self) -> Mapping[str, Any] | None:
        """The newest rule set, as it was read with the clinic or the invitation."""
        return getattr(self.invitation or self.clinic, "newest_rules", None)

    @property
    def end(self) -> str:
        """The address of the last page: what was sent; on the clinic's tablet nothing of it, as others hold it next."""
        return self.address("over" if self.door == Door.TABLET else "receipt")

    def address(self, name: str, **places: Any) -> str:
        """Return the address of one of its pages."""
        return reverse(f"self-check:{name}", kwargs={"slug": self.clinic.slug, "way": self.text, **places})

    @cached_property
    def journey(self) -> Journey:
        """Where the person is. Moves to the newest rules where those it began with no longer hold."""
        check, at = self.load(), self.clinic.now()
        pinned = check.rule_set or None
        rule_set, has_moved = rulesets.for_check(pinned, at, self.newest_rules)
        journey = Journey(self.clinic, rule_set, check, at)
        if not has_moved or not pinned:
            return journey
        keep = self.look if self.request.method in ("GET", "HEAD") else self.keep
        return replace(journey, check=keep(lambda now: self._settled(_moved(now, rule_set), rule_set, at)))

    def change(self, change: Change) -> Journey:
        """Change what is kept, drop what is no longer asked for, and return where the person is now."""
        rule_set, at = self.journey.rule_set, self.journey.at

        def kept(check: SelfCheck) -> SelfCheck:
            changed = self._settled(change(check), rule_set, at)
            return changed if changed.said == check.said else changed.with_another_key()

        self.journey = replace(self.journey, check=self.keep(kept))
        return self.journey

    def _settled(self, check: SelfCheck, rule_set: RuleSet, at: datetime) -> SelfCheck:
        """Return it as a check by these rules: with what is asked for only, and with what is to be said at once."""
        pinned = replace(check, rule_set=pin_of(rule_set))
        journey = Journey(self.clinic, rule_set, pinned, at)
        return journey.pruned().telling_now().check if journey.has_place else pinned


def _moved(check: SelfCheck, new: RuleSet) -> SelfCheck:
    old = rulesets.pinned_set(check.rule_set)
    answers, sites, goals, again = moved(old, new, check.answers, check.sites, check.goals)
    return replace(
        check,
        answers=answers,
        sites=sites,
        goals=goals,
        left=tuple(code for code in check.left if code not in again),
        looked_over=False,
        stopped=False,
        renewed=True,
    )


class CookieWay(Way):
    """The open door: the answers travel in the browser's own encrypted cookie and rest nowhere else."""

    door = Door.ANONYMOUS

    @property
    def name(self) -> str:
        """The cookie's name: each clinic's answers lie in one of their own."""
        return host_only(f"{COOKIE}{self.clinic.pk}")

    @cached_property
    def _brought(self) -> dict[str, Any] | None:
        """What the browser carries for this clinic."""
        return unseal(self.request.COOKIES.get(self.name, ""), self._purpose, HOUR)

    @cached_property
    def _carried(self) -> SelfCheck:
        return SelfCheck.from_json(self._brought or {})

    @property
    def _purpose(self) -> str:
        return f"self-check of clinic {self.clinic.pk}"

    def load(self) -> SelfCheck:
        return self._carried

    def keep(self, change: Change) -> SelfCheck:
        changed = change(self._carried)
        if len(self.name) + 1 + len(seal(changed.passed().to_json(), self._purpose)) >= MOST_BYTES:
            raise NoRoomError
        self._carried = changed
        return changed

    # What the browser itself carries is no row.
    look = keep

    def forget(self) -> None:
        self._carried = SelfCheck()
        self.__dict__.pop("journey", None)

    def remember_sent(self) -> None:
        self._carried = SelfCheck(key=self._carried.key, sent=True)

    def sending(self) -> Sending | None:
        if not self._carried.sent:
            return None
        sent = Sending.objects.select_related("screening").filter(clinic=self.clinic, key=self._carried.key)
        return sent.first()

    def finish(self, response: HttpResponse) -> HttpResponse:
        if self._carried.rule_set or self._carried.sent:
            carry(response, self.name, seal(self._carried.to_json(), self._purpose), seconds=HOUR)
            self._make_room(response)
        elif self._brought is not None:
            drop(response, self.name)
        return response

    def _make_room(self, response: HttpResponse) -> None:
        """Take other clinics' answers from the browser, where all together would be more than a server reads."""
        ours = re.compile(host_only(COOKIE) + "[0-9]+")
        others = {name: text for name, text in self.request.COOKIES.items() if ours.fullmatch(name)}
        others.pop(self.name, None)
        if sum(map(len, others.values())) + len(response.cookies[self.name].value) > MOST_OF_ALL:
            for name in others:
                drop(response, name)


class InvitedWay(Way):
    """A personal link or the clinic's tablet: the answers rest in one draft row, the browser carries its admission.

    `tablet_seconds`: how long a tablet stays admitted after each page.
    """

    def __init__(
        self, request: HttpRequest, invitation: Invitation, text: str, tablet_seconds: int = TABLET_SECONDS
    ) -> None:
        super().__init__(request, invitation.clinic, text)
        self._invitation = invitation
        self.door = Door(invitation.door)
        self._seconds = tablet_seconds if self.door == Door.TABLET else HOUR
        admission = admitted(request, text, self._seconds)
        if admission is None:
            raise NotAdmittedError
        if not admission.get("confirmed"):
            raise NotAdmittedError(unconfirmed=invitation)

    @property
    def invitation(self) -> Invitation:
        return self._invitation

    @cached_property
    def _draft(self) -> SelfCheck:
        if self.sending() is not None:
            return SelfCheck(sent=True)
        return SelfCheck.from_json(invitations.draft_of(self._invitation) or {})

    def load(self) -> SelfCheck:
        return self._draft

    def keep(self, change: Change) -> SelfCheck:
        kept = invitations.keep_draft(
            self._invitation, lambda document: change(SelfCheck.from_json(document or {})).to_json()
        )
        self._draft = SelfCheck.from_json(kept)
        return self._draft

    def look(self, change: Change) -> SelfCheck:
        self._draft = change(self._draft)
        return self._draft

    def forget(self) -> None:
        self.keep(lambda _: SelfCheck())

    def remember_sent(self) -> None:
        self._draft = SelfCheck(sent=True)

    def sending(self) -> Sending | None:
        return getattr(self._invitation, "sending", None)

    def finish(self, response: HttpResponse) -> HttpResponse:
        admit(response, self.text, confirmed=True, seconds=self._seconds)
        if self.door == Door.TABLET:
            response.headers["Refresh"] = f"{self._seconds}; url={self.address('over')}"
        return response


def admission_name(text: str) -> str:
    """Return the name of the cookie that admits a browser to the invited self-check named `text`."""
    return host_only(f"admission-{text}")


def admitted(request: HttpRequest, text: str, seconds: int | None = None) -> dict[str, Any] | None:
    """Return what admits this browser to the self-check named `text`, or None. `seconds`: as in `admit`."""
    return unseal(request.COOKIES.get(admission_name(text), ""), f"admission to {text}", seconds or _seconds(text))


def admit(response: HttpResponse, text: str, *, confirmed: bool, seconds: int | None = None) -> None:
    """Let a browser in; `confirmed`: the person has shown who they are. `seconds`: for how long, if not as ever."""
    sealed = seal({"confirmed": confirmed}, f"admission to {text}")
    carry(response, admission_name(text), sealed, seconds=seconds or _seconds(text))


def dismiss(response: HttpResponse, text: str) -> None:
    """Let a browser in no more."""
    drop(response, admission_name(text))


def _seconds(text: str) -> int:
    return TABLET_SECONDS if text.startswith("tablet-") else HOUR
