"""Signs a person in as the sign-in page does: they have just shown who they are."""

from types import SimpleNamespace

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication


def just_signed_in(client, person, ahead=0):
    """Sign a person in at this browser, without the hashing and the event of the sign-in page.

    `ahead`: so many seconds from now; however long a walk takes, nobody is asked again on the way.
    """
    client.force_login(person)
    session = client.session
    record_authentication(SimpleNamespace(session=session), person, method="password")
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] += ahead
    session.save()
