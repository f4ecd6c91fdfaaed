"""How many are there of several things? Asked in one question, for pages that count much."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Value


def counted(**things: QuerySet[Any]) -> dict[str, int]:
    """The number of rows of each of these, by the name it is given here. A row that a join repeats counts as often."""
    numbered = [
        rows.order_by().annotate(thing=Value(number, IntegerField())).values("thing").annotate(n=Count("pk"))
        for number, rows in enumerate(things.values())
    ]
    first, *others = [rows.values_list("thing", "n") for rows in numbered]
    found = dict(first.union(*others, all=True).order_by())
    return {name: found.get(number, 0) for number, name in enumerate(things)}
