"""An outcome told to an audience (patient, practitioner): one value for page, live panel and paper."""

from screening.presentation.facts import states_of
from screening.presentation.others import Other, others
from screening.presentation.telling import for_patient, for_practitioner
from screening.presentation.told import Told, ToldFinding, ToldGroup

__all__ = ["Other", "Told", "ToldFinding", "ToldGroup", "for_patient", "for_practitioner", "others", "states_of"]
