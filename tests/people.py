"""The fixed cast of the tests: organisations and people named by their role, each signed in as they would be."""

from __future__ import annotations

from dataclasses import dataclass

from market.accounts.models import Membership, Organisation, OrganisationKind, Person
from market.accounts.permissions import actor_of
from market.accounts.states import OrganisationState
from market.values.actor import Actor, Role

PASSWORD = "a long phrase for the tests"

_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def social_code(number: int, prefix: str = "91140600") -> str:
    """A right unified social credit code for this number."""
    body = f"{number:08d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(body, _INNER_WEIGHTS, strict=True)) % 11
    inner = body + {10: "X", 11: "0"}.get(check, str(check))
    total = sum(_ALPHABET.index(c) * weight for c, weight in zip(prefix + inner, _WEIGHTS, strict=True))
    return prefix + inner + _ALPHABET[(31 - total % 31) % 31]


@dataclass(frozen=True)
class Member:
    """A person and the organisation they act for."""

    person: Person
    organisation: Organisation

    @property
    def actor(self) -> Actor:
        """As the middleware would build it, at this moment."""
        return actor_of(self.person, self.organisation)


def an_organisation(name: str, kind: str, number: int, *, state: str = OrganisationState.VERIFIED) -> Organisation:
    prefix = {"university": "12140600", "institute": "12140600", "government": "11140600"}.get(kind, "91140600")
    return Organisation.objects.create(
        name=name, kind=kind, social_credit_code=social_code(number, prefix), region="140602", state=state
    )


def a_member(email: str, organisation: Organisation, *roles: Role, name: str = "") -> Member:
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(email, PASSWORD, name=name or email)
    for role in roles:
        Membership.objects.get_or_create(person=person, organisation=organisation, role=role.value)
    return Member(person, organisation)


class Cast:
    """One world: a university, an enterprise, a broker institution, the bureau and an outsider."""

    def __init__(self, world: str = "a", number: int = 0) -> None:
        def email(role: str) -> str:
            return f"{role}@{world}.example"

        kind = OrganisationKind
        self.university = an_organisation(f"University {world}", kind.UNIVERSITY, number + 10000001)
        self.enterprise = an_organisation(f"Enterprise {world}", kind.ENTERPRISE, number + 20000001)
        self.rival = an_organisation(f"Rival enterprise {world}", kind.ENTERPRISE, number + 20000002)
        self.institution = an_organisation(f"Broker institution {world}", kind.BROKER_INSTITUTION, number + 30000001)
        self.bureau = an_organisation(f"Bureau {world}", kind.GOVERNMENT, number + 40000001)
        self.outside = an_organisation(f"Outsider {world}", kind.ENTERPRISE, number + 50000001)
        self.university_owner = a_member(email("university-owner"), self.university, Role.OWNER)
        self.university_agent = a_member(email("university-agent"), self.university, Role.AGENT)
        self.university_finance = a_member(email("university-finance"), self.university, Role.FINANCE)
        self.enterprise_agent = a_member(email("enterprise-agent"), self.enterprise, Role.OWNER, Role.AGENT)
        self.rival_agent = a_member(email("rival-agent"), self.rival, Role.AGENT)
        self.broker = a_member(email("broker"), self.institution, Role.OWNER, Role.AGENT)
        self.registrar = a_member(email("registrar"), self.bureau, Role.REGISTRAR)
        self.supervisor = a_member(email("supervisor"), self.bureau, Role.SUPERVISOR)
        self.administrator = a_member(email("administrator"), self.bureau, Role.ADMINISTRATOR)
        self.outsider = a_member(email("outsider"), self.outside, Role.AGENT)
