"""A second factor for those of the cast who must have one."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from market.accounts.models import Person
from market.accounts.queries import needs_mfa

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_second_factor(person: Person) -> None:
    """Officials have a TOTP authenticator; others are left as they are."""
    if needs_mfa(person) and not Authenticator.objects.filter(user=person).exists():
        TOTP.activate(person, SECRET)
