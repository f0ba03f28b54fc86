"""The people who work at a clinic: who comes, who changes, who leaves. Each change is noted as it is made."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from clinic.events import record
from clinic.people.clinics import Clinic, Membership
from clinic.people.models import User
from clinic.people.opening import added_person

UNUSABLE = "!"
LAST_OWNER = "A clinic needs an owner who can sign in. Make somebody else an owner first."
ALREADY_HERE = "This person is on the team already. Look for them in the list."
SHUT_OUT = "This person may not sign in. Ask whoever runs this service."
OWN_FACTOR = "Your own phone is changed on the page “Your sign-in”."
GUARDS_MORE = "Their second factor guards more than this clinic. Ask whoever runs this service to reset it."


class TeamRefusedError(Exception):
    """A change of the team that must not be. Its text tells the owner why, and what to do."""


def team_of(clinic: Clinic) -> QuerySet[Membership]:
    """Give a clinic's people, each with `has_second_factor`: those who work there first, by name."""
    factor = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
    members = clinic.memberships.select_related("user").annotate(has_second_factor=Exists(factor))
    return members.order_by("suspended", "user__name", "id")


@transaction.atomic
def invite(*, clinic: Clinic, email: str, name: str, role: str, request: HttpRequest) -> Membership:
    """Add a person to a clinic, and give their membership; somebody known by their e-mail keeps name and password.

    Raises TeamRefusedError where they are on the team already or may not sign in, ValidationError where the e-mail or
    the name is refused.
    """
    _lock(clinic)
    user = User.objects.filter(email=email.lower()).first() or added_person(email, name)
    if not user.is_active:
        raise TeamRefusedError(SHUT_OUT)
    if clinic.memberships.filter(user=user).exists():
        raise TeamRefusedError(ALREADY_HERE)
    member = Membership.objects.create(clinic=clinic, user=user, role=role)
    record("person invited", clinic=clinic, about=member, request=request)
    return member


@transaction.atomic
def change_role(member: Membership, role: str, request: HttpRequest) -> None:
    """Give a person another role from their next request on. Raises TeamRefusedError for the last owner."""
    _lock(member.clinic, member)
    if member.role == role:
        return
    member.role = role
    member.save()
    _keep_an_owner(member.clinic)
    record(f"role changed to {role}", clinic=member.clinic, about=member, request=request)


@transaction.atomic
def suspend(member: Membership, request: HttpRequest) -> None:
    """End a person's rights at the clinic and all their sessions. Raises TeamRefusedError for the last owner."""
    _lock(member.clinic, member)
    if not member.suspended:
        _leave(member, request)
        _keep_an_owner(member.clinic)


@transaction.atomic
def take_back(member: Membership, request: HttpRequest) -> None:
    """Give somebody suspended their role back."""
    _lock(member.clinic, member)
    if not member.suspended:
        return
    member.suspended = False
    member.save()
    record("person taken back", clinic=member.clinic, about=member, request=request)


@transaction.atomic
def replace(member: Membership, *, email: str, name: str, request: HttpRequest) -> Membership:
    """Suspend a person and invite another for the same role; give the newcomer's membership.

    Raises what `invite` raises, and TeamRefusedError where no owner who can sign in would be left.
    """
    _lock(member.clinic, member)
    _leave(member, request)
    newcomer = invite(clinic=member.clinic, email=email, name=name, role=member.role, request=request)
    _keep_an_owner(member.clinic)
    return newcomer


@transaction.atomic
def reset_second_factor(member: Membership, request: HttpRequest) -> None:
    """Take away a lost second factor and its recovery codes: the person sets up another at their next sign-in.

    Raises TeamRefusedError for the owner's own, and where it guards another clinic or the admin too.
    """
    if member.user == request.user:
        raise TeamRefusedError(OWN_FACTOR)
    if member.user.is_staff or works_elsewhere(member):
        raise TeamRefusedError(GUARDS_MORE)
    take_second_factor(member.user)
    record("second factor reset", clinic=member.clinic, about=member, request=request)


def take_second_factor(user: User) -> None:
    """Remove a person's second factor and recovery codes, and end their sessions."""
    Authenticator.objects.filter(user=user).delete()
    user.end_sessions()


def works_elsewhere(member: Membership) -> bool:
    """Give whether the person belongs to another clinic too, suspended there or not."""
    return Membership.objects.filter(user=member.user).exclude(clinic=member.clinic).exists()


def _leave(member: Membership, request: HttpRequest) -> None:
    member.suspended = True
    member.save()
    user: Any = member.user
    user.end_sessions()
    record("person suspended", clinic=member.clinic, about=member, request=request)


def _lock(clinic: Clinic, *members: Membership) -> None:
    """Let one change of a team be made at a time, so that two owners cannot suspend each other; read these anew."""
    Clinic.objects.select_for_update().only("pk").get(pk=clinic.pk)
    for member in members:
        member.refresh_from_db(fields=["role", "suspended"])


def _keep_an_owner(clinic: Clinic) -> None:
    if not clinic.owners.exclude(user__password__startswith=UNUSABLE).exists():
        raise TeamRefusedError(LAST_OWNER)
