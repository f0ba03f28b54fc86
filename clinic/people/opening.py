"""How a clinic is opened: its row, its owner, and the address where the owner sets a password."""

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.http import int_to_base36

from clinic.events import record
from clinic.people.clinics import Clinic, Membership
from clinic.people.models import User
from screening.rulesets import published


def offered_treatments() -> list[str]:
    """Give the codes of the treatments that the published rules can screen for, in their order.

    Raises NotScreenable where no rule set is published.
    """
    return [code for code, treatment in published().treatments.items() if treatment.plan != "not-offered"]


@transaction.atomic
def open_clinic(name: str, slug: str, owner: str) -> tuple[Clinic, User]:
    """Take a clinic's name, its part of an address and its owner's e-mail, give both rows, saved.

    A person who is there already becomes the owner too. Raises ValidationError where a value is refused.
    """
    clinic = Clinic(name=name, slug=slug, treatments=offered_treatments())
    clinic.full_clean()
    clinic.save()
    user = User.objects.filter(email=owner.lower()).first() or added_person(owner)
    Membership.objects.create(clinic=clinic, user=user, role=Membership.Role.OWNER)
    record("clinic opened", clinic=clinic, about=clinic)
    return clinic, user


def added_person(email: str, name: str = "") -> User:
    """Take an e-mail, give a new person, saved, who cannot sign in until they set a password.

    Raises ValidationError where a value is refused.
    """
    user = User(email=email, name=name or email.partition("@")[0])
    user.set_unusable_password()
    user.full_clean()
    user.save()
    return user


def password_path(user: User) -> str:
    """Take a person, give the path of the page where they set their password; it works once, for three days."""
    values = {"uidb36": int_to_base36(user.pk), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=values)
