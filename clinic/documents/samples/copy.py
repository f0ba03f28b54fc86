"""The patient's copy: of a self-check, and of a consultation with a decision."""

from dataclasses import replace

from clinic.documents.copy import CopyDecision, CopyPart, CopyRow, copy_of_result
from clinic.documents.paper import Unstored
from clinic.documents.sample_self_checks import NORA, SOMEBODY, usual_check, worst_check
from clinic.documents.samples import HOSTILE

DECISION = CopyDecision(
    tone="undetermined",
    headline="Not decided yet",
    lead="Somebody else at the clinic has to agree first. There is no treatment before that.",
    facts=(
        ("Decided", "21 November 2026, 14:40 GMT, by Perry Practice"),
        ("Treatment", "Body muscle stimulation"),
        ("Where", "tummy"),
        ("Left out", "left forearm, left breast"),
        ("How often", "12 sessions, at least 4 days apart"),
        ("Counts until", "20 May 2027"),
    ),
    settled=(
        ("Heart disease, now or before", "A doctor agreed in writing. This counts until 1 March 2027."),
        ("Skin problem (left forearm)", "These places are left out."),
    ),
)


SETTLED = CopyDecision(
    tone="clear",
    headline="Yes to the treatment, as planned",
    lead="You are asked again before every session. You can say no at any time.",
    facts=(
        ("Decided", "21 November 2026, 14:40 GMT, by Perry Peters"),
        ("Treatment", "Body muscle stimulation"),
        ("Where", "tummy, left forearm"),
        ("How often", "8 sessions, at least 4 days apart"),
        ("Counts until", "1 March 2027"),
    ),
    settled=(("Heart disease, now or before", "A doctor agreed in writing. This counts until 1 March 2027."),),
)


def usual() -> Unstored:
    """Return the copy of a consultation about which a doctor was asked."""
    paper = copy_of_result(usual_check(), NORA)
    page = replace(paper.page, decision=SETTLED, others=())
    return replace(paper, title="Your consultation", page=page)


def unstored() -> Unstored:
    """Return the copy of a self-check, straight from the result page."""
    return copy_of_result(usual_check(), None)


def worst() -> Unstored:
    """Return the copy of a consultation with everything, a decision that waits, and hostile text."""
    paper = copy_of_result(worst_check(), SOMEBODY)
    said = CopyPart("What was written", (CopyRow("What else is there?", (HOSTILE,), "Not finished"),))
    page = replace(paper.page, decision=DECISION, parts=(*paper.page.parts, said))
    return replace(paper, title="Your consultation", page=page)
