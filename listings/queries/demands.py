"""Which demands are there?"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from listings.models.demands import Demand
from listings.states.demands import DemandState


def due_demands(now: datetime) -> QuerySet[Demand]:
    """Open demands whose last day is over."""
    return Demand.objects.filter(state=DemandState.OPEN, ends_at__lte=now).order_by("ends_at")


def open_demands() -> QuerySet[Demand]:
    """What is sought now, newest first."""
    return Demand.objects.filter(state=DemandState.OPEN).select_related("organisation")
