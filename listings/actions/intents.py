"""Registering, qualifying, rejecting and withdrawing intents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from listings.actions.listings import locked_listing, set_intent_state
from listings.models.listings import Intent, Listing
from listings.permissions.listings import require_intent_mover, require_other_buyer, require_sellers_second_factor
from listings.rules.listings import IntentTerms, may_offer, may_qualify, may_register_intent
from listings.states.listings import INTENT, LISTING, IntentEvent, ListingEvent
from market.accounts.models import Organisation
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record
from market.payments.actions.deposits import free_deposits, request_deposit
from market.payments.queries.deposits import is_held
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal, require, text_given


@transaction.atomic
def register_intent(
    listing: Listing,
    terms: IntentTerms,
    *,
    buyer: Organisation,
    documents: Sequence[Document] = (),
    actor: Actor,
    now: datetime,
) -> Intent:
    """The buyer has applied to take part, and is asked for the deposit where there is one.

    Events: intent.registered, deposit.requested.
    """
    locked = locked_listing(listing)
    # An intent is for a listing whose notice runs: the very state from which a deal could be concluded.
    LISTING.move(locked.state, ListingEvent.EXTEND)
    require_other_buyer(actor, locked, buyer)
    notice = locked.notices.get(closed_at__isnull=True)
    require(
        may_register_intent(
            terms,
            price=locked.price,
            is_on_time=notice.ends_at is not None and now < notice.ends_at,
        )
    )
    intent = _intent(locked, terms, buyer=buyer, actor=actor, now=now)
    intent.documents.set(documents)
    record("intent.registered", subject=intent.subject, actor=actor, now=now, listing=locked.number)
    if locked.deposit_fen:
        request_deposit(buyer, locked.deposit, matter=intent.subject, actor=actor, now=now)
    return intent


def _intent(listing: Listing, terms: IntentTerms, *, buyer: Organisation, actor: Actor, now: datetime) -> Intent:
    try:
        with transaction.atomic():
            return Intent.objects.create(
                listing=listing,
                buyer=buyer,
                capacity=terms.capacity,
                finance=terms.finance,
                internal_decision=terms.internal_decision,
                contact=terms.contact,
                offered_price_fen=terms.offered_price.fen,
                accepted_terms_at=now,
                registered_by_id=person_of(actor),
                registered_at=now,
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("listings.intent_exists")]) from error


@transaction.atomic
def qualify_intent(intent: Intent, *, actor: Actor, now: datetime) -> Intent:
    """The seller accepts the buyer's capacity and standing; with one such buyer the notice ends in a deal. Event: intent.qualified.

    Forbidden without a second factor from the policy's price on. Refused while the deposit that the listing asks for is not held.
    """
    locked = _decide(intent, IntentEvent.QUALIFY, reason="", actor=actor, now=now)
    require(may_qualify(needs_deposit=locked.listing.deposit_fen > 0, is_deposit_held=is_held(locked.subject)))
    record("intent.qualified", subject=locked.subject, actor=actor, now=now, listing=locked.listing.number)
    return locked


@transaction.atomic
def reject_intent(intent: Intent, *, reason: str, actor: Actor, now: datetime) -> Intent:
    """The seller says why the buyer does not meet the conditions; the deposit is due back. Event: intent.rejected."""
    given = text_given(reason, Refusal("listings.reason_missing", field="reason"))
    locked = _decide(intent, IntentEvent.REJECT, reason=given, actor=actor, now=now)
    record("intent.rejected", subject=locked.subject, actor=actor, now=now, listing=locked.listing.number, reason=locked.reason)
    free_deposits([locked.subject], now=now)
    return locked


@transaction.atomic
def confirm_intent(intent: Intent, offered_price: Money, *, actor: Actor, now: datetime) -> Intent:
    """The buyer's intent counts again for the changed listing, at this price; a qualification that was given stands.

    Event: intent.confirmed. Refused below the listing's price; out of turn when the notice is over.
    """
    locked = _locked(intent)
    was_qualified = locked.decided_at is not None
    move = INTENT.move(locked.state, IntentEvent.CONFIRM_QUALIFIED if was_qualified else IntentEvent.CONFIRM)
    require_intent_mover(actor, locked, move.by)
    _require_running(locked, now)
    require(may_offer(offered_price, price=locked.listing.price))
    locked.offered_price_fen, locked.accepted_terms_at = offered_price.fen, now
    set_intent_state(locked, move.to, "offered_price_fen", "accepted_terms_at")
    number, price = locked.listing.number, str(offered_price)
    record("intent.confirmed", subject=locked.subject, actor=actor, now=now, listing=number, price=price)
    return locked


@transaction.atomic
def withdraw_intent(intent: Intent, *, actor: Actor, now: datetime) -> Intent:
    """The buyer no longer takes part; possible until the notice is over. The deposit is due back. Event: intent.withdrawn."""
    locked = _locked(intent)
    move = INTENT.move(locked.state, IntentEvent.WITHDRAW)
    require_intent_mover(actor, locked, move.by)
    _require_running(locked, now)
    set_intent_state(locked, move.to)
    record("intent.withdrawn", subject=locked.subject, actor=actor, now=now, listing=locked.listing.number)
    free_deposits([locked.subject], now=now)
    return locked


def _decide(intent: Intent, event: IntentEvent, *, reason: str, actor: Actor, now: datetime) -> Intent:
    locked = _locked(intent)
    move = INTENT.move(locked.state, event)
    require_intent_mover(actor, locked, move.by)
    if event is IntentEvent.QUALIFY:
        require_sellers_second_factor(actor, locked.listing.seller, locked.offered_price, on=day_of(now))
    _require_running(locked, now)
    locked.decided_at = now
    locked.decided_by_id = actor.person
    locked.reason = reason
    set_intent_state(locked, move.to, "decided_at", "decided_by", "reason")
    return locked


def _require_running(intent: Intent, now: datetime) -> None:
    """Who is qualified is fixed at the stored end of the notice, even when the worker is late in closing it."""
    notice = intent.listing.notices.filter(closed_at__isnull=True).first()
    if notice is None or (notice.ends_at is not None and notice.ends_at <= now):
        raise OutOfTurn([Refusal("listings.notice_is_over")])


def _locked(intent: Intent) -> Intent:
    listing = locked_listing(intent.listing)
    locked = Intent.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=intent.pk)
    locked.listing = listing
    return locked
