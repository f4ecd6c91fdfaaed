"""Preparing, publishing, changing and withdrawing listings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from listings.actions.notices import close_notice, notice_policy, open_notice
from listings.models.achievements import Achievement
from listings.models.listings import Intent, Listing
from listings.permissions.listings import require_may_list, require_mover, require_sellers_second_factor
from listings.queries.notices import open_notice_of
from listings.rules.listings import (
    ListingPolicies,
    ListingTerms,
    may_list,
    notice_policy_kind,
    price_change,
)
from listings.states.achievements import AchievementState
from listings.states.listings import INTENT, LISTING, OPEN_INTENT, IntentEvent, ListingEvent, ListingState
from market.accounts.models import Organisation
from market.accounts.permissions import require_role, require_verified
from market.events.actions import record, record_each
from market.payments.actions.deposits import free_deposits
from market.policy.actions import next_number
from market.policy.queries import policy_on
from market.values.actor import Actor, Role
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal, Refused, require, text_given


@transaction.atomic
def draft_listing(
    achievement: Achievement, terms: ListingTerms, *, actor: Actor, now: datetime, is_sample: bool = False
) -> Listing:
    """A listing stands ready to be published, under a number of its own. Event: listing.drafted."""
    require_role(actor, achievement.organisation_id, Role.OWNER, Role.AGENT)
    # Two clicks are two requests: the second waits here and then finds the first one's draft.
    achievement = Achievement.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=achievement.pk)
    seller = achievement.organisation
    require_may_list(achievement)
    require(_refusals(terms, achievement, seller, now=now))
    year = day_of(now).year
    listing = Listing(
        number=f"L{year}-{next_number(f'listing:{year}'):05d}",
        achievement=achievement,
        seller=seller,
        created_by_id=actor.person,
        created_at=now,
        is_sample=is_sample,
    )
    _write_terms(listing, terms)
    listing.save()
    record("listing.drafted", subject=listing.subject, actor=actor, now=now, number=listing.number)
    return listing


@transaction.atomic
def change_listing(listing: Listing, terms: ListingTerms, *, actor: Actor, now: datetime) -> Listing:
    """The draft has these terms now. Event: listing.changed."""
    locked = locked_listing(listing)
    LISTING.move(locked.state, ListingEvent.PUBLISH)
    require_mover(actor, locked, "owner")
    require(_refusals(terms, locked.achievement, locked.seller, now=now))
    _write_terms(locked, terms)
    locked.save()
    record("listing.changed", subject=locked.subject, actor=actor, now=now)
    return locked


def _refusals(terms: ListingTerms, achievement: Achievement, seller: Organisation, *, now: datetime) -> list[Refusal]:
    today = day_of(now)
    policies = ListingPolicies(
        notice_period=policy_on(notice_policy_kind(terms.route), today, scope=seller.kind),
        deposit_limit=policy_on("listing.deposit_limit", today),
    )
    is_registered = achievement.state == AchievementState.REGISTERED
    return may_list(terms, policies, seller_id=seller.pk, is_registered=is_registered)


def _write_terms(listing: Listing, terms: ListingTerms) -> None:
    listing.route = terms.route
    listing.transaction = terms.transaction
    listing.licence_months = terms.licence_months if terms.transaction != "transfer" else None
    listing.price_fen = terms.price.fen
    listing.reserve_price_fen = terms.reserve_price.fen if terms.reserve_price else None
    listing.is_reserve_disclosed = terms.is_reserve_disclosed
    listing.deposit_fen = terms.deposit.fen
    listing.payment_mode = terms.payment_mode
    listing.terms = terms.terms
    listing.buyer_conditions = terms.buyer_conditions
    listing.pricing_basis = terms.pricing_basis
    listing.is_related_party = terms.is_related_party
    listing.named_buyer_id = terms.named_buyer_id
    listing.notice_period = terms.notice_period
    listing.if_no_intent = terms.if_no_intent


@transaction.atomic
def publish_listing(listing: Listing, *, actor: Actor, now: datetime) -> Listing:
    """The notice is public and its clock runs from tomorrow. Event: listing.published.

    Forbidden without a second factor from the policy's price on.
    Refused when the achievement is no longer registered or is listed already, or when the terms no longer fit the policy.
    """
    locked = locked_listing(listing)
    move = LISTING.move(locked.state, ListingEvent.PUBLISH)
    require_mover(actor, locked, move.by)
    require_verified(locked.seller)
    require_sellers_second_factor(actor, locked.seller, locked.price, on=day_of(now))
    require(_refusals(terms_of(locked), locked.achievement, locked.seller, now=now))
    locked.published_at = now
    try:
        with transaction.atomic():
            _set_state(locked, move.to, "published_at")
    except IntegrityError as error:
        raise Refused([Refusal("listings.already_listed")]) from error
    notice = open_notice(locked, now=now)
    record(
        "listing.published",
        subject=locked.subject,
        actor=actor,
        now=now,
        number=locked.number,
        ends_on=str(notice.ends_on),
        price_fen=locked.price_fen,
        policy_row=notice.policy_row_id,
    )
    return locked


@transaction.atomic
def discard_listing(listing: Listing, *, actor: Actor, now: datetime) -> Listing:
    """The draft is out of sight. Event: listing.discarded."""
    locked = locked_listing(listing)
    move = LISTING.move(locked.state, ListingEvent.DISCARD)
    require_mover(actor, locked, move.by)
    _set_state(locked, move.to)
    record("listing.discarded", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def change_price(listing: Listing, price: Money, *, approval: str, actor: Actor, now: datetime) -> Listing:
    """The price is lower and a new notice runs its full period, with the approval it rests on; intents wait to be confirmed.

    Events: listing.price_changed, intent.voided. Refused out of turn when the notice is over and only waits to be closed.
    """
    locked = locked_listing(listing)
    move = LISTING.move(locked.state, ListingEvent.CHANGE_PRICE)
    require_mover(actor, locked, move.by)
    require_sellers_second_factor(actor, locked.seller, price, on=day_of(now))
    notice = locked.notices.get(closed_at__isnull=True)
    first = locked.notices.order_by("pk").first()
    limit = policy_on("listing.price_reduction_approval", day_of(now))
    announced = Money(first.price_fen if first else notice.price_fen)
    require(price_change(announced=announced, present=locked.price, new=price, approval_limit=limit, approval=approval))
    if notice.ends_at is not None and notice.ends_at <= now:
        raise OutOfTurn([Refusal("listings.notice_is_over")])
    close_notice(notice, now=now)
    locked.price_fen = price.fen
    locked.reserve_price_fen = None
    locked.deposit_fen = min(locked.deposit_fen, price.share(policy_on("listing.deposit_limit", day_of(now)).rate).fen)
    locked.notice_period = notice_policy(locked, now).count
    _set_state(locked, move.to, "price_fen", "reserve_price_fen", "deposit_fen", "notice_period")
    renewed = open_notice(locked, approval=approval.strip(), now=now)
    record(
        "listing.price_changed",
        subject=locked.subject,
        actor=actor,
        now=now,
        price=str(price),
        price_fen=price.fen,
        approval=approval.strip(),
        ends_on=str(renewed.ends_on),
    )
    for intent in locked.intents.filter(state__in=OPEN_INTENT):
        void_intent(intent, actor=actor, now=now)
    return locked


def void_intent(intent: Intent, *, actor: Actor, now: datetime) -> None:
    """The intent was for the listing as it was: it counts again when its buyer confirms it. Event: intent.voided.

    The caller holds the listing's lock.
    """
    set_intent_state(intent, INTENT.move(intent.state, IntentEvent.VOID).to)
    record("intent.voided", subject=intent.subject, actor=actor, now=now)


@transaction.atomic
def withdraw_listing(listing: Listing, *, reason: str, actor: Actor, now: datetime) -> Listing:
    """The notice is over without a deal, for a public reason; open intents end. Event: listing.withdrawn."""
    locked = locked_listing(listing)
    move = LISTING.move(locked.state, ListingEvent.WITHDRAW)
    require_mover(actor, locked, move.by)
    locked.reason = text_given(reason, Refusal("listings.reason_missing", field="reason"))
    end_listing(locked, move.to, "reason", actor=actor, now=now)
    record("listing.withdrawn", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    return locked


def terminate_listing(listing: Listing, *, reason: str, actor: Actor, now: datetime) -> Listing:
    """The running listing is over because its achievement may not be dealt on. Event: listing.terminated.

    The caller has asked for permission and runs the transaction.
    """
    locked = locked_listing(listing)
    state = LISTING.move(locked.state, ListingEvent.TERMINATE).to
    locked.reason = reason
    end_listing(locked, state, "reason", actor=actor, now=now)
    record("listing.terminated", subject=locked.subject, actor=actor, now=now, reason=reason)
    return locked


def end_listing(listing: Listing, state: str, *fields: str, actor: Actor, now: datetime) -> None:
    """The listing is in this final state, its notice closed and its open intents ended. The caller holds the lock and records."""
    _set_state(listing, state, *fields)
    if notice := open_notice_of(listing):
        close_notice(notice, now=now)
    lose_intents(listing.intents.filter(state__in=OPEN_INTENT), actor=actor, now=now)


def lose_intents(intents: Iterable[Intent], *, actor: Actor, now: datetime) -> None:
    """These intents end without the deal, and their deposits are due back. The caller holds the listing's lock.

    Event: intent.lost for each. Very many ask the database hardly more than one: auctions end in the same second.
    """
    lost = list(intents)
    if not lost:
        return
    _set_intent_states(lost, [INTENT.move(intent.state, IntentEvent.LOSE).to for intent in lost])
    subjects = [intent.subject for intent in lost]
    record_each("intent.lost", subjects, actor=actor, now=now)
    free_deposits(subjects, now=now)


def locked_listing(listing: Listing) -> Listing:
    """The listing as it is now, its row locked until the transaction ends: the point at which everything about it queues."""
    return Listing.objects.select_for_update(of=("self",)).select_related("achievement", "seller").get(pk=listing.pk)


def _set_state(listing: Listing, state: str, *fields: str) -> None:
    listing.state = state
    listing.save(update_fields=["state", *fields])


def move_listing(listing: Listing, event: ListingEvent) -> ListingState:
    """The locked listing has made this move."""
    _set_state(listing, LISTING.move(listing.state, event).to)
    return ListingState(listing.state)


def set_intent_state(intent: Intent, state: str, *fields: str) -> None:
    """The intent is in this state. The caller has asked the machine, holds the listing's lock and records."""
    _set_intent_states([intent], [state], *fields)


def _set_intent_states(intents: list[Intent], states: list[str], *fields: str) -> None:
    for intent, state in zip(intents, states, strict=True):
        intent.state = state
    Intent.objects.bulk_update(intents, ["state", *fields])


def terms_of(listing: Listing) -> ListingTerms:
    """The listing's terms as the rules see them."""
    return ListingTerms(
        route=listing.route,
        transaction=listing.transaction,
        licence_months=listing.licence_months,
        price=listing.price,
        reserve_price=None if listing.reserve_price_fen is None else Money(listing.reserve_price_fen),
        is_reserve_disclosed=listing.is_reserve_disclosed,
        deposit=listing.deposit,
        payment_mode=listing.payment_mode,
        terms=listing.terms,
        buyer_conditions=listing.buyer_conditions,
        named_buyer_id=listing.named_buyer_id,
        notice_period=listing.notice_period,
        if_no_intent=listing.if_no_intent,
        pricing_basis=listing.pricing_basis,
        is_related_party=listing.is_related_party,
    )
