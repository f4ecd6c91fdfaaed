"""Who acts in the demonstration? Its organisations, the people who can sign in, and one agent for each other organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile

from market.accounts.actions import (
    OrganisationEntry,
    register_organisation,
    return_organisation,
    submit_verification,
    suspend_organisation,
    verify_organisation,
)
from market.accounts.models import Membership, Organisation, OrganisationKind, Person
from market.accounts.permissions import actor_of
from market.accounts.queries import needs_mfa, standing_of
from market.accounts.states import OrganisationState
from market.demonstration.people import ACCOUNTS, PASSWORD, TOTP_SECRET, DemonstrationAccount
from market.demonstration.sample import sample
from market.documents.actions import store_document
from market.documents.models import Document
from market.events.actions import advance
from market.events.registry import READERS
from market.values.actor import Actor, Channel, Role

REGISTRY = "shuozhou-stb"
# Which states an organisation of the sample passes; one without a state is verified.
_VERIFIED = (OrganisationState.VERIFIED, OrganisationState.SUSPENDED)


@dataclass(frozen=True)
class World:
    """The organisations by their key, and the time at which everything is as the visitor finds it."""

    organisations: dict[str, Organisation]
    now: datetime

    def agent(self, key: str) -> Actor:
        """Whoever acts for this organisation, at the command line."""
        return self._somebody(key, Role.AGENT)

    def agent_of(self, organisation_id: int) -> Actor:
        return self.agent(next(key for key, organisation in self.organisations.items() if organisation.pk == organisation_id))

    def official(self, role: Role) -> Actor:
        return self._somebody(REGISTRY, role)

    def _somebody(self, key: str, role: Role) -> Actor:
        organisation = self.organisations[key]
        membership = organisation.memberships.filter(role=role.value).select_related("person").earliest("pk")
        return actor_of(membership.person, organisation, channel=Channel.COMMAND)

    def enterprise(self, number: int, *, but: str = "") -> str:
        """The key of one of the verified enterprises, another for each number."""
        keys = [
            key
            for key, organisation in self.organisations.items()
            if organisation.kind == OrganisationKind.ENTERPRISE and organisation.is_verified and key != but
        ]
        return keys[number % len(keys)]


def people_and_organisations(*, now: datetime) -> World:
    """All stand, each organisation registered by its agent and verified by an administrator where it is."""
    registry_row = next(row for row in sample("organisations") if row["key"] == REGISTRY)
    # Somebody must be there first to verify the others: the registry is set up, not applied for.
    registry = Organisation.objects.create(
        **_particulars(registry_row),
        kind=registry_row["kind"],
        social_credit_code=registry_row["social_credit_code"],
        state=OrganisationState.VERIFIED,
        is_sample=True,
    )
    world = World({REGISTRY: registry}, now)
    for account in ACCOUNTS:
        if account.organisation == REGISTRY:
            _account(account, registry)
    administrator = world.official(Role.ADMINISTRATOR)
    for row in sample("organisations"):
        if row["key"] != REGISTRY:
            world.organisations[row["key"]] = _organisation(row, administrator, now=now)
    _let_edit("administrator@demo.example")
    return world


def _particulars(row: dict[str, Any]) -> dict[str, str]:
    told = {name: row[name] for name in ("name", "name_en", "region", "address", "contact", "introduction")}
    return told | {"legal_representative": row.get("legal_representative", "")}


def _organisation(row: dict[str, Any], administrator: Actor, *, now: datetime) -> Organisation:
    account = next((account for account in ACCOUNTS if account.organisation == row["key"]), None)
    person = _person(account) if account else Person.objects.create_user(f"{row['key']}@agents.example", name="经办人")
    agent = Actor(person=person.pk, channel=Channel.COMMAND)
    begun = now - timedelta(days=400)
    organisation = register_organisation(
        OrganisationEntry(**_particulars(row)),
        kind=row["kind"],
        social_credit_code=row["social_credit_code"],
        actor=agent,
        now=begun,
    )
    Organisation.objects.filter(pk=organisation.pk).update(is_sample=True)
    if account:
        _give_second_factor(person)
    return _verified(organisation, row, person, administrator, now=begun)


def _verified(
    organisation: Organisation, row: dict[str, Any], person: Person, administrator: Actor, *, now: datetime
) -> Organisation:
    state = row.get("state", OrganisationState.VERIFIED)
    organisation.refresh_from_db()
    if state == OrganisationState.UNVERIFIED:
        return organisation
    actor = actor_of(person, organisation, channel=Channel.COMMAND)
    submit_verification(organisation, [paper("登记证书与授权书（样例）.pdf", actor, now=now)], actor=actor, now=now)
    later = now + timedelta(days=2)
    if state == OrganisationState.RETURNED:
        return_organisation(organisation, reason=row["reason"], actor=administrator, now=later)
    elif state in _VERIFIED:
        verify_organisation(organisation, actor=administrator, now=later)
    if state == OrganisationState.SUSPENDED:
        suspend_organisation(organisation, reason=row["reason"], actor=administrator, now=now + timedelta(days=300))
    organisation.refresh_from_db()
    return organisation


def _account(account: DemonstrationAccount, organisation: Organisation) -> None:
    person = _person(account)
    Membership.objects.bulk_create(
        Membership(person=person, organisation=organisation, role=role.value) for role in account.roles
    )
    _give_second_factor(person)


def _give_second_factor(person: Person) -> None:
    if needs_mfa(person, standing_of(person)):
        TOTP.activate(person, TOTP_SECRET)
        RecoveryCodes.activate(person)


def _person(account: DemonstrationAccount) -> Person:
    person = Person.objects.create_user(account.email, PASSWORD, name=account.name)
    EmailAddress.objects.create(user=person, email=account.email, verified=True, primary=True)
    return person


def _let_edit(email: str) -> None:
    editor = Person.objects.get(email=email)
    editor.is_staff = editor.is_superuser = True
    editor.save(update_fields=["is_staff", "is_superuser"])


def read_log(world: World, reader: str) -> None:
    """This reader has heard of everything that happened."""
    while advance(READERS[reader], now=world.now):
        pass


def paper(name: str, actor: Actor, *, now: datetime) -> Document:
    """A file such as people attach; it says that it is a sample and nothing else."""
    return store_document(SimpleUploadedFile(name, _pdf("Sample document. It proves nothing.")), actor=actor, now=now)


def _pdf(text: str) -> bytes:
    """The smallest document with one line on it."""
    drawing = f"BT /F1 18 Tf 72 760 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(parts) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table) + trailer
