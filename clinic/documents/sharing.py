"""A document that its patient reads by a personal link, their date of birth first."""

from django.db import transaction
from django.http import HttpRequest

from clinic.documents.models import Document, SharedDocument
from clinic.documents.verifying import State, state_of, with_state
from clinic.events import record
from clinic.people.clinics import Membership
from clinic.screenings.invitations import invite
from clinic.screenings.models import Door, Invitation

# Papers that are written for the patient, or about what they signed; a summary or session record is for the staff.
SHAREABLE = (Document.Kind.COPY, Document.Kind.CONSENT, Document.Kind.LETTER)


class ShareRefused(Exception):
    """A document is not shared. Its text says why, in a sentence for staff."""


@transaction.atomic
def share(document: Document, *, membership: Membership, request: HttpRequest) -> tuple[Invitation, str]:
    """Make a link to a document, and return it with its secret: the only time that the secret is known.

    Raises ShareRefused for a document that does not count, or that is not for patients.
    """
    row = with_state(Document.objects.filter(pk=document.pk)).get()
    if row.kind not in SHAREABLE:
        raise ShareRefused("This paper is for the staff. Make the patient’s copy, and share that.")
    if hasattr(row, "erased") or state_of(row) is not State.GENUINE:
        raise ShareRefused("This paper does not count any more, so no link to it is made.")
    invitation, secret = invite(
        clinic=membership.clinic,
        patient=document.patient,
        door=Door.LINK,
        purpose=Invitation.Purpose.COPY,
        by=membership.user,
        request=request,
    )
    SharedDocument.objects.create(invitation=invitation, document=row)
    record("document shared by link", clinic=membership.clinic, patient=document.patient, about=row, request=request)
    return invitation, secret


def shared_with(invitation: Invitation) -> Document:
    """Return the document behind a link, with everything that `state_of` reads."""
    rows = Document.objects.filter(shared__invitation=invitation)
    return with_state(rows.select_related("clinic").defer("clinic__logo")).get()
