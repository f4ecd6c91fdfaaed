"""Which demands are there, and what do they say?"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from listings.demands.models.demands import Demand
from listings.demands.rules.demands import DemandEntry
from listings.demands.states import STANDING, DemandState, ProposalState


def due_demands(now: datetime) -> QuerySet[Demand]:
    """Open demands whose last day is over."""
    return Demand.objects.filter(state=DemandState.OPEN, ends_at__lte=now).order_by("ends_at")


def open_demands() -> QuerySet[Demand]:
    """What is sought now, newest first."""
    return Demand.objects.filter(state=DemandState.OPEN).select_related("organisation")


def is_answered(demand: Demand) -> bool:
    """True when a proposal was handed in that still stands."""
    return demand.proposals.filter(state__in=STANDING).exclude(state=ProposalState.DRAFT).exists()


def entry_of(demand: Demand) -> DemandEntry:
    """The demand as it would be typed."""
    return DemandEntry(
        title=demand.title,
        industry=demand.industry,
        problem=demand.problem,
        targets=demand.targets,
        expected=demand.expected,
        keywords=tuple(demand.keywords),
        budget=demand.budget,
        cooperation=demand.cooperation,
        valid_until=demand.valid_until,
        kind=demand.kind,
        existing_basis=demand.existing_basis,
        contact=demand.contact,
        conditions=demand.conditions,
        budget_from=demand.budget_from,
        indicators=demand.figures,
        confidentiality=demand.confidentiality,
        details=demand.details,
        nondisclosure=demand.nondisclosure,
        named=tuple(demand.named.order_by("pk").values_list("pk", flat=True)),
    )
