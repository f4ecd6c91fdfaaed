"""What brokers' things do by themselves: commissions follow recognition and refund, certificates and mandates expire."""

from __future__ import annotations

from datetime import datetime, timedelta

from brokers.actions.brokers import expire_broker
from brokers.actions.commissions import credit_commissions, reverse_commissions
from brokers.actions.engagements import expire_engagement
from brokers.kinds import DueWhen
from brokers.queries import expired_brokers, expired_engagements
from listings.models.deals import Deal
from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each
from market.letters.registry import key_of
from market.values.dates import day_of
from market.values.money import Money


def on_signing(event: Event) -> None:
    deal = Deal.objects.get(key=key_of(event))
    credit_commissions(deal, contract_value=deal.price, reason=f"deal:{deal.number}", now=event.at, on=DueWhen.SIGNING)


def on_receipt(event: Event) -> None:
    deal = Deal.objects.get(contract__key=event.payload["contract"])
    credit_commissions(deal, contract_value=deal.price, reason=f"deal:{deal.number}", now=event.at, on=DueWhen.RECEIPT)


def on_recognition(event: Event) -> None:
    # A contract made outside the market has no deal, and no broker of ours.
    if not event.payload["deal"]:
        return
    deal = Deal.objects.get(key=event.payload["deal"])
    value = Money(event.payload["contract_value_fen"])
    credit_commissions(deal, contract_value=value, reason=f"registration:{event.payload['number']}", now=event.at)


def on_revocation(event: Event) -> None:
    if event.payload["deal"]:
        reverse_commissions(Deal.objects.get(key=event.payload["deal"]), now=event.at)


def on_end_of_settlement(event: Event) -> None:
    """Domain rule 3 of brokers: a refund of the deal reverses the commission. Whatever else was decided, no more is to be received."""
    if event.payload["outcome"] != "refund":
        on_receipt(event)
    else:
        reverse_commissions(Deal.objects.get(key=event.payload["deal"]), now=event.at)


def expire(now: datetime) -> None:
    """Certificates and mandates whose last day is over."""
    today = day_of(now)
    do_each("brokers.expire_brokers", expired_brokers(today), lambda broker: expire_broker(broker, now=now), now=now)
    do_each("brokers.expire_engagements", expired_engagements(today), lambda it: expire_engagement(it, now=now), now=now)


_HANDLERS = {
    "deal.contracted": on_signing,
    "contract.recognised": on_recognition,
    "settlement.closed": on_receipt,
    "registration.revoked": on_revocation,
    "settlement.ended": on_end_of_settlement,
}
follow(Reader("brokers.commissions", _HANDLERS))
sweep(Sweep("brokers.expire", expire, every=timedelta(minutes=1)))
