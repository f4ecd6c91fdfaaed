"""What does the radar compare an application with?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Q

from contracts.models import Application, Shareholder, TechnologyContract
from contracts.rules.radar import ApplicationFacts, Entry
from market.accounts.models import Membership, Organisation
from market.values.money import ZERO, Money

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
        valuation=_valuation(contract),
        buyers_people=_buyers_people(contract),
        buyers_shareholders=_buyers_shareholders(contract),
        is_related=contract.is_related_party,
        way_back=_way_back(contract),
        given_back=sum((given_back(contract) for given_back in _GIVEN_BACK), ZERO),
    )


def radar_candidates(contract: TechnologyContract) -> list[Entry]:
    """The contracts that might be this one."""
    codes = [party.code for party in contract.parties.all()]
    organisations = [it for it in (contract.seller_id, contract.buyer_id) if it]
    return candidates(contract.title, codes=codes, organisations=organisations, but=contract)


def candidates(
    title: str, *, codes: Sequence[str], organisations: Sequence[int] = (), but: TechnologyContract | None
) -> list[Entry]:
    """Contracts applied for or registered, of every region, with the same title or a party in common; the newest of them.

    What was taken over without its text is compared by its title alone, so it counts only with a party in common.
    """
    common = Q(parties__code__in=[code for code in codes if code])
    common |= Q(seller_id__in=organisations) | Q(buyer_id__in=organisations)
    known = Q(applications__isnull=False) | Q(registration__isnull=False)
    like = common | (Q(title=title) & ~Q(content=""))
    found = TechnologyContract.objects.filter(known, like).exclude(pk=but.pk if but else 0)
    newest = found.select_related("registration").distinct().order_by("-created_at")
    return [entry_of(other) for other in newest[:_MOST_CANDIDATES]]


def entry_of(contract: TechnologyContract) -> Entry:
    """The contract as the comparison sees it."""
    registration = getattr(contract, "registration", None)
    return Entry(contract.key, registration.number if registration else "", contract.title, contract.content)


def people_of(organisation_ids: Sequence[int]) -> list[str]:
    """Who acts for these organisations on the market, and their legal representatives, by name."""
    members = Membership.objects.filter(organisation_id__in=organisation_ids).values_list("person__name", flat=True)
    led_by = Organisation.objects.filter(pk__in=organisation_ids).values_list("legal_representative", flat=True)
    return sorted({name.strip() for name in (*members, *led_by) if name.strip()})


def _buyers_people(contract: TechnologyContract) -> tuple[str, ...]:
    """The buyers' people on the market, and the representatives that the form names."""
    named = [party.representative for party in contract.buyers if party.representative]
    ids = [party.organisation_id for party in contract.buyers if party.organisation_id]
    return (*named, *people_of(ids))


def _buyers_shareholders(contract: TechnologyContract) -> tuple[str, ...]:
    codes = [party.code for party in contract.buyers if party.code]
    return tuple(Shareholder.objects.filter(code__in=codes).values_list("name", flat=True))


def _valuation(contract: TechnologyContract) -> Money | None:
    stated = contract.details.get("valuation")
    return Money.yuan(stated) if stated else None


_GIVEN_BACK: list[Callable[[TechnologyContract], Money]] = []


def add_given_back(given_back: Callable[[TechnologyContract], Money]) -> None:
    """Lets a higher app say how much of a contract's price went back to the buyer; called once, when the app is ready."""
    _GIVEN_BACK.append(given_back)


def _way_back(contract: TechnologyContract) -> str:
    """A contract the other way round between the same two, or nothing."""
    if contract.seller_id is None or contract.buyer_id is None:
        return ""
    back = TechnologyContract.objects.filter(seller_id=contract.buyer_id, buyer_id=contract.seller_id).first()
    return back.title if back else ""
