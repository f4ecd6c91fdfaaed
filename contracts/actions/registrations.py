"""Changing and ending registrations; each says in its event what the figures were before and are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction

from contracts.actions.decisions import given
from contracts.form_kinds import HOME_COUNTRY, ChangeKind
from contracts.models import Change, ContractParty, Registration, TechnologyContract
from contracts.permissions import require_applicant, require_registrar
from contracts.queries.sheets import organisations_by_code
from contracts.rules.changes import ChangeFacts, may_change
from contracts.states import CHANGE, REGISTRATION, ChangeEvent, RegistrationEvent
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record
from market.values.actor import Actor
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused, require


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """What is to be entered: the new figures; for royalties, what came in since the last entry."""

    kind: str
    reason: str
    contract_value: Money | None = None
    technology_value: Money | None = None
    received: Money | None = None
    valid_until: date | None = None
    # Of a change of party: which (its side and position, such as "seller-1"), and the party as it is to be.
    party_place: str = ""
    party: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def revoke_registration(registration: Registration, *, reason: str, actor: Actor, now: datetime) -> Registration:
    """The registration was obtained wrongly and no longer holds; its number stays used. Event: registration.revoked."""
    return _end(registration, RegistrationEvent.REVOKE, "registration.revoked", reason=reason, actor=actor, now=now)


@transaction.atomic
def cancel_registration(registration: Registration, *, reason: str, actor: Actor, now: datetime) -> Registration:
    """The contract has ended, and with it the registration. Event: registration.cancelled."""
    return _end(registration, RegistrationEvent.CANCEL, "registration.cancelled", reason=reason, actor=actor, now=now)


@transaction.atomic
def request_change(
    registration: Registration, terms: ChangeTerms, *, documents: Sequence[Document], actor: Actor, now: datetime
) -> Change:
    """The applicant asks the registry to enter this change, with what proves it. Event: change.requested."""
    locked = _locked(registration)
    REGISTRATION.move(locked.state, RegistrationEvent.CHANGE)
    require_applicant(actor, locked.contract)
    facts = _facts_of(locked, terms)
    require(may_change(facts))
    if not documents:
        raise Refused([Refusal("contracts.proof_missing", field="documents")])
    try:
        with transaction.atomic():
            change = Change.objects.create(
                registration=locked,
                kind=terms.kind,
                contract_value_fen=facts.contract_value.fen,
                technology_value_fen=facts.technology_value.fen,
                contract_value_before_fen=locked.contract_value_fen,
                technology_value_before_fen=locked.technology_value_fen,
                valid_until=terms.valid_until,
                party={**terms.party, "place": terms.party_place} if facts.party_before else {},
                party_before=facts.party_before,
                reason=given(terms.reason),
                requested_at=now,
                requested_by_id=person_of(actor),
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("contracts.change_open")]) from error
    change.documents.set(documents)
    record("change.requested", subject=change.subject, actor=actor, now=now, number=locked.number, kind=terms.kind)
    return change


def _facts_of(registration: Registration, terms: ChangeTerms) -> ChangeFacts:
    contract = registration.contract
    contract_value, technology_value = _figures(registration, terms)
    return ChangeFacts(
        party=terms.party,
        party_before=_party_at(contract, terms.party_place) if terms.kind == ChangeKind.PARTY else {},
        is_abroad=terms.party.get("country", HOME_COUNTRY) != HOME_COUNTRY,
        other_codes=[it.code for it in contract.parties.all() if _place_of(it) != terms.party_place],
        kind=terms.kind,
        contract_value=contract_value,
        technology_value=technology_value,
        before=(registration.contract_value, registration.technology_value),
        received=terms.received,
        valid_until=terms.valid_until,
    )


# What of a party may be another after a change; the rest of what is known of it was said of the one before.
_PARTY = ("name", "code", "nature", "country", "region")


def _place_of(party: ContractParty) -> str:
    return f"{party.side}-{party.position}"


def _party_at(contract: TechnologyContract, place: str) -> dict[str, str]:
    """The party at this place by its fields, or nothing."""
    for party in contract.parties.all():
        if _place_of(party) == place:
            return {name: getattr(party, name) for name in _PARTY}
    return {}


def _replace_party(contract: TechnologyContract, change: Change) -> None:
    """The party is the new one from now on; what it was stands with the change.

    The sides of a contract of the market's own stay those of its deal, through which it is paid.
    """
    side, _dash, position = change.party["place"].partition("-")
    party = contract.parties.get(side=side, position=int(position))
    left, code = party.organisation_id, change.party.get("code", "")
    organisation = organisations_by_code([code]).get(code)
    fresh = ContractParty(contract=contract, side=side, position=party.position, organisation=organisation, pk=party.pk)
    for name in _PARTY:
        setattr(fresh, name, change.party.get(name, ""))
    fresh.save(force_update=True)
    if contract.deal_id is not None or left is None:
        return
    for name in ("applicant", "seller", "buyer"):
        if getattr(contract, f"{name}_id") == left and (organisation is not None or name != "applicant"):
            setattr(contract, name, organisation)
    contract.save(update_fields=["applicant", "seller", "buyer"])


def _figures(registration: Registration, terms: ChangeTerms) -> tuple[Money, Money]:
    """Contract value and technology value after the change; royalties that came in are added to the technology value."""
    contract_value, technology_value = registration.contract_value, registration.technology_value
    if terms.kind == ChangeKind.ROYALTY and terms.received is not None:
        technology_value += terms.received
        return max(contract_value, technology_value), technology_value
    if terms.kind == ChangeKind.AMOUNT:
        return terms.contract_value or contract_value, terms.technology_value or technology_value
    return contract_value, technology_value


@transaction.atomic
def enter_change(change: Change, *, answer: str = "", actor: Actor, now: datetime) -> Change:
    """The change stands in the register, and everybody who built on the old figures hears of both.

    Events: change.entered, registration.changed.
    """
    locked, registration = _locked_change(change)
    move = CHANGE.move(locked.state, ChangeEvent.ENTER)
    registration_move = REGISTRATION.move(registration.state, RegistrationEvent.CHANGE)
    _require_other_registrar(locked, registration, actor)
    locked.answer = answer.strip()
    _decide_change(locked, move.to, actor=actor, now=now)
    registration.contract_value_fen = locked.contract_value_fen
    registration.technology_value_fen = locked.technology_value_fen
    _set_registration_state(registration, registration_move.to, "contract_value_fen", "technology_value_fen")
    contract = registration.contract
    if locked.valid_until:
        contract.valid_until = locked.valid_until
        contract.save(update_fields=["valid_until"])
    if locked.party:
        _replace_party(contract, locked)
    record("change.entered", subject=locked.subject, actor=actor, now=now, number=registration.number)
    record(
        "registration.changed",
        subject=registration.subject,
        actor=actor,
        now=now,
        number=registration.number,
        contract=contract.key,
        deal=contract.deal_key,
        kind=locked.kind,
        contract_value_before_fen=locked.contract_value_before_fen,
        technology_value_before_fen=locked.technology_value_before_fen,
        contract_value_fen=registration.contract_value_fen,
        technology_value_fen=registration.technology_value_fen,
        party_before=locked.party_before,
        party=locked.party,
        reason=locked.reason,
    )
    return locked


@transaction.atomic
def decline_change(change: Change, *, reason: str, actor: Actor, now: datetime) -> Change:
    """The register stays as it is, for this reason. Event: change.declined."""
    locked, registration = _locked_change(change)
    move = CHANGE.move(locked.state, ChangeEvent.DECLINE)
    _require_other_registrar(locked, registration, actor)
    locked.answer = given(reason)
    _decide_change(locked, move.to, actor=actor, now=now)
    facts = {"number": registration.number, "reason": locked.answer}
    record("change.declined", subject=locked.subject, actor=actor, now=now, **facts)
    return locked


def _require_other_registrar(change: Change, registration: Registration, actor: Actor) -> None:
    require_registrar(actor, registration.contract)
    if change.requested_by_id == actor.person:
        raise Forbidden([Refusal("contracts.submitter_decides")])


def _decide_change(change: Change, state: str, *, actor: Actor, now: datetime) -> None:
    change.decided_at, change.decided_by_id = now, person_of(actor)
    change.state = state
    change.save(update_fields=["state", "answer", "decided_at", "decided_by"])


def _end(
    registration: Registration, event: RegistrationEvent, name: str, *, reason: str, actor: Actor, now: datetime
) -> Registration:
    locked = _locked(registration)
    move = REGISTRATION.move(locked.state, event)
    require_registrar(actor, locked.contract)
    locked.reason = given(reason)
    locked.ended_at = now
    _set_registration_state(locked, move.to, "reason", "ended_at")
    record(
        name,
        subject=locked.subject,
        actor=actor,
        now=now,
        number=locked.number,
        contract=locked.contract.key,
        deal=locked.contract.deal_key,
        contract_value_fen=locked.contract_value_fen,
        technology_value_fen=locked.technology_value_fen,
        reason=locked.reason,
    )
    return locked


def _locked(registration: Registration) -> Registration:
    return (
        Registration.objects.select_for_update(of=("self",))
        .select_related("contract__deal", "contract__applicant")
        .get(pk=registration.pk)
    )


def _locked_change(change: Change) -> tuple[Change, Registration]:
    registration = _locked(change.registration)
    return Change.objects.select_for_update(of=("self",)).get(pk=change.pk), registration


def _set_registration_state(registration: Registration, state: str, *fields: str) -> None:
    registration.state = state
    registration.save(update_fields=["state", *fields])
