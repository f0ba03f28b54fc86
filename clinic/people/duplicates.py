"""Who may be this person already: shown before somebody is added, so that one person has one record."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q

from clinic.people.clinics import Clinic
from clinic.people.patients import Patient, PatientKey
from clinic.people.search import LOOKED_AT, NEAR, WHOLE, how_near, lies_in
from clinic.people.search_keys import BORN, contact_keys, key, name_words, spellings, split_words
from clinic.people.search_typed import name_wanted

SHOWN = 10


def likely_duplicates(clinic: Clinic, name: str, born: date, phone: str = "", email: str = "") -> list[Patient]:
    """Return the clinic's patients who may be this person, the likeliest first, at most SHOWN.

    Alike are: a name and a date of birth, each with a slip or none; the same date and one name or the same contact;
    the name with the same contact. A name alone, or a family's telephone alone, is nobody.
    """
    contact = contact_keys(phone=phone, email=email)
    found = clinic.patients.order_by().in_bulk(_candidates(clinic, name, born, contact))
    likely = [(rank, each) for each in found.values() if (rank := _likeness(each, name, born, contact))]
    likely.sort(key=lambda pair: (-pair[0], pair[1].name, pair[1].pk))
    return [each for _, each in likely[:SHOWN]]


def in_common(patient: Patient, born: date, phone: str, email: str) -> list[str]:
    """Return what a patient has in common with these facts, in words, so that a choice can be made."""
    words = {"the date of birth": patient.born == born}
    words["the phone"] = bool(contact_keys(phone=phone, email="") & contact_keys(phone=patient.phone, email=""))
    words["the e-mail"] = bool(contact_keys(phone="", email=email) & contact_keys(phone="", email=patient.email))
    return [each for each, is_same in words.items() if is_same]


def _candidates(clinic: Clinic, name: str, born: date, contact: Iterable[bytes]) -> set[int]:
    """Return the keys of those with the same contact, and of those with one name and about the same date alike."""
    near = [lies for word in split_words(name) for lies in name_wanted(word).near]
    keys = PatientKey.objects.filter(clinic=clinic)
    same = keys.filter(key__in=[*contact, key(BORN, born.isoformat())])
    found = set(same.values_list("patient", flat=True)[:LOOKED_AT])
    if near:
        named = PatientKey.objects.filter(lies_in(near), patient=OuterRef("patient"))
        alike = keys.filter(Q(key__in=[key(BORN, each) for each in slips(born)]), Exists(named))
        found |= set(alike.values_list("patient", flat=True)[:LOOKED_AT])
    return found


def _likeness(patient: Patient, name: str, born: date, contact: set[bytes]) -> int:
    """Return how much speaks for the same person; 0: not enough."""
    alike, words = _names_alike(patient, name)
    same_day = patient.born == born
    same_contact = bool(contact & contact_keys(phone=patient.phone, email=patient.email))
    by_name = alike and (same_day or same_contact or patient.born.isoformat() in slips(born))
    by_day = same_day and (words > 0 or same_contact)
    if not (by_name or by_day):
        return 0
    return 4 * alike + 3 * same_day + 2 * same_contact + (words > 0)


def _names_alike(patient: Patient, name: str) -> tuple[bool, int]:
    """Return whether the shorter of the two names is in the other, give or take a letter; and how many words are."""
    own, typed = name_words(patient.name, patient.goes_by), split_words(name)
    met = sum(
        any(how_near(spelt, word) in {WHOLE, NEAR} for spelt in spellings(each) for word in own) for each in typed
    )
    return met >= max(1, min(len(typed), len(split_words(patient.name)))), met


def slips(born: date) -> set[str]:
    """Return the dates, written year first, that a slip makes of this one: a digit, or day and month the other way."""
    written = born.isoformat()
    digits = {
        written[:at] + digit + written[at + 1 :]
        for at, each in enumerate(written)
        if each.isdecimal()
        for digit in "0123456789"
    }
    neighbours = {written[:at] + written[at + 1] + written[at] + written[at + 2 :] for at in (0, 1, 2, 5, 8)}
    return {each for each in {*digits, *neighbours, f"{born:%Y-%d-%m}"} if _is_date(each)}


def _is_date(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True
