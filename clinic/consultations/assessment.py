"""What a practitioner looks at before deciding (catalogue, section 10): the entries by code, for face and body."""

from collections.abc import Mapping

from clinic.consultations.keeping import whose
from clinic.consultations.models import Assessment
from clinic.people.clinics import Membership
from clinic.screenings.models import Screening

# By code: the label, and what to look for.
_BOTH: Mapping[str, tuple[str, str]] = {
    "muscle-activity": ("Muscle activity", "Which muscles are weak, overactive or uneven."),
    "muscle-depth": ("Muscle depth", "How deep the muscles lie that are meant."),
    "antagonists": ("Balance of opposing muscles", "What pulls the other way."),
    "skin-quality": ("Skin quality", "What you see and feel where current is planned."),
    "sensitivity": ("Sensitivity", "Places that feel more, or less, than others."),
    "medical-history": ("Medical history", "What matters for this plan beyond the answers."),
    "skin-care": ("Skin-care routine", "Products and habits that matter here."),
    "home-devices": ("Home devices used", "Which ones, how often."),
    "goals": ("Goals, as talked through", "What the person hopes for, and what is realistic."),
    "combined": ("Alone or combined", "Other treatments before, beside or after this one."),
    "protocol": ("Protocol", "How you mean to treat, in your own words."),
}
_FACIAL: Mapping[str, tuple[str, str]] = {
    "anatomy": ("Facial anatomy", "What is particular about this face."),
    **_BOTH,
    "direction-of-pull": ("Direction of pull", "Which way the muscles meant pull."),
    "nerve-pathways": ("Nerve pathways", "Where nerves run near the places planned."),
    "changes": ("How the face is changing", "Since when, and in which way."),
}
_ORDER = (
    *("anatomy", "muscle-activity", "muscle-depth", "direction-of-pull", "nerve-pathways", "antagonists"),
    *("skin-quality", "sensitivity", "medical-history", "skin-care", "home-devices", "goals", "changes"),
    *("combined", "protocol"),
)
FACIAL = {code: _FACIAL[code] for code in _ORDER}
BODY = dict(_BOTH)
# An exercise plan is written by muscle group, for the suit.
SUIT: Mapping[str, tuple[str, str]] = BODY | {
    "exercise-legs": ("Exercise plan: legs and buttocks", "Exercises, sets and pauses."),
    "exercise-trunk": ("Exercise plan: abdomen and back", "Exercises, sets and pauses."),
    "exercise-arms": ("Exercise plan: arms and shoulders", "Exercises, sets and pauses."),
}


def entries_for(*, is_facial: bool, is_suit: bool) -> Mapping[str, tuple[str, str]]:
    """Return the entries of an assessment by code: the label and a hint for each."""
    if is_facial:
        return FACIAL
    return SUIT if is_suit else BODY


def last_qualification(membership: Membership) -> str:
    """Return the qualification that this person wrote last at this clinic; nothing where they never did."""
    last = Assessment.objects.filter(clinic=membership.clinic, by=membership.user).values_list(
        "qualification", flat=True
    )
    return last.first() or ""


def assessed(
    screening: Screening, membership: Membership, *, is_facial: bool, entries: Mapping[str, str], qualification: str
) -> Assessment:
    """Store what was found, without the entries that are empty, and return the row."""
    row = Assessment(
        **whose(screening.patient, membership),
        screening=screening,
        kind="facial" if is_facial else "body",
        entries={code: text.strip() for code, text in entries.items() if text.strip()},
        qualification=qualification,
    )
    row.save(force_insert=True)
    return row
