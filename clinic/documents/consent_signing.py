"""A signature, and with the last one the consent and its paper: all of it comes into being, or none."""

from django.db import transaction
from django.http import HttpRequest

from clinic.consultations import signing
from clinic.consultations.models import Consent
from clinic.consultations.signing import Signing
from clinic.consultations.signing_models import ConsentSheet
from clinic.documents.consent import signed_paper
from clinic.documents.issuing import issue
from clinic.people.clinics import Membership


@transaction.atomic
def sign(sheet: ConsentSheet, given: Signing, *, membership: Membership | None, request: HttpRequest) -> Consent | None:
    """Add a signature; return the consent that it made, if it was the last. Raises NotSignable, RenderingFailed."""
    consent = signing.sign(sheet, given, membership=membership, request=request)
    if consent is not None:
        issue(signed_paper(consent.signed, consent.clinic), membership=membership, request=request)
    return consent
