"""How the board follows the market: a mandate, an introduction, an intent, a deal, a contract, a settlement."""

from __future__ import annotations

from brokers.board.actions import follow_deal, follow_mandate, follow_market
from brokers.board.states import LeadEvent
from brokers.models import Engagement, Introduction
from brokers.queries import engagements_for_deal, mandates_of_party
from brokers.states import IN_FORCE, IntroductionState
from listings.models.deals import Deal
from listings.models.listings import Intent
from market.events.models import Event
from market.events.registry import Reader, follow
from market.letters.registry import key_of


def on_mandate(event: Event) -> None:
    engagement = Engagement.objects.select_related("broker").get(key=key_of(event))
    # The log may be read again, long after.
    if engagement.state in IN_FORCE:
        follow_mandate(engagement, now=event.at)


def on_introduction(event: Event) -> None:
    introduction = Introduction.objects.select_related("engagement__broker").get(key=key_of(event))
    if introduction.state == IntroductionState.CONFIRMED:
        engagement = introduction.engagement
        parties = [engagement.principal_id, introduction.introduced_id]
        follow_market(engagement, LeadEvent.MEET, parties=parties, now=event.at)


def on_intent(event: Event) -> None:
    """For the broker of the seller, or of whoever registered it; nobody else learns of it."""
    intent = Intent.objects.select_related("listing").get(key=key_of(event))
    parties = [intent.listing.seller_id, intent.buyer_id]
    for engagement in mandates_of_party(intent.listing, parties):
        follow_market(engagement, LeadEvent.INTEND, parties=parties, now=event.at)


def on_deal(event: Event) -> None:
    deal = _deal(event)
    for engagement in engagements_for_deal(deal):
        follow_market(engagement, LeadEvent.DEAL, parties=[deal.seller_id, deal.buyer_id], deal=deal, now=event.at)


def on_signing(event: Event) -> None:
    follow_deal(_deal(event), LeadEvent.SIGN, now=event.at)


def on_failure(event: Event) -> None:
    follow_deal(_deal(event), LeadEvent.FAIL, now=event.at)


def on_settlement(event: Event) -> None:
    follow_deal(Deal.objects.get(contract__settlement__key=key_of(event)), LeadEvent.SETTLE, now=event.at)


def _deal(event: Event) -> Deal:
    return Deal.objects.get(key=key_of(event))


_HANDLERS = {
    "engagement.signed": on_mandate,
    "introduction.confirmed": on_introduction,
    "introduction.decided": on_introduction,
    "intent.registered": on_intent,
    "deal.concluded": on_deal,
    "deal.contracted": on_signing,
    "deal.failed": on_failure,
    "settlement.closed": on_settlement,
    "settlement.ended": on_settlement,
}
follow(Reader("board.leads", _HANDLERS))
