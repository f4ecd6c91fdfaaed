"""Speaking with Stripe: what is asked of it, and what it says, as plain facts.

Nothing here is called inside a transaction that holds a lock: an answer may take seconds or never come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import stripe
from django.conf import settings

from market.payments.kinds import CallKind
from market.payments.rules.stripe import BalanceChange, DisputeFacts, IntentFacts, RefundFacts, SessionFacts
from market.values.dates import day_of
from market.values.money import Money

TOLERANCE_SECONDS = 300
# Seconds to connect, and to wait for the answer: of a person who waits for the next page, and of the worker.
_HURRIED = (1, 2)
_PATIENT = (3, 10)
_LOST = frozenset({"lost"})
_CLOSED = frozenset({"lost", "won", "warning_closed", "prevented"})


class NoAnswer(Exception):
    """Stripe could not be reached or did not say yes or no: the same request is sent again later."""


class CallRefused(Exception):
    """Stripe understood the request and refused it for good; the message is Stripe's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request brought: Stripe's number of what came about, and the page to pay on, if it is one."""

    number: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event as Stripe lists it."""

    number: str
    kind: str
    occurred_at: datetime
    payload: str


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of the market's balance at Stripe."""

    number: str
    kind: str
    source: str
    on: Any
    amount: Money
    fee: Money
    currency: str


def is_set_up() -> bool:
    """True when the settings name an account at Stripe."""
    return bool(settings.STRIPE_API_KEY)


def perform(kind: str, target: str, parameters: Mapping[str, Any], key: str, *, somebody_waits: bool) -> Answer:
    """Sends the request under this idempotency key. Raises `NoAnswer`, or `CallRefused` where it is useless to ask again."""
    options = {"idempotency_key": key}
    api = _client(_HURRIED if somebody_waits else _PATIENT).v1
    wanted = cast(Any, _in_order(parameters))
    try:
        match CallKind(kind):
            case CallKind.OPEN_SESSION:
                session = api.checkout.sessions.create(wanted, cast(Any, options))
                return Answer(session.id, session.url or "")
            case CallKind.END_SESSION:
                return Answer(api.checkout.sessions.expire(target, wanted, cast(Any, options)).id)
            case CallKind.REFUND:
                return Answer(api.refunds.create(wanted, cast(Any, options)).id)
            case CallKind.ANSWER_DISPUTE:
                return Answer(api.disputes.update(target, wanted, cast(Any, options)).id)
            case CallKind.CONCEDE_DISPUTE:
                return Answer(api.disputes.close(target, wanted, cast(Any, options)).id)
    except stripe.StripeError as error:
        raise _judged(error) from error


def session_facts(number: str) -> SessionFacts:
    """The page to pay on, as it is now. Raises `NoAnswer`."""
    session = _asked(lambda: _client().v1.checkout.sessions.retrieve(number))
    return SessionFacts(
        number=session.id,
        checkout=session.client_reference_id or "",
        intent=_number(session.payment_intent),
        is_expired=session.status == "expired",
    )


def intent_facts(number: str) -> IntentFacts:
    """The payment with its refunds and disputes, as they are now. Raises `NoAnswer`."""
    api = _client().v1
    expanded: Any = {"expand": ["latest_charge.balance_transaction"]}
    intent = _asked(lambda: api.payment_intents.retrieve(number, expanded))
    charge: Any = intent.latest_charge
    line: Any = charge.balance_transaction if charge else None
    refunds = _asked(lambda: list(api.refunds.list({"payment_intent": number, "limit": 100}).auto_paging_iter()))
    disputes = _asked(lambda: list(api.disputes.list({"payment_intent": number, "limit": 100}).auto_paging_iter()))
    return IntentFacts(
        number=intent.id,
        checkout=_said(intent.metadata, "checkout"),
        has_succeeded=intent.status == "succeeded",
        is_cancelled=intent.status == "canceled",
        received=Money(intent.amount_received),
        currency=intent.currency,
        charge=charge.id if charge else "",
        paid_with=_said(charge.payment_method_details, "type") if charge else "",
        fee=Money(line.fee) if line and line.currency == "cny" else None,
        refunds=tuple(_refund(each) for each in reversed(refunds)),
        disputes=tuple(_dispute(each) for each in reversed(disputes)),
    )


def events_since(moment: datetime) -> Iterator[ListedEvent]:
    """What happened since then, the newest first, as Stripe lists it. Raises `NoAnswer`."""
    wanted: Any = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    for event in _asked(lambda: list(_client().v1.events.list(wanted).auto_paging_iter())):
        yield ListedEvent(event.id, event.type, _instant(event.created), str(event))


def balance_since(moment: datetime) -> Iterator[ListedLine]:
    """The lines of the balance since then, the newest first. Raises `NoAnswer`."""
    wanted: Any = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    for line in _asked(lambda: list(_client().v1.balance_transactions.list(wanted).auto_paging_iter())):
        yield ListedLine(
            number=line.id,
            kind=line.reporting_category,
            source=_number(line.source),
            on=day_of(_instant(line.created)),
            amount=Money(line.amount),
            fee=Money(line.fee),
            currency=line.currency,
        )


def is_signed(payload: bytes, signature: str) -> bool:
    """True when Stripe signed this for the market, not more than five minutes ago."""
    try:
        stripe.WebhookSignature.verify_header(payload, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE_SECONDS)
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False
    return True


def is_ours(event: Mapping[str, Any]) -> bool:
    """False for an event of an account connected to the market's, and for play money at a live market or the other way round."""
    return not event.get("account") and bool(event.get("livemode")) == ("_live_" in settings.STRIPE_API_KEY)


def _client(patience: tuple[int, int] = _PATIENT) -> stripe.StripeClient:
    return _client_of(settings.STRIPE_API_KEY, settings.STRIPE_API_BASE, patience)


@cache
def _client_of(key: str, base: str, patience: tuple[int, int]) -> stripe.StripeClient:
    addresses: Any = {"api": base} if base else {}
    # What was not answered is sent again by the worker, under the same key; nobody waits for several attempts.
    http = stripe.RequestsClient(timeout=patience)
    return stripe.StripeClient(key, base_addresses=addresses, http_client=http, max_network_retries=0)


def _in_order(thing: Any) -> Any:
    """The same parameters always in the same order: PostgreSQL keeps its own, and a request sent again must be the same one."""
    if isinstance(thing, Mapping):
        return {name: _in_order(thing[name]) for name in sorted(thing)}
    return [_in_order(each) for each in thing] if isinstance(thing, list) else thing


def _asked[T](ask: Any) -> Any:
    try:
        return ask()
    except stripe.StripeError as error:
        raise NoAnswer(str(error)) from error


def _judged(error: stripe.StripeError) -> Exception:
    """Who is refused for what they asked is refused for good; whoever came at a bad time comes again."""
    status = error.http_status or 0
    if 400 <= status < 500 and status not in {401, 403, 409, 429}:
        return CallRefused(str(error.user_message or error))
    return NoAnswer(str(error))


def _refund(refund: stripe.Refund) -> RefundFacts:
    return RefundFacts(
        number=refund.id,
        key=_said(refund.metadata, "refund"),
        amount=Money(refund.amount),
        has_succeeded=refund.status == "succeeded",
        has_failed=refund.status in {"failed", "canceled"},
        problem=_said(refund, "failure_reason"),
    )


def _dispute(dispute: stripe.Dispute) -> DisputeFacts:
    details: Any = dispute.evidence_details
    return DisputeFacts(
        number=dispute.id,
        amount=Money(dispute.amount),
        reason=dispute.reason,
        opened_at=_instant(dispute.created),
        evidence_due_at=_instant(details.due_by) if details and details.due_by else None,
        is_closed=dispute.status in _CLOSED,
        is_lost=dispute.status in _LOST,
        changes=tuple(BalanceChange(line.id, Money(line.amount), Money(line.fee)) for line in dispute.balance_transactions),
    )


def _said(thing: Any, name: str) -> str:
    """What Stripe wrote there; nothing where it wrote nothing."""
    return str(getattr(thing, name, None) or "")


def _number(thing: Any) -> str:
    """Of an object that Stripe gives by its number or whole."""
    return thing if isinstance(thing, str) else str(thing.id) if thing else ""


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
