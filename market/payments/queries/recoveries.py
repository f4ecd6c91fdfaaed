"""What must come back to the market, from whom, and what became of it?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet, Value
from django.utils.translation import gettext as _

from market.payments.kinds import Provider
from market.payments.matters import Matter
from market.payments.models.deposits import Deposit
from market.payments.models.recoveries import Recovery
from market.payments.models.stripe import CardRefund, Dispute
from market.payments.states import OPEN_RECOVERY, DepositState, RecoveryState

_WITH = ("debtor", "payment", "refund__checkout__payment")


def open_recoveries() -> QuerySet[Recovery]:
    """What is still owed back, the oldest first."""
    return Recovery.objects.filter(state__in=OPEN_RECOVERY).select_related(*_WITH)


def ended_recoveries() -> QuerySet[Recovery]:
    """What was paid back, set off or given up, the latest first."""
    ended = Recovery.objects.exclude(state__in=OPEN_RECOVERY).select_related(*_WITH)
    return ended.order_by("-ended_at", "-pk")


def write_offs_to_decide() -> QuerySet[Recovery]:
    """What finance proposes to give up."""
    return Recovery.objects.filter(state=RecoveryState.PROPOSED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an organisation: how many deposits, and which refunds it has to pay back, by their keys."""

    deposits: int
    recoveries: list[str]


def asked_of(organisation_id: int | None) -> Asked:
    """In one query."""
    deposits = Deposit.objects.filter(payer_id=organisation_id or 0, state=DepositState.REQUESTED)
    owed = Recovery.objects.filter(debtor_id=organisation_id or 0, state__in=OPEN_RECOVERY)
    kinds = [
        things.order_by().annotate(what=Value(what)).values_list("what", "key")
        for what, things in (("deposit", deposits), ("recovery", owed))
    ]
    found = list(kinds[0].union(kinds[1], all=True).order_by())
    recoveries = [key for what, key in found if what == "recovery"]
    return Asked(len(found) - len(recoveries), recoveries)


def recoveries_in_words(keys: Collection[str]) -> dict[str, Matter]:
    """By the recovery's key: which payment went back out of turn."""
    found = Recovery.objects.filter(key__in=keys).select_related("refund__checkout__payment")
    return {
        each.key: Matter(
            _("Refund of {reference} that was not due").format(reference=each.refund.checkout.payment.reference),
            each.get_absolute_url(),
        )
        for each in found
    }


def deposits_given_back_by_hand() -> QuerySet[Deposit]:
    """Paid by card, due back, and already given back in part or wholly in Stripe's own pages: the card cannot take the whole again."""
    by_hand = CardRefund.objects.filter(recovery__isnull=False, checkout__is_surplus=False).exclude(
        recovery__state=RecoveryState.VOID
    )
    disputed = Dispute.objects.filter(closed_at__isnull=True)
    due = Deposit.objects.filter(state=DepositState.DUE_BACK, payment__provider=Provider.STRIPE)
    due = due.filter(payment__in=by_hand.values("checkout__payment"))
    return due.exclude(payment__in=disputed.values("checkout__payment")).select_related("payment").order_by("pk")
