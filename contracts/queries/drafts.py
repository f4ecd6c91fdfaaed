"""What would a contract say, drawn up from its deal alone?"""

from __future__ import annotations

from datetime import datetime

from contracts.form_kinds import NATURE_BY_KIND
from contracts.kinds import ContractKind, IpKind, Objective, SubKind, TechnologyField
from contracts.models import ContractParty, TechnologyContract
from listings.kinds import LegalState, Transaction
from listings.models.achievements import Patent
from listings.models.deals import Deal
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
# A transfer runs until everything is delivered and paid; the parties may set another term.
_TRANSFER_MONTHS = 24


def drafted(deal: Deal, *, now: datetime) -> TechnologyContract:
    """The contract, unsaved, with what listing, achievement and deal say of it."""
    listing = deal.listing
    achievement = listing.achievement
    patent = achievement.patents.first()
    today = day_of(now)
    months = listing.licence_months or _TRANSFER_MONTHS
    is_transfer = listing.transaction == Transaction.TRANSFER
    return TechnologyContract(
        deal=deal,
        applicant_id=deal.seller_id,
        seller_id=deal.seller_id,
        buyer_id=deal.buyer_id,
        kind=ContractKind.TRANSFER if is_transfer else ContractKind.LICENCE,
        sub_kind=_sub_kind(patent, is_transfer=is_transfer),
        title=achievement.title,
        content=achievement.abstract,
        delivery=listing.terms,
        price_fen=deal.price_fen,
        payment_mode=listing.payment_mode,
        valid_from=today,
        valid_until=months_after(today, months),
        ip_kind=IpKind(patent.kind) if patent else IpKind.KNOW_HOW,
        funding_source=achievement.funding_source,
        technology_field=_FIELD_BY_INDUSTRY[achievement.industry],
        objective=_OBJECTIVE_BY_INDUSTRY.get(achievement.industry, Objective.INDUSTRY),
        industry_served=achievement.gbt4754,
        created_at=now,
    )


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
