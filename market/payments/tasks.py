"""What falls due by itself: late refunds are said so, providers are compared with the ledger, Stripe is asked and heard."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from market.events.registry import Sweep, sweep
from market.events.work import do_each
from market.payments.actions.deposits import give_back_the_rest, note_overdue_refund
from market.payments.actions.reconciliation import reconcile_due
from market.payments.actions.stripe.balance import read_balance
from market.payments.actions.stripe.calls import send_call
from market.payments.actions.stripe.checkouts import close_unwanted
from market.payments.actions.stripe.inbox import collect_events, handle_event
from market.payments.actions.stripe.refunds import refund_checkout
from market.payments.models.stripe import StripeCall
from market.payments.providers.stripe_api import NoAnswer, is_set_up
from market.payments.queries.deposits import late_refunds
from market.payments.queries.recoveries import deposits_given_back_by_hand
from market.payments.queries.stripe import checkouts_to_refund, unwanted_checkouts, waiting_calls, waiting_events
from market.values.dates import day_of

log = logging.getLogger(__name__)


def note_late_refunds(now: datetime) -> None:
    """Every refund that has become late stands in the log, where officials see it."""
    late = late_refunds(day_of(now))
    do_each("payments.note_late_refunds", late, lambda deposit: note_overdue_refund(deposit, now=now), now=now)


sweep(Sweep("payments.note_late_refunds", note_late_refunds))


def reconcile(now: datetime) -> None:
    """Once a day every provider is compared with the ledger, by what Stripe says now, or said last."""
    if is_set_up():
        try:
            read_balance(now=now)
        except NoAnswer:
            log.exception("Stripe's account of the balance could not be read")
    reconcile_due(now=now)


sweep(Sweep("payments.reconcile", reconcile, every=timedelta(hours=1)))


# --- Cards and wallets: out of any transaction, for each of these asks Stripe


def send_calls(now: datetime) -> None:
    """Every request to Stripe that was not answered is sent again."""

    def send(call: StripeCall) -> None:
        if not send_call(call, now=now):
            raise NoAnswer(call.key)

    do_each("payments.stripe_calls", waiting_calls(), send, now=now, stop_at_failure=True)


def handle_events(now: datetime) -> None:
    """Every event in the inbox is handled."""
    do_each("payments.stripe_events", waiting_events(), lambda event: handle_event(event, now=now), now=now, stop_at_failure=True)


def list_events(now: datetime) -> None:
    """What Stripe could not deliver is fetched."""
    if is_set_up():
        collect_events(now=now)


def give_back_cards(now: datetime) -> None:
    """Money that came by card and is due back, or that nobody waited for, is asked back; pages of what is over are closed."""
    do_each("payments.given_back_by_hand", deposits_given_back_by_hand(), lambda it: give_back_the_rest(it, now=now), now=now)
    if not is_set_up():
        return
    do_each("payments.card_refunds", checkouts_to_refund(), lambda it: refund_checkout(it, now=now), now=now)
    do_each("payments.unwanted_checkouts", unwanted_checkouts(), lambda it: close_unwanted(it, now=now), now=now)


sweep(Sweep("payments.handle_events", handle_events, every=timedelta(seconds=3)))
sweep(Sweep("payments.send_calls", send_calls))
sweep(Sweep("payments.give_back_cards", give_back_cards))
sweep(Sweep("payments.list_events", list_events, every=timedelta(minutes=5)))
