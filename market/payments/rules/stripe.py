"""What does an event of Stripe's point at, what is asked of Stripe, and which movements follow from what it did?

Whatever an event says is not believed beyond the number it names: the object is fetched as it is now. That, and facts
that are only ever added, make the order and the number of deliveries indifferent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from market.payments.rules.ledger import AccountKey, Movement
from market.values.money import ZERO, Money
from market.values.refusal import Refusal

# Stripe takes at most eight digits of fen.
MOST_BY_CARD = Money(99_999_999)
# How long the page to pay on stays open; Stripe allows from half an hour to a day.
OPEN_FOR = timedelta(hours=1)
# Lines of the balance by which Stripe charges the market itself, in its own words.
FEE_KINDS = frozenset({"fee", "network_cost", "tax"})
# Stripe keeps the answer to a key for a day at least; an older request might be done twice.
KEY_HOLDS = timedelta(hours=23)


@dataclass(frozen=True, slots=True)
class Target:
    """The object that an event is about: an intent to pay, a session, or a charge, by Stripe's number."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A page to pay on, as Stripe has it now."""

    number: str
    checkout: str
    intent: str
    is_expired: bool


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund as Stripe has it now; `key` is ours, if it was made by us."""

    number: str
    key: str
    amount: Money
    has_succeeded: bool
    has_failed: bool
    problem: str


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """What a dispute changed in the market's balance at Stripe: the amount with its sign, and the fee on top of it."""

    number: str
    amount: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """A dispute as Stripe has it now."""

    number: str
    amount: Money
    reason: str
    opened_at: datetime
    evidence_due_at: datetime | None
    is_closed: bool
    is_lost: bool
    changes: tuple[BalanceChange, ...]


@dataclass(frozen=True, slots=True)
class IntentFacts:
    """A payment as Stripe has it now, with all that became of it."""

    number: str
    checkout: str
    has_succeeded: bool
    is_cancelled: bool
    received: Money
    currency: str
    charge: str
    paid_with: str
    fee: Money | None
    refunds: tuple[RefundFacts, ...] = ()
    disputes: tuple[DisputeFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    """All that is needed to ask for a page to pay on."""

    key: str
    reference: str
    title: str
    amount: Money
    locale: str
    return_address: str
    expires_at: datetime


def may_pay_by_card(amount: Money, *, is_barred: bool, is_claimed_back: bool = False) -> list[Refusal]:
    """What speaks against paying this amount by card or wallet. Source: Stripe's documentation of amounts (high)."""
    if is_barred:
        return [Refusal("payments.barred")]
    if is_claimed_back:
        return [Refusal("payments.back_by_bank")]
    return [Refusal("payments.too_much_for_a_card", data={"most": str(MOST_BY_CARD)})] if amount > MOST_BY_CARD else []


def session_parameters(order: CheckoutOrder) -> dict[str, Any]:
    """The request for a page on which exactly this sum is paid in yuan. Source: Stripe's reference of Checkout sessions (high)."""
    return {
        "mode": "payment",
        "client_reference_id": order.key,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "cny",
                    "unit_amount": order.amount.fen,
                    "product_data": {"name": f"{order.title} {order.reference}"},
                },
            }
        ],
        "payment_method_types": ["card", "alipay", "wechat_pay"],
        "payment_method_options": {"wechat_pay": {"client": "web"}},
        "payment_intent_data": {"metadata": {"checkout": order.key, "payment": order.reference}},
        "metadata": {"checkout": order.key, "payment": order.reference},
        "locale": order.locale,
        "success_url": f"{order.return_address}?from=done",
        "cancel_url": f"{order.return_address}?from=cancelled",
        "expires_at": int(order.expires_at.timestamp()),
    }


def refund_parameters(intent: str, amount: Money, key: str) -> dict[str, Any]:
    """The request to give this sum of the payment back. Source: Stripe's reference of refunds (high)."""
    return {"payment_intent": intent, "amount": amount.fen, "metadata": {"refund": key}}


def answer_parameters(*, payer: str, paid_for: str, explanation: str) -> dict[str, Any]:
    """The request to hand in the market's evidence against a dispute, once and for all. Source: Stripe's reference of disputes (high)."""
    evidence = {"customer_name": payer, "product_description": paid_for, "uncategorized_text": explanation}
    return {"evidence": evidence, "submit": True}


def target_of(event: Mapping[str, Any]) -> Target | None:
    """What the event is about; None for kinds that the market does not need. Source: Stripe's reference of events (high)."""
    thing = event.get("data", {}).get("object", {})
    kind = str(event.get("type", ""))
    if kind.startswith("checkout.session."):
        return Target("session", str(thing.get("id", "")))
    if kind.startswith("payment_intent."):
        return Target("intent", str(thing.get("id", "")))
    if kind.startswith(("charge.", "refund.")):
        return Target("intent", str(thing["payment_intent"])) if thing.get("payment_intent") else None
    return None


def fee_movements(clearing: AccountKey, costs: AccountKey, fee: Money) -> list[Movement]:
    """What Stripe keeps for itself is a cost of the market; the payer's sum stays whole. Source: the market's own."""
    if fee > ZERO:
        return [Movement(costs, clearing, fee)]
    return [Movement(clearing, costs, -fee)] if fee < ZERO else []


def dispute_movements(clearing: AccountKey, claims: AccountKey, costs: AccountKey, change: BalanceChange) -> list[Movement]:
    """Disputed money leaves the balance at Stripe for a claim, and comes back when the dispute is won. Source: the market's own."""
    moved = []
    if change.amount < ZERO:
        moved = [Movement(claims, clearing, -change.amount)]
    elif change.amount > ZERO:
        moved = [Movement(clearing, claims, change.amount)]
    return moved + fee_movements(clearing, costs, change.fee)


def line_movements(clearing: AccountKey, bank: AccountKey, costs: AccountKey, kind: str, change: Money) -> list[Movement]:
    """What follows from a line of the balance that is no payment's: a payout reaches the bank, a fee is a cost; nothing otherwise.

    Source: Stripe's reference of reporting categories (high).
    """
    if kind == "payout" and change < ZERO:
        return [Movement(bank, clearing, -change)]
    return fee_movements(clearing, costs, -change) if kind in FEE_KINDS else []
