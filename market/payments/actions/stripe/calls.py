"""Asking Stripe: the request is kept with its key first, then sent, and sent again under the same key until it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from market.events.actions import record
from market.keys import random_key
from market.payments.kinds import CallKind
from market.payments.models.stripe import CardRefund, Checkout, StripeCall
from market.payments.providers.stripe_api import Answer, CallRefused, NoAnswer, perform
from market.payments.rules.stripe import KEY_HOLDS
from market.values.actor import CLOCK


def keep_call(kind: CallKind, parameters: Mapping[str, Any], *, target: str = "", now: datetime) -> StripeCall:
    """The request stands with a key of its own, to be sent after the transaction. Inside the asking action's transaction."""
    key = f"{kind.value}-{random_key(32)}"
    return StripeCall.objects.create(key=key, kind=kind, target=target, parameters=parameters, asked_at=now)


def send_call(call: StripeCall, *, now: datetime, somebody_waits: bool = False) -> bool:
    """True when the request was answered or refused, and what follows stands; false while it must be sent again.

    Out of any transaction: an answer can take seconds. Sending twice is asking once. A request that is so old that Stripe may
    have forgotten its key is not sent again, and counts as refused.
    """
    if not call.is_waiting:
        return True
    if now - call.asked_at > KEY_HOLDS:
        _refuse(call, "Stripe did not answer for a day.", now=now)
        return True
    try:
        answer = perform(call.kind, call.target, call.parameters, call.key, somebody_waits=somebody_waits)
    except NoAnswer:
        return False
    except CallRefused as refused:
        _refuse(call, str(refused), now=now)
        return True
    _note(call, answer, now=now)
    return True


@transaction.atomic
def _note(call: StripeCall, answer: Answer, *, now: datetime) -> None:
    locked = StripeCall.objects.select_for_update().get(pk=call.pk)
    if not locked.is_waiting:
        return
    locked.answered_at, locked.answer_id = now, answer.number
    locked.save(update_fields=["answered_at", "answer_id"])
    if locked.kind == CallKind.OPEN_SESSION:
        Checkout.objects.filter(call=locked).update(session_id=answer.number, address=answer.address)
    if locked.kind == CallKind.REFUND:
        CardRefund.objects.filter(call=locked, refund_id__isnull=True).update(refund_id=answer.number)


@transaction.atomic
def _refuse(call: StripeCall, problem: str, *, now: datetime) -> None:
    locked = StripeCall.objects.select_for_update().get(pk=call.pk)
    if not locked.is_waiting:
        return
    locked.refused_at, locked.problem = now, problem
    locked.save(update_fields=["refused_at", "problem"])
    Checkout.objects.filter(call=locked, paid_at__isnull=True, ended_at__isnull=True).update(ended_at=now)
    for refund in CardRefund.objects.select_for_update().filter(call=locked, succeeded_at__isnull=True, failed_at__isnull=True):
        refund.failed_at, refund.problem = now, problem
        refund.save(update_fields=["failed_at", "problem"])
        record("card_refund.failed", subject=refund.subject, actor=CLOCK, now=now, problem=problem)
