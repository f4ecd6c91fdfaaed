"""The inbox of Stripe's events: each is stored once, before anything else, and handled once, whenever and however often it comes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from market.payments.actions.stripe.facts import apply_facts, end_checkout
from market.payments.kinds import Outcome
from market.payments.models.stripe import Checkout, StripeEvent
from market.payments.providers.stripe_api import ListedEvent, events_since, intent_facts, is_ours, is_signed, session_facts
from market.payments.rules.stripe import IntentFacts, SessionFacts, target_of
from market.values.refusal import Refusal, Refused

# Stripe lists events of the last thirty days.
_FURTHEST_BACK = timedelta(days=29)
_OVERLAP = timedelta(minutes=10)


def store_delivery(payload: bytes, signature: str, *, now: datetime) -> StripeEvent:
    """The event stands in the inbox, once however often it is delivered; the worker handles it.

    Refused, and nothing stored, unless Stripe signed it for this market within the last five minutes.
    """
    event = _read(payload) if is_signed(payload, signature) else None
    if event is None or not is_ours(event):
        raise Refused([Refusal("payments.not_from_stripe")])
    occurred_at = datetime.fromtimestamp(event["created"], UTC)
    return _stored(ListedEvent(event["id"], event["type"], occurred_at, payload.decode()), now=now)


def _read(payload: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(payload)
    except ValueError:
        return None
    is_event = isinstance(event, dict) and all(isinstance(event.get(name), str) for name in ("id", "type"))
    return event if is_event and isinstance(event.get("created"), int) else None


def _stored(event: ListedEvent, *, listed_at: datetime | None = None, now: datetime) -> StripeEvent:
    stored, _is_new = StripeEvent.objects.get_or_create(
        event_id=event.number,
        defaults={
            "kind": event.kind,
            "occurred_at": event.occurred_at,
            "received_at": now,
            "listed_at": listed_at,
            "payload": event.payload,
        },
    )
    if listed_at and stored.listed_at is None:
        stored.listed_at = listed_at
        stored.save(update_fields=["listed_at"])
    return stored


def collect_events(*, now: datetime) -> None:
    """Every event that Stripe lists stands in the inbox, whether or not it was ever delivered. Out of any transaction."""
    newest = StripeEvent.objects.filter(listed_at__isnull=False).order_by("-occurred_at").first()
    since = newest.occurred_at - _OVERLAP if newest else now - _FURTHEST_BACK
    # The oldest first: should this be cut short, the next time goes on from where it ended.
    for event in reversed(list(events_since(since))):
        if is_ours(json.loads(event.payload)):
            _stored(event, listed_at=now, now=now)


def handle_event(event: StripeEvent, *, now: datetime) -> StripeEvent:
    """What the event points at was asked for at Stripe, and what Stripe says of it now stands in the ledger.

    The event itself is only a hint that something changed, hence neither its age nor its place among others matters. The
    effect and the mark that it was handled are one transaction.
    """
    target = target_of(json.loads(event.payload))
    if target is None:
        return _handled(event, Outcome.IGNORED, now=now)
    session = session_facts(target.number) if target.kind == "session" else None
    number = session.intent if session else target.number
    return _apply(event, session, intent_facts(number) if number else None, now=now)


@transaction.atomic
def _apply(event: StripeEvent, session: SessionFacts | None, intent: IntentFacts | None, *, now: datetime) -> StripeEvent:
    key = (intent.checkout if intent else "") or (session.checkout if session else "")
    checkout = Checkout.objects.select_for_update(of=("self",)).select_related("payment__payer").filter(key=key).first()
    if checkout is None:
        return _handled(event, Outcome.FOREIGN, now=now)
    locked = StripeEvent.objects.select_for_update().get(pk=event.pk)
    if locked.handled_at is not None:
        return locked
    if session:
        _apply_session(checkout, session, now=now)
    if intent:
        apply_facts(checkout, intent, now=now)
    return _handled(locked, Outcome.APPLIED, now=now)


def _apply_session(checkout: Checkout, facts: SessionFacts, *, now: datetime) -> None:
    if not checkout.session_id:
        checkout.session_id = facts.number
        checkout.save(update_fields=["session_id"])
    if facts.is_expired:
        end_checkout(checkout, now=now)


def _handled(event: StripeEvent, outcome: Outcome, *, now: datetime) -> StripeEvent:
    event.handled_at, event.outcome = now, outcome
    event.save(update_fields=["handled_at", "outcome"])
    return event
