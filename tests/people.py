"""The fixed cast of the tests: organisations and people named by their role, each signed in as they would be."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

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
    organisation = _organisation(name, kind, number, state)
    organisation.save(force_insert=True)
    return organisation


def _organisation(name: str, kind: str, number: int, state: str = OrganisationState.VERIFIED) -> Organisation:
    prefix = {"university": "12140600", "institute": "12140600", "government": "11140600"}.get(kind, "91140600")
    code = social_code(number, prefix)
    return Organisation(name=name, kind=kind, social_credit_code=code, region="140602", state=state)


def a_member(email: str, organisation: Organisation, *roles: Role, name: str = "") -> Member:
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(email, PASSWORD, name=name or email)
    for role in roles:
        Membership.objects.get_or_create(person=person, organisation=organisation, role=role.value)
    return Member(person, organisation)


class Cast:
    """One world: a university, an enterprise, a broker institution, the bureau and an outsider.

    Nearly every test begins with one, hence three statements for all of it.
    """

    def __init__(self, world: str = "a", number: int = 0) -> None:
        password = make_password(PASSWORD)
        people: list[tuple[Person, Organisation, tuple[Role, ...]]] = []

        def member(name: str, organisation: Organisation, *roles: Role) -> Member:
            email = f"{name}@{world}.example"
            person = Person(email=email, name=email, password=password)
            people.append((person, organisation, roles))
            return Member(person, organisation)

        kind = OrganisationKind
        self.university = _organisation(f"University {world}", kind.UNIVERSITY, number + 10000001)
        self.enterprise = _organisation(f"Enterprise {world}", kind.ENTERPRISE, number + 20000001)
        self.rival = _organisation(f"Rival enterprise {world}", kind.ENTERPRISE, number + 20000002)
        self.institution = _organisation(f"Broker institution {world}", kind.BROKER_INSTITUTION, number + 30000001)
        self.bureau = _organisation(f"Bureau {world}", kind.GOVERNMENT, number + 40000001)
        self.outside = _organisation(f"Outsider {world}", kind.ENTERPRISE, number + 50000001)
        self.university_owner = member("university-owner", self.university, Role.OWNER)
        self.university_agent = member("university-agent", self.university, Role.AGENT)
        self.university_finance = member("university-finance", self.university, Role.FINANCE)
        self.enterprise_agent = member("enterprise-agent", self.enterprise, Role.OWNER, Role.AGENT)
        self.rival_agent = member("rival-agent", self.rival, Role.AGENT)
        self.broker = member("broker", self.institution, Role.OWNER, Role.AGENT)
        self.registrar = member("registrar", self.bureau, Role.REGISTRAR)
        self.second_registrar = member("second-registrar", self.bureau, Role.REGISTRAR)
        self.supervisor = member("supervisor", self.bureau, Role.SUPERVISOR)
        self.administrator = member("administrator", self.bureau, Role.ADMINISTRATOR)
        self.outsider = member("outsider", self.outside, Role.AGENT)
        organisations = [self.university, self.enterprise, self.rival, self.institution, self.bureau, self.outside]
        Organisation.objects.bulk_create(organisations)
        Person.objects.bulk_create([person for person, _, _ in people])
        Membership.objects.bulk_create(
            Membership(person=person, organisation=organisation, role=role.value)
            for person, organisation, roles in people
            for role in roles
        )
