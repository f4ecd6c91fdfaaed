"""Payments by card in a given state, built through the actions and what the stand-in for Stripe says of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.test import Client, override_settings

from market.payments.actions.deposits import release_deposits
from market.payments.actions.stripe.checkouts import begin_checkout
from market.payments.actions.stripe.facts import apply_facts
from market.payments.models.deposits import Deposit
from market.payments.models.ledger import Entry
from market.payments.models.recoveries import Recovery
from market.payments.models.stripe import Checkout
from market.payments.rules.stripe import IntentFacts, RefundFacts
from market.payments.tasks import give_back_cards, handle_events, send_calls
from market.values.money import Money
from tests.cards.stand_in import KEY, StandIn, Thing, signed
from tests.payments.builders import a_deposit
from tests.people import Cast

SITE = "http://testserver"
# What goes back by hand of a deposit, where nothing else is said.
PART = Money(5000)


def a_checkout(cast: Cast, now: datetime, deposit: Deposit | None = None) -> Checkout:
    """The enterprise's deposit, to be paid on a page that is open."""
    payment = (deposit or a_deposit(cast, now)).payment
    assert payment is not None
    return begin_checkout(payment, site=SITE, actor=cast.enterprise_agent.actor, now=now)


def said_of(checkout: Checkout, *refunds: RefundFacts) -> IntentFacts:
    """What Stripe says of a payment that came, and of what went back of it."""
    return IntentFacts(
        number=f"pi_{checkout.key}",
        checkout=checkout.key,
        has_succeeded=True,
        is_cancelled=False,
        received=checkout.amount,
        currency="cny",
        charge=f"ch_{checkout.key}",
        paid_with="card",
        fee=None,
        refunds=refunds,
    )


def by_hand(checkout: Checkout, amount: Money, *, has_failed: bool = False) -> RefundFacts:
    """A refund that somebody made in Stripe's own pages."""
    return RefundFacts(f"re_{checkout.key}", "", amount, not has_failed, has_failed, "declined" if has_failed else "")


def a_recovery(cast: Cast, now: datetime, *, deposit: Deposit | None = None, amount: Money = PART) -> Recovery:
    """A part of a deposit went back in Stripe's own pages although it is held. No word with Stripe is needed for it."""
    with override_settings(STRIPE_API_KEY=KEY, STRIPE_API_BASE="http://127.0.0.1:1"):
        checkout = a_checkout(cast, now, deposit)
    with transaction.atomic():
        apply_facts(checkout, said_of(checkout, by_hand(checkout, amount)), now=now)
    return Recovery.objects.select_related("debtor", "payment", "refund__checkout__payment").get(refund__checkout=checkout)


def paid(stripe: StandIn, checkout: Checkout, way: str = "card") -> Thing:
    """The payer has paid on Stripe's page; the market has not heard of it yet. Gives Stripe's intent."""
    assert checkout.session_id
    return stripe.pay(checkout.session_id, way)


def post(event: Thing, **how: int | str) -> int:
    """Delivers the event with its signature; gives the status of the answer."""
    body, signature = signed(event, **how)  # type: ignore[arg-type]
    answer = Client().post("/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature})
    return answer.status_code


def tell(events: Iterable[Thing], now: datetime) -> None:
    """Delivers these events in this order, and the worker handles them."""
    for event in list(events):
        assert post(event) == 204
    handle_events(now)


def a_paid_deposit(cast: Cast, stripe: StandIn, now: datetime, *, is_due_back: bool = False) -> Checkout:
    """Held, paid by card; or due back already."""
    checkout = a_checkout(cast, now)
    paid(stripe, checkout)
    tell(stripe.events, now)
    if is_due_back:
        release_deposits([checkout.payment.deposit], now=now)
    checkout.refresh_from_db()
    return checkout


def work(now: datetime) -> None:
    """The worker does what is due by itself, once."""
    give_back_cards(now)
    send_calls(now)


def ledger() -> list[tuple[str, str, str, int]]:
    """Everything booked, by reference: from where, to where, how much; without the keys that differ from run to run."""
    entries = Entry.objects.select_related("posting", "source", "target")
    rows = [(e.posting.reference.rpartition(":")[2], str(e.source.purpose), str(e.target.purpose), e.amount_fen) for e in entries]
    return sorted(rows)
