"""Where do the providers and the ledger differ, and when was that last looked at?"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from market.payments.models.statements import Reconciliation
from market.payments.providers import Difference, providers


def all_differences(until: date) -> list[Difference]:
    """Of every provider, up to this day."""
    return [difference for provider in providers() for difference in provider.differences(until) or []]


def latest_reconciliations() -> QuerySet[Reconciliation]:
    """Of the last days, newest first."""
    return Reconciliation.objects.order_by("-on", "provider")[:14]
