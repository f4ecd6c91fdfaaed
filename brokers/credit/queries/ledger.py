"""What stands in the credit ledger, and which grade does it make on a day?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.expressions import OrderBy

from brokers.credit.models import Entry, Record, Standing
from brokers.credit.rulebook import book
from brokers.credit.rules.rating import NEW, Fact, Rating, rating_on
from brokers.credit.rules.records import days_out
from brokers.models import Broker
from market.accounts.models import Organisation


def facts_of(standings: Collection[int], *, since: date) -> dict[int, list[Fact]]:
    """By standing the records that end on this day or later, as the rating sees them; two queries for all of them."""
    entries: dict[int, list[tuple[date, int, str]]] = defaultdict(list)
    about = Entry.objects.filter(record__standing__in=standings, record__ends__gte=since)
    for record, on, pk, act in about.values_list("record_id", "on", "pk", "act"):
        entries[record].append((on, pk, act))
    facts: dict[int, list[Fact]] = {pk: [] for pk in standings}
    rows = (
        Record.objects.filter(standing__in=standings, ends__gte=since)
        .order_by()
        .values_list("standing_id", "pk", "rule", "points", "starts", "full_until", "ends", "party", "is_examined")
    )
    for standing, pk, rule, points, starts, full_until, ends, party, is_examined in rows.iterator(chunk_size=2000):
        out = days_out(entries[pk]) if pk in entries else ()
        facts[standing].append(Fact(pk, rule, points, starts, full_until, ends, party, is_examined, out))
    return facts


def rating_of(standing: Standing, day: date) -> Rating:
    """The grade on this day, from the ledger."""
    return rating_on(facts_of([standing.pk], since=day)[standing.pk], day, book().on(day))


def standings_to_count(today: date) -> QuerySet[Standing]:
    """Those whose grade was last counted on an earlier day, or never."""
    return Standing.objects.filter(Q(counted_on__lt=today) | Q(counted_on__isnull=True)).order_by(
        F("counted_on").asc(nulls_first=True), "pk"
    )


def standing_of(holder: Broker | Organisation) -> Standing | None:
    """Where the ledger keeps this holder's records; None for one about whom nothing was ever entered."""
    return (
        Standing.objects.filter(**by_holder(holder))
        .select_related("broker__person", "broker__institution", "organisation")
        .first()
    )


def by_holder(holder: Broker | Organisation) -> dict[str, Any]:
    """How the ledger names this holder."""
    return {"broker": holder} if isinstance(holder, Broker) else {"organisation": holder}


def by_grade() -> OrderBy:
    """Brokers with the best grade first, those without one last."""
    is_graded = Q(standing__isnull=False) & ~Q(standing__grade=NEW)
    return Case(When(is_graded, then=F("standing__score"))).desc(nulls_last=True)


def grades_of(brokers: Iterable[Broker]) -> dict[int, str]:
    """The grade of each of these brokers that has one, by primary key; one query."""
    return dict(Standing.objects.filter(broker__in=[broker.pk for broker in brokers]).values_list("broker_id", "grade"))
