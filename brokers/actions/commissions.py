"""Earning commissions, and having them taken back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from brokers.kinds import DueWhen
from brokers.models import Commission, Share
from brokers.queries import bearer_of, engagements_for_deal
from brokers.rules import between_payers, commission_due, split
from brokers.states import COMMISSION, CommissionEvent, CommissionState
from contracts.settlement.actions.commissions import drop_commissions, take_in_commissions
from listings.models.deals import Deal
from market.events.actions import record
from market.values.actor import CLOCK
from market.values.money import Money


@transaction.atomic
def credit_commissions(
    deal: Deal, *, contract_value: Money, reason: str, now: datetime, on: DueWhen = DueWhen.RECOGNITION
) -> list[Commission]:
    """Every mandate in force for the deal whose commission falls due with this is credited it, once; the deal's settlement pays it.

    Event: commission.credited for each.
    """
    credited = []
    for engagement in engagements_for_deal(deal).filter(due_when=on).select_for_update(of=("self",)):
        due = commission_due(contract_value, engagement.terms)
        shares = list(engagement.shares.select_related("organisation"))
        parts = split(due.amount, [share.share for share in shares])
        bearer = bearer_of(engagement, deal)
        paid = between_payers(parts, Decimal(1) if bearer is None else engagement.principal_share)
        commission, created = Commission.objects.get_or_create(
            engagement=engagement,
            deal=deal,
            defaults={
                "basis_fen": contract_value.fen,
                "amount_fen": due.amount.fen,
                "counterparty_id": bearer,
                "counterparty_fen": sum(of_other.fen for _of_principal, of_other in paid),
                "steps": [{"text": s.text, "source": s.source, "fen": s.amount.fen} for s in due.steps],
                "parts": [
                    _part(share, of_principal, of_other) for share, (of_principal, of_other) in zip(shares, paid, strict=True)
                ],
                "reason": reason,
                "credited_at": now,
            },
        )
        if created:
            credited.append(commission)
            _record_credit(commission, now=now)
    take_in_commissions(deal, now=now)
    return credited


def _part(share: Share, of_principal: Money, of_other: Money) -> dict[str, object]:
    whole = of_principal + of_other
    return {
        "organisation": share.organisation.name,
        "id": share.organisation_id,
        "fen": whole.fen,
        "principal_fen": of_principal.fen,
    }


def _record_credit(commission: Commission, *, now: datetime) -> None:
    record(
        "commission.credited",
        subject=commission.subject,
        actor=CLOCK,
        now=now,
        engagement=commission.engagement.key,
        deal=commission.deal.key,
        amount=str(commission.amount),
        amount_fen=commission.amount_fen,
    )


@transaction.atomic
def reverse_commissions(deal: Deal, *, now: datetime) -> None:
    """The deal's commissions are taken back: its registration was revoked, or its price went back to the buyer.

    Event: commission.reversed for each.
    """
    reversed_now = list(Commission.objects.select_for_update().filter(deal=deal, state=CommissionState.CREDITED))
    for commission in reversed_now:
        commission.reversed_at = now
        commission.save(update_fields=["reversed_at"])
        _set_commission_state(commission, COMMISSION.move(commission.state, CommissionEvent.REVERSE).to)
        record("commission.reversed", subject=commission.subject, actor=CLOCK, now=now, deal=deal.key)
    drop_commissions(deal, [commission.key for commission in reversed_now], now=now)


def _set_commission_state(commission: Commission, state: str) -> None:
    commission.state = state
    commission.save(update_fields=["state"])
