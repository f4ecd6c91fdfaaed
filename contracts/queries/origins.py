"""Where does each field of a registration form come from, and where does it differ from what was announced?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.form_kinds import Origin
from contracts.kinds import ContractKind
from contracts.models import ContractParty, TechnologyContract
from contracts.queries.contracts import TERMS
from contracts.queries.drafts import drafted, party_of
from listings.kinds import Transaction
from listings.models.deals import Deal
from market.values.money import Money

# What a contract is drawn up from; what is not named here is first said in the contract itself.
_OF_A_LISTING: Mapping[str, Origin] = {
    "kind": Origin.LISTING,
    "payment_mode": Origin.LISTING,
    "delivery": Origin.LISTING,
    "price_fen": Origin.RESULT,
    **dict.fromkeys(("sub_kind", "title", "content", "ip_kind", "funding_source"), Origin.ACHIEVEMENT),
    **dict.fromkeys(("technology_field", "objective", "industry_served"), Origin.ACHIEVEMENT),
}
_OF_A_PROPOSAL: Mapping[str, Origin] = {
    "price_fen": Origin.RESULT,
    **dict.fromkeys(("kind", "sub_kind", "title", "technology_field", "objective"), Origin.DEMAND),
    **dict.fromkeys(("content", "delivery"), Origin.PROPOSAL),
}


def origins_of(contract: TechnologyContract) -> dict[str, Origin]:
    """By the name of each term of the contract (and `signed_on`), where it came from; what is not named was typed."""
    if contract.deal is None:
        registration = getattr(contract, "registration", None)
        taken = registration is not None and registration.taken_at is not None
        return dict.fromkeys((*TERMS, "signed_on"), Origin.IMPORTED if taken else Origin.TYPED)
    first = drafted(contract.deal, now=contract.created_at)
    sources = _OF_A_PROPOSAL if contract.deal.listing is None else _OF_A_LISTING
    found = {
        name: sources[name] if name in sources and getattr(first, name) == getattr(contract, name) else Origin.CONTRACT
        for name in TERMS
    }
    return found | {"signed_on": Origin.CONTRACT}


def party_origins(contract: TechnologyContract, party: ContractParty) -> dict[str, Origin]:
    """The same by the fields of a party: what the market knows of the organisation, and what was typed."""
    registration = getattr(contract, "registration", None)
    if registration is not None and registration.taken_at is not None:
        return {}
    if party.organisation is None:
        return {}
    known = party_of(contract, party.side, party.organisation)
    names = ("name", "code", "nature", "region", "address")
    return {name: Origin.ORGANISATION for name in names if getattr(party, name) and getattr(known, name) == getattr(party, name)}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was announced otherwise than it was contracted; what both said, and where it was announced."""

    name: str
    announced: str | Money
    contracted: str | Money
    origin: Origin

    @property
    def is_amount(self) -> bool:
        return isinstance(self.announced, Money)


def differences(contract: TechnologyContract | None) -> list[Difference]:
    """Where the contract is another than what led to it said: price, title, content, and of a listing kind and payment."""
    if contract is None or contract.deal is None:
        return []
    pairs = _announced(contract, contract.deal)
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]


def _announced(contract: TechnologyContract, deal: Deal) -> list[tuple[str, str | Money, str | Money, Origin]]:
    if deal.listing is None:
        first = drafted(deal, now=contract.created_at)
        return [
            ("agreed_price", Money(deal.price_fen), contract.price, Origin.RESULT),
            ("title", first.title, contract.title, Origin.DEMAND),
            ("content", first.content, contract.content, Origin.PROPOSAL),
        ]
    listing = deal.listing
    transaction, contracted = str(listing.get_transaction_display()), str(contract.get_kind_display())
    is_other_kind = contract.kind != (
        ContractKind.TRANSFER if listing.transaction == Transaction.TRANSFER else ContractKind.LICENCE
    )
    return [
        ("listed_price", listing.price, contract.price, Origin.LISTING),
        ("agreed_price", Money(deal.price_fen), contract.price, Origin.RESULT),
        ("title", listing.achievement.title, contract.title, Origin.ACHIEVEMENT),
        ("content", listing.achievement.abstract, contract.content, Origin.ACHIEVEMENT),
        ("kind", transaction, contracted if is_other_kind else transaction, Origin.LISTING),
        ("payment", str(listing.get_payment_mode_display()), str(contract.get_payment_mode_display()), Origin.LISTING),
    ]
