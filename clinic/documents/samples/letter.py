"""The letter to the doctor: of a referral, and by a patient whose name is written by hand."""

from dataclasses import replace

from clinic.documents.letter import QUESTION, letter_of_result
from clinic.documents.paper import Unstored
from clinic.documents.sample_self_checks import NORA, SOMEBODY, usual_check, worst_check
from clinic.documents.samples import HOSTILE


def usual() -> Unstored:
    """Return the letter of a referral."""
    paper = letter_of_result(usual_check(), "heart-disease", NORA)
    doctor = "Dr Ágnes Szűcs, Park Street Surgery"
    page = replace(paper.page, to=doctor, by="Perry Peters", by_patient=False, question=QUESTION)
    return replace(paper, page=page)


def unstored() -> Unstored:
    """Return the letter of somebody whom the clinic does not know."""
    return letter_of_result(usual_check(), "heart-disease", None)


def worst() -> Unstored:
    """Return the letter of a referral about what rules the treatment out, with hostile text."""
    paper = letter_of_result(worst_check(), "cancer", SOMEBODY)
    doctor = "Dr Hippolyta Featherstonehaugh-Cholmondeley, Department of Internal Medicine, " * 3
    page = replace(paper.page, to=doctor, by="Perry Practice", by_patient=False, question=HOSTILE)
    return replace(paper, page=page)
