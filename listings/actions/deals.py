"""What happens when a notice or the bidding is over, and what becomes of a deal."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from listings.actions.listings import end_listing, locked_listing, lose_intents, move_listing, set_intent_state
from listings.actions.notices import close_notice, compute_end, extend_notice
from listings.models.deals import Deal
from listings.models.listings import Intent, Listing, Notice
from listings.permissions.deals import is_party
from listings.queries.deals import due_of
from listings.rules.deals import is_in_default
from listings.rules.listings import AtNoticeEnd, at_notice_end
from listings.states.deals import DEAL, DealEvent, DealState
from listings.states.listings import INTENT, LISTING, IntentEvent, IntentState, ListingEvent, ListingState
from market.accounts.models import Organisation
from market.accounts.permissions import require_official
from market.events.actions import record
from market.payments.actions.deposits import carry_deposit, forfeit_deposit, free_deposits
from market.payments.queries.deposits import open_deposit
from market.policy.actions import next_number
from market.policy.queries import policy_on, working_calendar
from market.policy.rules import deadline
from market.values.actor import CLOCK, Actor, Role
from market.values.dates import day_of
from market.values.machine import IllegalMove
from market.values.money import Money
from market.values.refusal import Forbidden, Refusal, text_given

_NO_REASON = Refusal("listings.reason_missing", field="reason")


@transaction.atomic
def close_due_notice(notice: Notice, *, now: datetime) -> ListingState:
    """What the rules say at the end of this notice has happened, once; gives the listing's state.

    Does nothing when another worker was quicker, the clock was stopped, or the end was moved. Who is qualified was fixed at
    the stored end, so a worker that was away changes nothing but the moment: periods that begin now begin when it is known.
    """
    listing = locked_listing(notice.listing)
    current = Notice.objects.get(pk=notice.pk)
    if listing.state != ListingState.ON_NOTICE or current.closed_at or current.ends_at is None or current.ends_at > now:
        return ListingState(listing.state)
    qualified = list(listing.intents.filter(state=IntentState.QUALIFIED).select_related("buyer"))
    limit = policy_on("listing.extension_limit", day_of(now), scope=listing.seller.kind)
    outcome = at_notice_end(
        qualified=len(qualified),
        if_no_intent=listing.if_no_intent,
        extensions=current.extensions.count(),
        limit=limit.count,
    )
    match outcome:
        case AtNoticeEnd.CONCLUDE:
            _conclude(listing, qualified[0], qualified[0].offered_price, actor=CLOCK, now=now)
        case AtNoticeEnd.OPEN_BIDDING:
            _open_bidding(listing, current, len(qualified), now=now)
        case AtNoticeEnd.EXTEND:
            _extend(listing, current, now=now)
        case AtNoticeEnd.LAPSE:
            _lapse(listing, now=now)
    return ListingState(listing.state)


def _extend(listing: Listing, notice: Notice, *, now: datetime) -> None:
    policy = policy_on("listing.extension_period", day_of(now), scope=listing.seller.kind)
    move_listing(listing, ListingEvent.EXTEND)
    extended = extend_notice(notice, policy, now=now)
    record("listing.extended", subject=listing.subject, actor=CLOCK, now=now, ends_on=str(extended.ends_on))


def _open_bidding(listing: Listing, notice: Notice, qualified: int, *, now: datetime) -> None:
    move_listing(listing, ListingEvent.OPEN_BIDDING)
    close_notice(notice, now=now)
    left = listing.intents.filter(state__in=[IntentState.REGISTERED, IntentState.UNCONFIRMED])
    lose_intents(left, actor=CLOCK, now=now)
    record("listing.bidding_opened", subject=listing.subject, actor=CLOCK, now=now, qualified=qualified)


def _lapse(listing: Listing, *, now: datetime) -> None:
    end_listing(listing, LISTING.move(listing.state, ListingEvent.LAPSE).to, actor=CLOCK, now=now)
    record("listing.lapsed", subject=listing.subject, actor=CLOCK, now=now)


@transaction.atomic
def conclude_bidding(listing: Listing, *, winner: Intent | None, price: Money | None, now: datetime) -> Deal | None:
    """The bidding is over: a deal with the winner at the price bid, or the end without a deal. For `listings.auctions`.

    Events: listing.concluded and deal.concluded, or listing.lapsed. Refused out of turn when the listing is not in bidding.
    """
    locked = locked_listing(listing)
    if locked.state != ListingState.BIDDING:
        raise IllegalMove(LISTING.name, locked.state, ListingEvent.CONCLUDE)
    if winner is None or price is None:
        _lapse(locked, now=now)
        return None
    intent = locked.intents.select_related("buyer").get(pk=winner.pk)
    return _conclude(locked, intent, price, actor=CLOCK, now=now)


def _conclude(listing: Listing, intent: Intent, price: Money, *, actor: Actor, now: datetime) -> Deal:
    set_intent_state(intent, INTENT.move(intent.state, IntentEvent.WIN).to)
    record("intent.won", subject=intent.subject, actor=actor, now=now)
    state = LISTING.move(listing.state, ListingEvent.CONCLUDE).to
    end_listing(listing, state, actor=actor, now=now)
    return enter_deal(listing, intent, price, actor=actor, now=now)


def enter_deal(listing: Listing, intent: Intent, price: Money, *, actor: Actor, now: datetime) -> Deal:
    """The deal stands, its contract due after the policy's period. The caller holds the listing's lock and has moved the intent.

    Events: listing.concluded, deal.concluded.
    """
    deal = Deal(title=listing.achievement.title, listing=listing, intent=intent, price_fen=price.fen)
    deal.seller_id, deal.buyer_id = listing.seller_id, intent.buyer_id
    _enter(deal, now=now)
    record(
        "listing.concluded", subject=listing.subject, actor=actor, now=now, price=str(price), price_fen=price.fen, deal=deal.key
    )
    _record_concluded(deal, listing=listing.number, actor=actor, now=now)
    return deal


def enter_agreed_deal(
    title: str, *, seller: Organisation, buyer: Organisation, price: Money, actor: Actor, now: datetime
) -> Deal:
    """The same for what was sought, not listed. The caller holds the lock of what was sought. Event: deal.concluded."""
    deal = Deal(title=title, seller=seller, buyer=buyer, price_fen=price.fen)
    _enter(deal, now=now)
    _record_concluded(deal, listing="", actor=actor, now=now)
    return deal


def _enter(deal: Deal, *, now: datetime) -> None:
    """The deal is saved under its number, its contract due after the policy's period."""
    policy = policy_on("contract.signing_period", day_of(now))
    due = deadline(day_of(now), policy.period, working_calendar(), policy_row=policy.id)
    year = day_of(now).year
    deal.number = f"D{year}-{next_number(f'deal:{year}'):05d}"
    deal.concluded_at, deal.policy_row_id = now, policy.id
    deal.contract_due_on, deal.is_due_provisional = due.day, due.provisional
    deal.save()


def _record_concluded(deal: Deal, *, listing: str, actor: Actor, now: datetime) -> None:
    facts = {"number": deal.number, "listing": listing, "price_fen": deal.price_fen}
    record(
        "deal.concluded", subject=deal.subject, actor=actor, now=now, **facts, contract_due_on=deal.contract_due_on.isoformat()
    )


@transaction.atomic
def sign_deal(deal: Deal, *, actor: Actor, now: datetime) -> Deal:
    """The parties have signed the contract, and the buyer's deposit counts towards the price. Called by `contracts` when both agreed.

    Events: deal.contracted, deposit.carried.
    """
    locked = _locked(deal)
    move = DEAL.move(locked.state, DealEvent.SIGN)
    if not is_party(actor, locked):
        raise Forbidden([Refusal("accounts.role_missing")])
    _set_state(locked, move.to)
    record("deal.contracted", subject=locked.subject, actor=actor, now=now, number=locked.number)
    if locked.intent is not None and (deposit := open_deposit(locked.intent.subject)) is not None:
        carry_deposit(deposit, now=now)
    return locked


@transaction.atomic
def fail_deal(deal: Deal, *, reason: str, is_buyers_default: bool = False, actor: Actor, now: datetime) -> Deal:
    """A supervisor states that no contract will be signed, and why: the deposit is forfeited by a buyer in default, else due back.

    Events: deal.failed, listing.deal_failed, and deposit.forfeited or deposit.released.
    """
    locked = _locked_with_listing(deal)
    move = DEAL.move(locked.state, DealEvent.FAIL)
    require_official(actor, Role.SUPERVISOR)
    _fail(locked, move.to, text_given(reason, _NO_REASON), is_buyers_default=is_buyers_default, actor=actor, now=now)
    return locked


def _fail(deal: Deal, state: str, reason: str, *, is_buyers_default: bool, actor: Actor, now: datetime) -> None:
    deal.reason = reason
    _set_state(deal, state, "reason")
    record("deal.failed", subject=deal.subject, actor=actor, now=now, reason=reason, is_buyers_default=is_buyers_default)
    if deal.listing is None or deal.intent is None:
        return
    set_intent_state(deal.intent, INTENT.move(deal.intent.state, IntentEvent.FAIL).to)
    record("listing.deal_failed", subject=deal.listing.subject, actor=actor, now=now)
    deposit = open_deposit(deal.intent.subject)
    if deposit is not None and is_buyers_default:
        forfeit_deposit(deposit, seller=deal.seller, reason=reason, actor=actor, now=now)
    else:
        free_deposits([deal.intent.subject], now=now)


@transaction.atomic
def note_overdue_deal(deal: Deal, *, now: datetime) -> None:
    """The contract was not signed by its day: the parties may state an obstacle for as long as the policy says.

    Does nothing before that day, while the day is provisional, or twice. Event: deal.overdue.
    """
    locked, today = _locked(deal), day_of(now)
    if locked.state != DealState.CONCLUDED or locked.default_after or locked.is_due_provisional:
        return
    if today <= locked.contract_due_on:
        return
    policy = policy_on("deal.default_after", today)
    locked.default_after = deadline(today, policy.period, working_calendar(), policy_row=policy.id).day
    locked.default_row_id = policy.id
    locked.save(update_fields=["default_after", "default_row"])
    facts = {"number": locked.number, "default_after": locked.default_after.isoformat()}
    record("deal.overdue", subject=locked.subject, actor=CLOCK, now=now, **facts)


@transaction.atomic
def state_obstacle(deal: Deal, *, obstacle: str, actor: Actor, now: datetime) -> Deal:
    """A party has said what stands in the way of the contract: now only a supervisor can declare the deal failed.

    Out of turn unless the contract is still to be signed. Event: deal.obstacle_stated.
    """
    locked = _locked(deal)
    DEAL.move(locked.state, DealEvent.FAIL)
    if not is_party(actor, locked):
        raise Forbidden([Refusal("accounts.role_missing")])
    locked.obstacle, locked.obstacle_by_id = text_given(obstacle, _NO_REASON), actor.organisation
    locked.save(update_fields=["obstacle", "obstacle_by"])
    record("deal.obstacle_stated", subject=locked.subject, actor=actor, now=now, number=locked.number, obstacle=locked.obstacle)
    return locked


@transaction.atomic
def declare_default(deal: Deal, *, now: datetime) -> None:
    """The buyer is in default: the contract is overdue, and nobody has stated an obstacle in time. The deposit is forfeited.

    Does nothing otherwise. Events: deal.failed, listing.deal_failed, deposit.forfeited.
    """
    locked = _locked_with_listing(deal)
    if locked.state != DealState.CONCLUDED:
        return
    if not is_in_default(today=day_of(now), default_after=locked.default_after, has_obstacle=bool(locked.obstacle)):
        return
    move = DEAL.move(locked.state, DealEvent.DEFAULT)
    # Kept as it is read: by both parties, in the first language of the market.
    with translation.override(settings.LANGUAGE_CODE):
        reason = gettext("The contract was not signed by %(day)s, and neither party stated an obstacle.")
    reason %= {"day": locked.contract_due_on.isoformat()}
    _fail(locked, move.to, reason, is_buyers_default=True, actor=CLOCK, now=now)


@transaction.atomic
def compute_notice_again(notice: Notice, *, now: datetime) -> None:
    """The end is counted over the calendar as it is now, under the row it began under.

    Event: listing.due_changed when the day moved, listing.due_confirmed when a provisional day became final.
    """
    listing = locked_listing(notice.listing)
    current = Notice.objects.get(pk=notice.pk)
    before, was_provisional = current.ends_on, current.is_provisional
    if current.closed_at or before is None:
        return
    compute_end(current, working_calendar())
    name = _what_became_of(before, current.ends_on, was_provisional=was_provisional, is_provisional=current.is_provisional)
    if name:
        facts = {"number": listing.number, "ends_on": str(current.ends_on), "before": before.isoformat()}
        record(f"listing.{name}", subject=listing.subject, actor=CLOCK, now=now, **facts)


@transaction.atomic
def compute_deal_again(deal: Deal, *, now: datetime) -> None:
    """The day by which the contract is due is counted over the calendar as it is now, under the row it began under.

    Event: deal.due_changed when the day moved, deal.due_confirmed when a provisional day became final.
    """
    locked = _locked(deal)
    if locked.state != DealState.CONCLUDED:
        return
    due = due_of(locked)
    before, was_provisional = locked.contract_due_on, locked.is_due_provisional
    locked.contract_due_on, locked.is_due_provisional = due.day, due.provisional
    locked.save(update_fields=["contract_due_on", "is_due_provisional"])
    name = _what_became_of(before, due.day, was_provisional=was_provisional, is_provisional=due.provisional)
    if name:
        facts = {"number": locked.number, "contract_due_on": due.day.isoformat(), "before": before.isoformat()}
        record(f"deal.{name}", subject=locked.subject, actor=CLOCK, now=now, **facts)


def _what_became_of(before: date, after: date | None, *, was_provisional: bool, is_provisional: bool) -> str:
    """The event to record of a day that was counted again; none when all is as before."""
    if after != before:
        return "due_changed"
    return "due_confirmed" if was_provisional and not is_provisional else ""


def _locked_with_listing(deal: Deal) -> Deal:
    """The listing first, where there is one: whoever offers the deal to the next bidder waits for the same row."""
    if deal.listing is not None:
        locked_listing(deal.listing)
    return _locked(deal)


def _locked(deal: Deal) -> Deal:
    return Deal.objects.select_for_update(of=("self",)).select_related("seller", "buyer", "intent", "listing").get(pk=deal.pk)


def _set_state(deal: Deal, state: str, *fields: str) -> None:
    deal.state = state
    deal.save(update_fields=["state", *fields])
