"""What would a contract say, drawn up from its deal alone?"""

from __future__ import annotations

from datetime import datetime

from contracts.form_kinds import NATURE_BY_KIND
from contracts.kinds import ContractKind, IpKind, Objective, SubKind, TechnologyField
from contracts.models import ContractParty, TechnologyContract
from listings.demands.kinds import Comparison, Cooperation
from listings.demands.models.proposals import Proposal
from listings.demands.rules.demands import plain
from listings.demands.rules.proposals import Kept, kept_promises
from listings.kinds import FundingSource, LegalState, PaymentMode, Transaction
from listings.models.achievements import Patent
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.accounts.models import Organisation
from market.policy.rules import months_after
from market.values.dates import day_of

_FIELD_BY_INDUSTRY = {
    "coal": TechnologyField.ENERGY,
    "power": TechnologyField.ENERGY,
    "materials": TechnologyField.MATERIALS,
    "equipment": TechnologyField.MANUFACTURING,
    "environment": TechnologyField.ENVIRONMENT,
    "vehicles": TechnologyField.TRANSPORT,
    "biomedicine": TechnologyField.MEDICINE,
    "agriculture": TechnologyField.AGRICULTURE,
    "culture": TechnologyField.CITY,
}
_OBJECTIVE_BY_INDUSTRY = {
    "coal": Objective.ENERGY,
    "power": Objective.ENERGY,
    "environment": Objective.ENVIRONMENT,
    "biomedicine": Objective.HEALTH,
    "agriculture": Objective.AGRICULTURE,
}
# What is sought is developed, alone or together, or taken over as know-how.
_KIND_BY_COOPERATION: dict[str, tuple[ContractKind, SubKind]] = {
    Cooperation.COMMISSIONED: (ContractKind.DEVELOPMENT, SubKind.COMMISSIONED),
    Cooperation.JOINT: (ContractKind.DEVELOPMENT, SubKind.JOINT),
    Cooperation.TRANSFER: (ContractKind.TRANSFER, SubKind.KNOW_HOW_TRANSFER),
    Cooperation.LICENCE: (ContractKind.LICENCE, SubKind.KNOW_HOW_LICENCE),
}
# A transfer runs until everything is delivered and paid; the parties may set another term.
_TRANSFER_MONTHS = 24


def drafted(deal: Deal, *, now: datetime) -> TechnologyContract:
    """The contract, unsaved, with what its deal and listing and achievement, or demand and proposal, say of it."""
    contract = TechnologyContract(
        deal=deal,
        applicant_id=deal.seller_id,
        seller_id=deal.seller_id,
        buyer_id=deal.buyer_id,
        title=deal.title,
        price_fen=deal.price_fen,
        valid_from=day_of(now),
        created_at=now,
    )
    if deal.listing is None:
        _fill_from_proposal(contract, deal.proposal)
    else:
        _fill_from_listing(contract, deal.listing)
    return contract


def _fill_from_listing(contract: TechnologyContract, listing: Listing) -> None:
    achievement = listing.achievement
    patent = achievement.patents.first()
    is_transfer = listing.transaction == Transaction.TRANSFER
    contract.kind = ContractKind.TRANSFER if is_transfer else ContractKind.LICENCE
    contract.sub_kind = _sub_kind(patent, is_transfer=is_transfer)
    contract.title = achievement.title
    contract.content, contract.delivery = achievement.abstract, listing.terms
    contract.payment_mode = listing.payment_mode
    contract.valid_until = months_after(contract.valid_from, listing.licence_months or _TRANSFER_MONTHS)
    contract.ip_kind = IpKind(patent.kind) if patent else IpKind.KNOW_HOW
    contract.funding_source = achievement.funding_source
    _place(contract, achievement.industry)
    contract.industry_served = achievement.gbt4754


def _fill_from_proposal(contract: TechnologyContract, proposal: Proposal) -> None:
    demand = proposal.demand
    contract.kind, contract.sub_kind = _KIND_BY_COOPERATION[demand.cooperation]
    contract.content = f"{demand.problem}\n\n{proposal.approach}"
    # What was promised is what is delivered and accepted by.
    contract.delivery = "\n".join(_in_words(kept) for kept in kept_promises(demand.figures, proposal.promised))
    contract.payment_mode = PaymentMode.INSTALMENTS
    contract.valid_until = months_after(contract.valid_from, proposal.months)
    contract.ip_kind = IpKind.KNOW_HOW
    contract.funding_source = FundingSource.NONE
    _place(contract, demand.industry)


def _place(contract: TechnologyContract, industry: str) -> None:
    contract.technology_field = _FIELD_BY_INDUSTRY[industry]
    contract.objective = _OBJECTIVE_BY_INDUSTRY.get(industry, Objective.INDUSTRY)


def _in_words(kept: Kept) -> str:
    """What is promised for an indicator, as an acceptance test reads it; where nothing is, what the demand asks for."""
    value, unit = (kept.promise.value, kept.promise.unit) if kept.promise else (kept.indicator.value, kept.indicator.unit)
    figure = f"{kept.indicator.name} {Comparison(kept.indicator.comparison).label} {plain(value)} {unit}".rstrip()
    return f"{figure}({kept.indicator.method})" if kept.indicator.method else figure


def party_of(contract: TechnologyContract, side: str, organisation: Organisation) -> ContractParty:
    """This organisation as the first party of a side, unsaved, with what the market knows of it."""
    return ContractParty(
        contract=contract,
        side=side,
        organisation=organisation,
        name=organisation.name,
        code=organisation.social_credit_code,
        nature=NATURE_BY_KIND.get(organisation.kind, ""),
        region=organisation.region,
        address=organisation.address,
    )


def _sub_kind(patent: Patent | None, *, is_transfer: bool) -> SubKind:
    if patent is None:
        return SubKind.KNOW_HOW_TRANSFER if is_transfer else SubKind.KNOW_HOW_LICENCE
    if patent.legal_state == LegalState.PENDING:
        return SubKind.PENDING_TRANSFER if is_transfer else SubKind.PENDING_LICENCE
    return SubKind.PATENT_TRANSFER if is_transfer else SubKind.PATENT_LICENCE
