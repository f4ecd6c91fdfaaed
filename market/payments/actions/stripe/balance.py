"""Stripe's own account of the market's balance there: read, so that it can be compared, and booked where it is no payment's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from market.events.actions import record
from market.payments.actions.ledger import post
from market.payments.actions.stripe.facts import CLEARING, COSTS
from market.payments.kinds import Purpose
from market.payments.models.statements import StatementLine
from market.payments.models.stripe import BalanceLine, BalanceReading, StripeCall
from market.payments.permissions import require_market_finance
from market.payments.providers.stripe_api import ListedLine, balance_since
from market.payments.rules.ledger import AccountKey
from market.payments.rules.stripe import line_movements
from market.payments.states import LineState
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal, Refused

# A line can be listed a little after the moment it bears.
_OVERLAP = timedelta(hours=1)


def read_balance(*, now: datetime) -> None:
    """Every line of the balance up to now is kept, once. Out of any transaction. Raises `NoAnswer`, and then nothing is kept.

    Reads from the reading before on; at first from the first request that was sent to Stripe.
    """
    last = BalanceReading.objects.first()
    first_call = StripeCall.objects.order_by("asked_at").first()
    since = last.read_at if last else first_call.asked_at if first_call else now
    _keep(list(balance_since(since - _OVERLAP)), now=now)


@transaction.atomic
def _keep(lines: list[ListedLine], *, now: datetime) -> None:
    kept = [
        BalanceLine(
            line_id=line.number,
            kind=line.kind,
            source_id=line.source,
            on=line.on,
            amount_fen=line.amount.fen,
            fee_fen=line.fee.fen,
            currency=line.currency,
        )
        for line in reversed(lines)
    ]
    # Stripe never changes a line.
    BalanceLine.objects.bulk_create(kept, ignore_conflicts=True)
    BalanceReading.objects.update_or_create(on=day_of(now), defaults={"read_at": now})


@transaction.atomic
def book_balance_line(line: BalanceLine, *, actor: Actor, now: datetime) -> BalanceLine:
    """What Stripe paid out to the market's bank, or kept for itself, stands in the ledger. Event: balance_line.booked.

    Refused for a payout that no line of the bank's statement shows yet, and for what is neither; out of turn when it was
    booked before.
    """
    require_market_finance(actor)
    locked = BalanceLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if locked.booked_at is not None:
        raise OutOfTurn([Refusal("payments.line_booked")])
    movements = line_movements(CLEARING, AccountKey(Purpose.BANK.value), COSTS, locked.kind, locked.net)
    if not movements:
        raise Refused([Refusal("payments.line_unknown")])
    if locked.is_payout:
        locked.statement_line = _arrived(locked)
    locked.booked_at = now
    locked.save(update_fields=["statement_line", "booked_at"])
    post(locked.subject, movements, subject=locked.subject, now=now)
    record("balance_line.booked", subject=locked.subject, actor=actor, now=now, amount=str(locked.net))
    return locked


def _arrived(payout: BalanceLine) -> StatementLine:
    """The bank's line of this sum that no payment and no other payout explains, set aside by finance; the oldest."""
    unexplained = StatementLine.objects.select_for_update(of=("self",)).filter(state=LineState.SET_ASIDE, payout__isnull=True)
    arrived = unexplained.filter(amount_fen=-payout.net.fen, on__gte=payout.on).order_by("on", "pk").first()
    if arrived is None:
        raise Refused([Refusal("payments.payout_not_arrived")])
    return arrived
