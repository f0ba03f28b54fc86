"""The blank form of a treatment, for a power cut or to be read."""

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clinic.documents.blank_form import blank_form
from clinic.documents.issuing_page import says_when_not_drawn
from clinic.documents.paper import Letterhead
from clinic.documents.rendering import render
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Clinic, Membership
from clinic.people.files import as_file
from screening.rulesets import published

# The same page gives the same bytes, and this one is long: no clinic waits while another's is drawn again.
_drawn = lru_cache(maxsize=8)(render)


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
@says_when_not_drawn
def blank(_request: HttpRequest, membership: Membership, treatment: str) -> HttpResponse:
    """Print the questionnaire of a treatment by the rules in force. It says nothing of anybody, and is not stored."""
    rule_set = published()
    known = rule_set.treatments.get(treatment)
    if known is None or known.plan == "not-offered":
        raise Http404
    clinic = Clinic.objects.get(pk=membership.clinic_id)
    form = blank_form(rule_set, treatment, clinic.suit_sites, Letterhead.of(clinic), clinic.now())
    return as_file(_drawn(form), "application/pdf", f"blank-form-{treatment}.pdf")
