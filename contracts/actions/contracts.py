"""Drawing up, changing and agreeing technology contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from contracts.form_kinds import PartySide
from contracts.kinds import SUB_KINDS
from contracts.models import Agreement, ContractParty, TechnologyContract
from contracts.permissions import require_applicant, require_side
from contracts.queries.contracts import TERMS, digest_of
from contracts.queries.drafts import drafted, party_of
from contracts.rules.amounts import Price
from contracts.rules.contracts import ContractFacts, contract_refusals
from contracts.states import CONTRACT, ApplicationState, ContractEvent, ContractState
from listings.actions.deals import sign_deal
from listings.models.deals import Deal
from listings.permissions.deals import is_party
from listings.permissions.listings import require_sellers_second_factor
from listings.states.deals import DEAL, DealEvent
from market.accounts.models import Organisation
from market.events.actions import record
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refusal, require


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """The terms of a contract, as both sides agree to them."""

    kind: str
    sub_kind: str
    title: str
    content: str
    delivery: str
    ownership: str
    liability: str
    price: Money
    equipment: Money
    materials: Money
    other: Money
    carriers: Money
    royalties: Money
    payment_mode: str
    valid_from: date
    valid_until: date
    ip_kind: str
    funding_source: str
    technology_field: str
    objective: str
    industry_served: str
    is_cross_border: bool
    is_related_party: bool


@transaction.atomic
def draft_contract(deal: Deal, *, actor: Actor, now: datetime) -> TechnologyContract:
    """A draft stands between the deal's parties, filled in from listing and achievement. Event: contract.drafted."""
    locked = (
        Deal.objects.select_for_update(of=("self",)).select_related("listing__achievement", "seller", "buyer").get(pk=deal.pk)
    )
    DEAL.move(locked.state, DealEvent.SIGN)
    if not is_party(actor, locked):
        raise Forbidden([Refusal("accounts.role_missing")])
    contract = drafted(locked, now=now)
    try:
        with transaction.atomic():
            contract.save()
            ContractParty.objects.bulk_create(
                [party_of(contract, PartySide.SELLER, locked.seller), party_of(contract, PartySide.BUYER, locked.buyer)]
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("contracts.drafted_before")]) from error
    record("contract.drafted", subject=contract.subject, actor=actor, now=now, deal=deal.key, deal_number=deal.number)
    return contract


@transaction.atomic
def change_contract(contract: TechnologyContract, terms: ContractTerms, *, actor: Actor, now: datetime) -> TechnologyContract:
    """The contract has these terms, and nobody has agreed to them yet. Event: contract.changed."""
    locked = _locked(contract)
    move = CONTRACT.move(locked.state, ContractEvent.CHANGE)
    require_side(actor, locked)
    require(contract_refusals(_facts(terms)))
    changed = _write(locked, terms)
    if not changed:
        return locked
    locked.agreements.filter(is_current=True).update(is_current=False)
    _set_state(locked, move.to, *TERMS)
    record("contract.changed", subject=locked.subject, actor=actor, now=now, changed=changed)
    return locked


def _facts(terms: ContractTerms) -> ContractFacts:
    return ContractFacts(
        kind=terms.kind,
        has_fitting_sub_kind=terms.sub_kind in SUB_KINDS.get(terms.kind, ()),
        industry_served=terms.industry_served,
        title=terms.title,
        content=terms.content,
        price=Price(terms.price, terms.equipment, terms.materials, terms.other, terms.carriers, terms.royalties),
        signed_on=None,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
    )


def _write(contract: TechnologyContract, terms: ContractTerms) -> list[str]:
    """The terms stand in the (unsaved) contract; gives the names of those that are new."""
    changed = []
    for name in TERMS:
        value = getattr(terms, name.removesuffix("_fen"))
        value = value.fen if isinstance(value, Money) else value
        if getattr(contract, name) != value:
            setattr(contract, name, value)
            changed.append(name)
    return changed


@transaction.atomic
def agree_contract(contract: TechnologyContract, *, digest: str, actor: Actor, now: datetime) -> TechnologyContract:
    """The actor's side agrees to the terms with this fingerprint; with the second side the contract is in force.

    Events: contract.half_agreed, or contract.agreed and deal.contracted. Out of turn when the terms are others by now, or
    when this side has agreed already.
    """
    locked = _locked(contract)
    move = CONTRACT.move(locked.state, ContractEvent.AGREE)
    side = require_side(actor, locked)
    if locked.seller is not None and side == locked.seller_id:
        require_sellers_second_factor(actor, locked.seller, locked.price, on=day_of(now))
    if digest != digest_of(locked):
        raise OutOfTurn([Refusal("contracts.terms_changed")])
    if locked.agreements.filter(is_current=True, organisation_id=side).exists():
        raise OutOfTurn([Refusal("contracts.agreed_before")])
    require(contract_refusals(_facts(terms_of(locked))))
    assert actor.person is not None
    Agreement.objects.create(contract=locked, organisation_id=side, person_id=actor.person, agreed_at=now, digest=digest)
    if move.to != ContractState.AGREED:
        _set_state(locked, move.to)
        record("contract.half_agreed", subject=locked.subject, actor=actor, now=now, digest=digest)
        return locked
    locked.signed_on = day_of(now)
    _set_state(locked, move.to, "signed_on")
    if locked.deal is not None:
        sign_deal(locked.deal, actor=actor, now=now)
    record("contract.agreed", subject=locked.subject, actor=actor, now=now, deal=locked.deal_key, digest=digest)
    return locked


@transaction.atomic
def enter_contract(applicant: Organisation, terms: ContractTerms, *, signed_on: date, now: datetime) -> TechnologyContract:
    """A contract made outside the market stands as a draft, to be declared in the same transaction."""
    require(contract_refusals(_facts(terms)))
    contract = TechnologyContract(applicant=applicant, created_at=now, signed_on=signed_on)
    _write(contract, terms)
    contract.save()
    return contract


@transaction.atomic
def declare_contract(contract: TechnologyContract, *, actor: Actor, now: datetime) -> TechnologyContract:
    """The contract is in force since it was signed on paper. Event: contract.declared.

    Out of turn for a contract of the market's own, to which both sides agree.
    """
    locked = _locked(contract)
    move = CONTRACT.move(locked.state, ContractEvent.DECLARE)
    require_applicant(actor, locked)
    if locked.deal_id is not None:
        raise OutOfTurn([Refusal("contracts.both_sides_agree")])
    _set_state(locked, move.to)
    record("contract.declared", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def correct_contract(
    contract: TechnologyContract, terms: ContractTerms, *, signed_on: date, actor: Actor, now: datetime
) -> TechnologyContract:
    """What was mistyped of a contract made outside the market is put right while its application is returned.

    Event: contract.corrected. Out of turn at any other time, and for contracts of the market's own.
    """
    locked = _locked(contract)
    if locked.deal_id is not None or not locked.applications.filter(state=ApplicationState.RETURNED).exists():
        raise OutOfTurn([Refusal("contracts.nothing_to_correct")])
    require(contract_refusals(_facts(terms)))
    changed = _write(locked, terms)
    locked.signed_on = signed_on
    locked.save(update_fields=["signed_on", *TERMS])
    record("contract.corrected", subject=locked.subject, actor=actor, now=now, changed=changed)
    return locked


def terms_of(contract: TechnologyContract) -> ContractTerms:
    """The contract's terms as they stand."""
    values: dict[str, Any] = {
        name.removesuffix("_fen"): Money(getattr(contract, name)) if name.endswith("_fen") else getattr(contract, name)
        for name in TERMS
    }
    return ContractTerms(**values)


def _locked(contract: TechnologyContract) -> TechnologyContract:
    return (
        TechnologyContract.objects.select_for_update(of=("self",)).select_related("deal", "seller", "buyer").get(pk=contract.pk)
    )


def _set_state(contract: TechnologyContract, state: str, *fields: str) -> None:
    contract.state = state
    contract.save(update_fields=["state", *fields])
