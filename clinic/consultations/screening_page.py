"""Everything that the page of a stored screening shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinic.consultations.models import Decision
from clinic.people.clinics import Clinic
from clinic.screenings.models import Screening, VoidedScreening
from clinic.screenings.standing_screening import Standing, last_valid_day, standing_screenings
from clinic.screenings.stored import Stored, still_counts, stored
from screening import body_map
from screening.presentation import for_practitioner, states_of

# A row that was written later than its answers were given by more than this was entered later.
ENTERED_LATER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ScreeningPage:
    """One stored screening and what became of it.

    `kept`: none where its rules are not as they were published. `valid_until`: the last day it is good for.
    `standing`: how the patient stands for its treatment now; `counts`: this one is what it rests on.
    """

    screening: Screening
    kept: Stored | None
    views: list[body_map.View]
    decisions: Sequence[Decision]
    voided: VoidedScreening | None
    correction: Screening | None
    standing: Standing | None
    valid_until: date
    may_be_corrected: bool

    @property
    def counts(self) -> bool:
        """Whether the patient's standing rests on this screening."""
        return self.standing is not None and self.standing.stands and self.standing.screening == self.screening

    @property
    def was_entered_later(self) -> bool:
        """Whether the answers were given well before they were entered."""
        return self.screening.recorded_at - self.screening.answered_at > ENTERED_LATER

    @property
    def has_older_answers(self) -> bool:
        """Whether an answer was carried in that is older than the screening itself."""
        oldest = self.screening.oldest_at
        return oldest is not None and self.screening.answered_at - oldest > ENTERED_LATER


def screening_page(clinic: Clinic, screening: Screening, now: datetime) -> ScreeningPage:
    """Return what is shown of a screening of a patient of `clinic`. Nothing is screened again."""
    kept = stored(screening, for_practitioner)
    views = body_map.pictured(kept.rule_set, states_of(kept.outcome)) if kept else []
    return ScreeningPage(
        screening=screening,
        kept=kept,
        views=views,
        decisions=list(screening.decisions.select_related("by", "voided")),
        voided=getattr(screening, "voided", None),
        correction=screening.corrections.select_related("by").first(),
        standing=_standing(clinic, screening, now),
        valid_until=last_valid_day(clinic, screening),
        may_be_corrected=still_counts(screening),
    )


def _standing(clinic: Clinic, screening: Screening, now: datetime) -> Standing | None:
    """Return how the patient stands for the treatment; none for a check before a session."""
    patient_id = screening.patient_id
    if screening.stage != "consultation" or patient_id is None:
        return None
    return standing_screenings(clinic, [patient_id], now)[patient_id, screening.treatment]
