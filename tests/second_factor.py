"""A second factor for those of the cast who must have one, and a sign-in just now."""

import time

from allauth.account.internal.flows import login
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client

from market.accounts.models import Person
from market.accounts.queries import needs_mfa, standing_of
from tests.browsers import Browser
from tests.people import Member

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def set_up_second_factor(person: Person) -> None:
    """The person has an authenticator app."""
    TOTP.activate(person, SECRET)


def give_second_factor(person: Person) -> None:
    """Who must have a second factor has one; others are left as they are."""
    if needs_mfa(person, standing_of(person)) and not Authenticator.objects.filter(user=person).exists():
        set_up_second_factor(person)


def signed_in(member: Member) -> Client:
    """A client signed in just now as this member, with the second factor where one is compulsory."""
    give_second_factor(member.person)
    client = Browser()
    client.force_login(member.person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["acting_organisation"] = member.organisation.key
    prove_identity(session, member.person)
    session.save()
    return client


def prove_identity(session: SessionBase, person: Person, *, seconds_ago: int = 0) -> None:
    """The session is as after a sign-in so long ago; see `market.accounts.freshness`."""
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - seconds_ago}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(person)
