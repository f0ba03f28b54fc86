"""Whatever breaks while a paper is issued or a consent signed: nothing of it stays, not even half."""

import pytest

from clinic.consultations.models import Consent
from clinic.consultations.signing_models import ConsentSignature, SignedConsent
from clinic.documents.models import Document, DocumentContent
from clinic.events import Event
from clinic.screenings.models import Invitation
from tests.clinic.consultations.gated import World
from tests.clinic.documents.papers import a_paper, issued

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("small")]
ISSUING = (
    "clinic.documents.ledger.newest", "clinic.documents.issuing.new_check_code", "clinic.documents.issuing.mark_of",
    "clinic.documents.issuing.render", "clinic.documents.ledger.seal_of", "clinic.documents.models.Document.save",
    "clinic.documents.models.DocumentContent.save", "clinic.documents.issuing.record",
)  # fmt: skip
SIGNING = (
    "clinic.consultations.signing_models.ConsentSignature.save", "clinic.consultations.signing.record",
    "clinic.consultations.keeping.record", "clinic.consultations.models.Consent.save",
    "clinic.consultations.signing.signed_content", "clinic.consultations.signing_models.SignedConsent.save",
    "clinic.screenings.invitations.close", "clinic.documents.consent_signing.signed_paper", *ISSUING,
)  # fmt: skip


class Broken(Exception):
    """Anything that may go wrong."""


def breaks(*_, **__):
    raise Broken


def everything():
    models = (Document, DocumentContent, Consent, ConsentSignature, SignedConsent, Event)
    return [model.objects.count() for model in models] + [Invitation.objects.filter(closed_at=None).count()]


@pytest.mark.hazard("H-23")
@pytest.mark.parametrize("step", ISSUING)
def test_paper_is_issued_whole_or_not_at_all(monkeypatch, step):
    world = World()
    before = everything()
    monkeypatch.setattr(step, breaks)
    with pytest.raises(Broken):
        issued(a_paper(world.patient, decision=world.decided), world.membership)
    assert everything() == before
    monkeypatch.undo()


@pytest.mark.hazard("H-23")
@pytest.mark.parametrize("step", SIGNING)
def test_consent_is_signed_by_the_last_whole_or_not_at_all(monkeypatch, signed, step):
    signed.signs()
    before = everything()
    with monkeypatch.context() as broken:
        broken.setattr(step, breaks)
        with pytest.raises(Broken):
            signed.practitioner_signs()
    assert everything() == before
    assert signed.practitioner_signs().status_code == 302
    assert (Consent.objects.count(), Document.objects.count(), Document.objects.get().number) == (1, 1, 1)
