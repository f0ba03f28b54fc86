"""Signs a person in as the sign-in page does: they have just shown who they are."""

from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication


def just_signed_in(client, person):
    """Sign a person in at this browser, without the hashing and the event of the sign-in page."""
    client.force_login(person)
    session = client.session
    record_authentication(SimpleNamespace(session=session), person, method="password")
    session.save()
