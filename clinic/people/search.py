"""Find a clinic's patients by what somebody types: forgiving, and as fast in a large clinic as in a small one."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from clinic.people.clinics import Clinic
from clinic.people.patients import Patient, PatientKey
from clinic.people.search_keys import name_words
from clinic.people.search_typed import Range, Wanted, read_typed

MOST = 20
# So many names are compared; whoever is left after the best were chosen is found by typing more.
LOOKED_AT = 60
# Which of the typed words is the rarest need not be known more exactly.
COUNTED = 1000
WHOLE, BEGINNING, NEAR, NEAR_BEGINNING = range(4)


def search(clinic: Clinic, typed: str) -> list[Patient]:
    """Return the patients who are meant, the best hits first, at most MOST; nobody where nothing was typed."""
    wanted = read_typed(typed, clinic.now().date())
    if not wanted:
        return []
    if len(wanted) > 1:
        wanted.sort(key=lambda each: (how_many(clinic, each.exact[0]), -len(each.exact[0][0])))
    ids = found_by(clinic, [each.exact for each in wanted])
    if len(ids) < MOST and any(each.words for each in wanted):
        ids |= found_by(clinic, [each.near for each in wanted])
    # Without an order: to keep to theirs, a database may rather read through all of the clinic's patients.
    patients = clinic.patients.order_by().filter(pk__in=ids)
    ranked = sorted(
        (rank, name, pk)
        for pk, name, goes_by in patients.values_list("pk", "name", "goes_by")
        if (rank := how_far((name, goes_by), wanted)) is not None
    )
    best = [pk for _, _, pk in ranked[:MOST]]
    found = patients.defer("notes").in_bulk(best)
    return [found[pk] for pk in best if pk in found]


def lies_in(ranges: Iterable[Range]) -> Q:
    """Return the condition that a key lies in one of these ranges."""
    return reduce(or_, (Q(key__gte=low, key__lt=high) for low, high in ranges))


def how_many(clinic: Clinic, lies: Range) -> int:
    """Return how many keys lie in a range, counted up to COUNTED."""
    return PatientKey.objects.filter(lies_in([lies]), clinic=clinic)[:COUNTED].count()


def found_by(clinic: Clinic, groups: Sequence[Sequence[Range]]) -> set[int]:
    """Return the keys of patients who have a key in each of the groups, LOOKED_AT of them at most.

    The first group is gone through and the others only check: the fewest people belong first.
    """
    lead, *others = groups
    keys = PatientKey.objects.filter(clinic=clinic)
    for other in others:
        keys = keys.filter(Exists(PatientKey.objects.filter(lies_in(other), patient=OuterRef("patient"))))
    if len(lead) == 1:
        found = keys.filter(lies_in(lead)).order_by("key", "patient").values_list("patient", flat=True)
    else:
        # One after the other and until enough are found: put into one condition, they would be sought in every key.
        first, *more = (keys.filter(lies_in([each])).values_list("patient", flat=True) for each in lead)
        found = first.union(*more, all=True)
    return set(found[:LOOKED_AT])


def how_far(names: Iterable[str], wanted: Iterable[Wanted]) -> int | None:
    """Return how far the typed words are from a patient's names, 0 for each whole one; None: not this person."""
    own = name_words(*names)
    far = 0
    for each in wanted:
        if each.words:
            distances = [how_near(typed, word) for typed in each.words for word in own]
            near = [distance for distance in distances if distance is not None]
            if not near:
                return None
            far += min(near)
    return far


def how_near(typed: str, word: str) -> int | None:
    """Return whether a typed word is this word, its beginning, or either with one mistake; None: none of them."""
    if word.startswith(typed):
        return WHOLE if word == typed else BEGINNING
    if len(typed) < 3:
        return None
    if one_mistake(typed, word):
        return NEAR
    lengths = range(len(typed) - 1, len(typed) + 2) if len(typed) > 3 else range(len(typed) + 1, len(typed) + 2)
    return NEAR_BEGINNING if any(one_mistake(typed, word[:length]) for length in lengths) else None


def one_mistake(first: str, second: str) -> bool:
    """Return whether at most one letter is wrong, missing or too many, or two neighbours are swapped."""
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    first, second = first[start:], second[start:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    return max(len(first), len(second)) < 2 or (len(first) == 2 and first == second[::-1])
