"""What does the radar compare an application with?"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from contracts.form_kinds import PartySide
from contracts.models import Application, TechnologyContract
from contracts.rules.radar import ApplicationFacts, Entry
from market.accounts.models import Membership
from market.values.money import Money

# A comparison of texts costs; of contracts by one party the newest say enough.
_MOST_CANDIDATES = 200


def radar_facts(application: Application) -> ApplicationFacts:
    """The application as the radar sees it."""
    contract = application.contract
    listing = contract.deal.listing if contract.deal else None
    inventors = listing.achievement.inventors.values_list("name", flat=True) if listing else ()
    return ApplicationFacts(
        entry=entry_of(contract),
        contract_value=Money(application.contract_value_fen),
        technology_value=Money(application.technology_value_fen),
        listed_price=listing.price if listing else None,
        inventors=tuple(inventors),
        buyers_people=_people_of(contract),
        is_related=contract.is_related_party,
        way_back=_way_back(contract),
    )


def radar_candidates(contract: TechnologyContract) -> list[Entry]:
    """The contracts that might be this one: with the same title, or a party in common; the newest of them."""
    like = Q(title=contract.title)
    codes = [party.code for party in contract.parties.all() if party.code]
    if codes:
        like |= Q(parties__code__in=codes)
    for side in ("seller_id", "buyer_id"):
        if getattr(contract, side):
            like |= Q(**{side: getattr(contract, side)})
    found = _applied_for().filter(like).exclude(pk=contract.pk).distinct().order_by("-created_at")
    return [entry_of(other) for other in found[:_MOST_CANDIDATES]]


def entry_of(contract: TechnologyContract) -> Entry:
    """The contract as the comparison sees it."""
    registration = getattr(contract, "registration", None)
    return Entry(contract.key, registration.number if registration else "", contract.title, contract.content)


def _applied_for() -> QuerySet[TechnologyContract]:
    return TechnologyContract.objects.filter(applications__isnull=False).select_related("registration")


def _people_of(contract: TechnologyContract) -> tuple[str, ...]:
    """The buyer's members on the market, and the representatives that the form names."""
    named = [party.representative for party in contract.parties.all() if party.side == PartySide.BUYER]
    members = Membership.objects.filter(organisation_id=contract.buyer_id or 0).values_list("person__name", flat=True)
    return tuple(sorted({name.strip() for name in (*named, *members) if name.strip()}))


def _way_back(contract: TechnologyContract) -> str:
    """A contract the other way round between the same two, or nothing."""
    if contract.seller_id is None or contract.buyer_id is None:
        return ""
    back = TechnologyContract.objects.filter(seller_id=contract.buyer_id, buyer_id=contract.seller_id).first()
    return back.title if back else ""
