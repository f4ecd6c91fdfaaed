"""Taking over what was registered in earlier years, elsewhere or on paper, into this register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from contracts.form_kinds import PartySide, RegistrationOrigin
from contracts.kinds import SUB_KINDS
from contracts.models import ContractParty, Registration, TechnologyContract
from contracts.permissions import require_registrar
from contracts.queries.sheets import organisations_by_code
from contracts.queries.taking_over import Same, same_contract, standing_among
from contracts.rule_sets import rule_set_for
from contracts.rules.deciding import registry_region
from contracts.rules.taking_over import TakenFacts, may_take_over
from contracts.states import ContractState, RegistrationState
from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_official
from market.events.actions import record
from market.values.actor import Actor, Role
from market.values.dates import day_of, start_of
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal, require


@dataclass(frozen=True, slots=True)
class TakenEntry:
    """Everything a list says of an earlier registration."""

    number: str
    registered_on: date
    title: str
    kind: str
    sub_kind: str
    seller_name: tuple[str, ...]
    seller_nature: str
    buyer_name: tuple[str, ...]
    buyer_nature: str
    contract_value: Money
    technology_value: Money
    payment_mode: str
    signed_on: date
    valid_from: date
    valid_until: date
    ip_kind: str
    funding_source: str
    technology_field: str
    objective: str
    content: str = ""
    seller_code: str = ""
    seller_region: str = ""
    buyer_code: str = ""
    buyer_region: str = ""
    industry_served: str = ""
    is_related_party: bool = False
    is_cross_border: bool = False
    state: str = RegistrationState.IN_FORCE
    ended_on: date | None = None
    reason: str = ""

    @property
    def same(self) -> Same:
        """What tells whether another entry is this contract."""
        return same_contract(self.title, self.seller_name[0], self.buyer_name[0], self.signed_on)


def facts_of_entry(entry: TakenEntry, *, twin: str) -> TakenFacts:
    """The entry as the rules see it; `twin` is the number under which the same contract stands."""
    return TakenFacts(
        number=entry.number,
        registered_on=entry.registered_on,
        signed_on=entry.signed_on,
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        has_fitting_sub_kind=entry.sub_kind in SUB_KINDS[entry.kind],
        contract_value=entry.contract_value,
        technology_value=entry.technology_value,
        codes={"seller_code": entry.seller_code, "buyer_code": entry.buyer_code},
        regions={"seller_region": entry.seller_region, "buyer_region": entry.buyer_region},
        industry_served=entry.industry_served,
        has_ended=entry.state != RegistrationState.IN_FORCE,
        ended_on=entry.ended_on,
        number_of_twin=twin,
    )


@transaction.atomic
def take_over_registrations(entries: Iterable[TakenEntry], *, taken_from: str, actor: Actor, now: datetime) -> list[Registration]:
    """All entries stand in the register under their old numbers, or none does. Event: registration.taken_over for each.

    Each falls under the rule set of the day on which it was registered, belongs to the region of its seller, and says from
    which list it was taken. Refused for what contradicts itself, for a number or a contract that stands already, and for a
    contract of the registrar's own side.
    """
    require_official(actor, Role.REGISTRAR)
    listed = list(entries)
    standing = standing_among([entry.number for entry in listed], [entry.signed_on for entry in listed])
    known = organisations_by_code([code for entry in listed for code in (entry.seller_code, entry.buyer_code)])
    taken = []
    for entry in listed:
        if standing.holds(entry.number):
            raise OutOfTurn([Refusal("contracts.stands_already", field="number", data={"number": entry.number})])
        require(may_take_over(facts_of_entry(entry, twin=standing.twin_of(entry.same)), today=day_of(now)))
        standing.add(entry.number, entry.same)
        taken.append(_take(entry, known, taken_from=taken_from, actor=actor, now=now))
    return taken


def _take(entry: TakenEntry, known: dict[str, Organisation], *, taken_from: str, actor: Actor, now: datetime) -> Registration:
    contract = _contract(entry, known, now=now)
    _enter_parties(contract, entry)
    require_registrar(actor, contract)
    try:
        with transaction.atomic():
            registration = Registration.objects.create(
                number=entry.number,
                contract=contract,
                origin=RegistrationOrigin.IMPORTED,
                taken_from=taken_from[:120],
                taken_at=now,
                rule_set=rule_set_for(entry.registered_on).id,
                region=registry_region(entry.seller_region, settings.REGISTRY_CODE),
                kind=entry.kind,
                contract_value_fen=entry.contract_value.fen,
                technology_value_fen=entry.technology_value.fen,
                registry_code=settings.REGISTRY_CODE,
                registered_at=start_of(entry.registered_on),
                registered_by_id=person_of(actor),
                ended_at=start_of(entry.ended_on) if entry.ended_on else None,
                reason=entry.reason,
                state=entry.state,
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("contracts.stands_already", field="number", data={"number": entry.number})]) from error
    facts = {"number": entry.number, "contract": contract.key, "taken_from": registration.taken_from}
    record("registration.taken_over", subject=registration.subject, actor=actor, now=now, **facts)
    return registration


def _contract(entry: TakenEntry, known: dict[str, Organisation], *, now: datetime) -> TechnologyContract:
    seller, buyer = known.get(entry.seller_code), known.get(entry.buyer_code)
    return TechnologyContract.objects.create(
        applicant=seller,
        seller=seller,
        # One organisation is never both sides of the market's own contract.
        buyer=buyer if buyer != seller else None,
        kind=entry.kind,
        sub_kind=entry.sub_kind,
        title=entry.title,
        content=entry.content,
        price_fen=entry.contract_value.fen,
        other_fen=(entry.contract_value - entry.technology_value).fen,
        payment_mode=entry.payment_mode,
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        ip_kind=entry.ip_kind,
        funding_source=entry.funding_source,
        technology_field=entry.technology_field,
        objective=entry.objective,
        industry_served=entry.industry_served,
        is_cross_border=entry.is_cross_border,
        is_related_party=entry.is_related_party,
        state=ContractState.AGREED,
        created_at=now,
        signed_on=entry.signed_on,
    )


def _enter_parties(contract: TechnologyContract, entry: TakenEntry) -> None:
    sides = (
        (PartySide.SELLER, entry.seller_name, entry.seller_code, entry.seller_nature, entry.seller_region, contract.seller),
        (PartySide.BUYER, entry.buyer_name, entry.buyer_code, entry.buyer_nature, entry.buyer_region, contract.buyer),
    )
    ContractParty.objects.bulk_create(
        ContractParty(
            contract=contract,
            side=side,
            position=position,
            name=name,
            code=code if position == 1 else "",
            nature=nature if position == 1 else "",
            region=region if position == 1 else "",
            organisation=organisation if position == 1 else None,
        )
        for side, names, code, nature, region, organisation in sides
        for position, name in enumerate(names, start=1)
    )
