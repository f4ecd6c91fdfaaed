"""Once a day every provider is compared with the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from market.events.actions import record
from market.payments.models.statements import Reconciliation
from market.payments.providers import Difference, PaymentProvider, providers
from market.values.actor import CLOCK
from market.values.dates import day_of


def reconcile_due(*, now: datetime) -> None:
    """Every provider that was not yet compared today is."""
    day = day_of(now) - timedelta(days=1)
    done = set(Reconciliation.objects.filter(on=day).values_list("provider", flat=True))
    for provider in providers():
        if provider.code not in done:
            _reconcile(provider, now=now)


def reconcile_all(*, now: datetime) -> list[Difference]:
    """Each provider was compared up to yesterday, once for that day; gives all differences, found anew."""
    return [difference for provider in providers() for difference in _reconcile(provider, now=now)]


@transaction.atomic
def _reconcile(provider: PaymentProvider, *, now: datetime) -> list[Difference]:
    """Nothing where the provider has said nothing yet. Event: payments.differences_found, where this day was not compared before."""
    day = day_of(now) - timedelta(days=1)
    found = provider.differences(day)
    if found is None:
        return []
    _done, is_first = Reconciliation.objects.get_or_create(
        provider=provider.code, on=day, defaults={"compared_at": now, "differences": len(found)}
    )
    if is_first and found:
        subject = f"reconciliation:{provider.code}-{day.isoformat()}"
        record("payments.differences_found", subject=subject, actor=CLOCK, now=now, provider=provider.code, count=len(found))
    return found
