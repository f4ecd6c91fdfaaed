"""After a winner's default the next bidder is asked, at their own best bid: the offer is made, accepted, declined, or lapses."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from listings.actions.deals import enter_deal
from listings.actions.listings import locked_listing, set_intent_state
from listings.models.deals import Deal, NextOffer
from listings.models.listings import Intent, Listing
from listings.rules.deals import lapses, may_answer_offer
from listings.states.deals import NEXT_OFFER, NextOfferEvent, NextOfferState
from listings.states.listings import INTENT, IntentEvent
from market.accounts.permissions import require_role, require_verified
from market.events.actions import record
from market.payments.actions.deposits import free_deposits, request_deposit
from market.payments.queries.deposits import is_held, open_deposit
from market.payments.states import DepositState
from market.policy.queries import policy_on, working_calendar
from market.policy.rules import deadline
from market.values.actor import CLOCK, Actor, Role
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import OutOfTurn


@transaction.atomic
def make_next_offer(deal: Deal, intent: Intent, price: Money, *, now: datetime) -> NextOffer:
    """The buyer of this intent may take the failed deal at this price, and has the policy's time to answer. For `listings.auctions`.

    Event: next_offer.made.
    """
    listing = locked_listing(deal.offered)
    policy = policy_on("deal.next_offer_period", day_of(now))
    due = deadline(day_of(now), policy.period, working_calendar(), policy_row=policy.id)
    offer = NextOffer.objects.create(
        deal=deal, intent=intent, price_fen=price.fen, made_at=now, due_on=due.day, policy_row_id=policy.id
    )
    facts = {"listing": listing.number, "price": str(price), "due_on": due.day.isoformat()}
    record("next_offer.made", subject=offer.subject, actor=CLOCK, now=now, **facts)
    return offer


@transaction.atomic
def note_no_next_offer(deal: Deal, *, now: datetime) -> None:
    """Nobody is left to be asked: the listing stays without a deal. Event: listing.nobody_left."""
    record("listing.nobody_left", subject=deal.offered.subject, actor=CLOCK, now=now, deal=deal.number)


@transaction.atomic
def accept_next_offer(offer: NextOffer, *, actor: Actor, now: datetime) -> NextOffer:
    """The buyer takes the deal: at once, or where the listing asks for a deposit as soon as it is there anew.

    Refused when the time is over, or while the deposit of before is on its way back. Forbidden for whoever may not deal by now.
    Events: next_offer.accepted, and deposit.requested or those of the deal.
    """
    locked, listing = _locked(offer)
    asks_deposit = listing.deposit_fen > 0
    move = NEXT_OFFER.move(locked.state, NextOfferEvent.ACCEPT if asks_deposit else NextOfferEvent.ACCEPT_FREELY)
    buyer = locked.intent.buyer
    require_role(actor, buyer.pk, Role.OWNER, Role.AGENT)
    require_verified(buyer)
    today = day_of(now)
    refusals = may_answer_offer(today=today, due_on=locked.due_on, is_deposit_due_back=_is_due_back(locked))
    if refusals:
        raise OutOfTurn(refusals)
    record("next_offer.accepted", subject=locked.subject, actor=actor, now=now, listing=listing.number, price=str(locked.price))
    if not asks_deposit:
        _take(locked, listing, move.to, now=now)
        return locked
    policy = policy_on("deal.next_offer_period", today)
    locked.due_on = deadline(today, policy.period, working_calendar(), policy_row=policy.id).day
    locked.policy_row_id = policy.id
    _set_state(locked, move.to, "due_on", "policy_row")
    request_deposit(buyer, listing.deposit, matter=locked.intent.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def decline_next_offer(offer: NextOffer, *, actor: Actor, now: datetime) -> NextOffer:
    """The buyer does not want the deal; nothing follows for them. Event: next_offer.declined."""
    locked, listing = _locked(offer)
    move = NEXT_OFFER.move(locked.state, NextOfferEvent.DECLINE)
    require_role(actor, locked.intent.buyer_id, Role.OWNER, Role.AGENT)
    _set_state(locked, move.to)
    record("next_offer.declined", subject=locked.subject, actor=actor, now=now, listing=listing.number)
    return locked


@transaction.atomic
def conclude_next_offer(offer: NextOffer, *, now: datetime) -> None:
    """The deposit is there: the deal is concluded with the next bidder. Does nothing while it is not, or twice.

    Events: intent.won, listing.concluded, deal.concluded.
    """
    locked, listing = _locked(offer)
    if locked.state == NextOfferState.ACCEPTED and is_held(locked.intent.subject):
        _take(locked, listing, NEXT_OFFER.move(locked.state, NextOfferEvent.CONCLUDE).to, now=now)


@transaction.atomic
def lapse_next_offer(offer: NextOffer, *, now: datetime) -> None:
    """The time is over without an answer, or without the deposit, which is no longer asked for.

    Does nothing before, or twice; a deposit that came in at the last moment concludes the deal. Event: next_offer.lapsed.
    """
    locked, listing = _locked(offer)
    if not NEXT_OFFER.may(locked.state, NextOfferEvent.LAPSE):
        return
    if locked.state == NextOfferState.ACCEPTED and is_held(locked.intent.subject):
        _take(locked, listing, NEXT_OFFER.move(locked.state, NextOfferEvent.CONCLUDE).to, now=now)
        return
    if not lapses(today=day_of(now), due_on=locked.due_on, is_deposit_due_back=_is_due_back(locked)):
        return
    _set_state(locked, NEXT_OFFER.move(locked.state, NextOfferEvent.LAPSE).to)
    record("next_offer.lapsed", subject=locked.subject, actor=CLOCK, now=now, listing=listing.number)
    if not _is_due_back(locked):
        free_deposits([locked.intent.subject], now=now)


def _take(offer: NextOffer, listing: Listing, state: str, *, now: datetime) -> None:
    _set_state(offer, state)
    intent = offer.intent
    set_intent_state(intent, INTENT.move(intent.state, IntentEvent.SUCCEED).to)
    record("intent.won", subject=intent.subject, actor=CLOCK, now=now)
    enter_deal(listing, intent, offer.price, actor=CLOCK, now=now)


def _is_due_back(offer: NextOffer) -> bool:
    deposit = open_deposit(offer.intent.subject)
    return deposit is not None and deposit.state == DepositState.DUE_BACK


def _locked(offer: NextOffer) -> tuple[NextOffer, Listing]:
    listing = locked_listing(offer.deal.offered)
    locked = NextOffer.objects.select_for_update(of=("self",)).select_related("intent__buyer").get(pk=offer.pk)
    return locked, listing


def _set_state(offer: NextOffer, state: str, *fields: str) -> None:
    offer.state = state
    offer.save(update_fields=["state", *fields])
