"""How quick are grades with many records? make bench-credit SIZE="10000 100000 1000000"; the first two sizes unless told.

Ten thousand brokers with so many records: the directory's page with its number of queries, the nightly counting of every grade
with the most memory that it needed beyond what was there before, and the counting of one broker. Reference of the night is the
bare reading of the same rows. The night must find what is counted one by one (P-10: no difference).
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.bench import place
from tests.bench.report import Figure, say

BROKERS, BATCH = 10_000, 20_000
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
# The page's queries, the memory of the night in megabytes, and the seconds that it may take: ten thousand grades cost something
# however few records there are, so that no multiple of the reading holds for every size.
MOST_QUERIES, MOST_MEMORY, MOST_SECONDS = 12, 256, 600


def main(sizes: Sequence[int]) -> None:
    figures: list[Figure] = []
    with place.market([]):
        _brokers()
        known = 0
        for size in sizes:
            _records(known, size)
            known = size
            figures += _measured(size)
    for figure in figures:
        print(
            f"{'ok  ' if figure.holds else 'MISS'} {figure.bench}: {figure.ours} (reference {figure.reference}, goal {figure.goal})"
        )
    say(*figures)


def _brokers() -> None:
    """Made in bulk: what is measured is what is done with them."""
    from brokers.credit.models import Standing
    from brokers.models import Broker
    from market.accounts.models import Organisation, Person
    from tests.people import social_code

    Organisation.objects.bulk_create(
        Organisation(name=f"机构{n}", kind="broker_institution", social_credit_code=social_code(n), state="verified")
        for n in range(60_000_000, 60_000_400)
    )
    houses = list(Organisation.objects.order_by("pk"))
    Person.objects.bulk_create(Person(email=f"{n}@bench.example", name=f"经纪人{n}") for n in range(BROKERS))
    people = list(Person.objects.order_by("pk"))
    Broker.objects.bulk_create(
        Broker(
            person=person, institution=houses[n % len(houses)], level="senior", certificate_number=f"B{n}",
            valid_until=date(2030, 1, 1), applied_at=NOW, decided_at=NOW, state="verified",
        )
        for n, person in enumerate(people)
    )  # fmt: skip
    Standing.objects.bulk_create(Standing(broker=broker) for broker in Broker.objects.order_by("pk"))


def _records(known: int, size: int) -> None:
    from brokers.credit.models import Record, Standing
    from brokers.credit.rulebook import book
    from brokers.credit.rules.records import worth_of

    scheme = book().on(NOW.date())
    rules = [rule for rule in scheme.rules_for("broker") if rule.code not in {"certified", "commended", "false_statement"}]
    standings = list(Standing.objects.order_by("pk").values_list("pk", flat=True))
    rows: list[Any] = []
    for n in range(known, size):
        rule = rules[n % len(rules)] if n % 17 == 0 else rules[n % 4]
        worth = worth_of(rule, NOW.date() - timedelta(days=n * 7 % 900))
        rows.append(
            Record(
                standing_id=standings[n * 7919 % BROKERS], rule=rule.code, scheme=scheme.id, points=worth.points,
                starts=worth.starts, full_until=worth.full_until, ends=worth.ends, party=n % 997, is_examined=rule.is_examined,
                source=f"bench#{n}", about=f"deal:{n}", entered_at=NOW,
            )
        )  # fmt: skip
        if len(rows) == BATCH:
            Record.objects.bulk_create(rows)
            rows = []
    Record.objects.bulk_create(rows)


def _measured(size: int) -> list[Figure]:
    from brokers.credit.actions.ledger import count_again, count_due
    from brokers.credit.models import Record, Standing

    Standing.objects.update(counted_on=None)
    began = time.perf_counter()
    for _ in Record.objects.filter(ends__gte=NOW.date()).values_list("standing", "rule", "points", "ends").iterator(2000):
        pass
    reading, before = time.perf_counter() - began, _peak()
    began = time.perf_counter()
    counted = count_due(NOW, batches=BROKERS)
    night, memory = time.perf_counter() - began, _peak() - before
    assert counted == BROKERS
    kept = dict(Standing.objects.values_list("pk", "score"))
    began, some = time.perf_counter(), list(Standing.objects.order_by("pk")[:: BROKERS // 100])
    for standing in some:
        count_again(standing, now=NOW)
    one = (time.perf_counter() - began) / len(some)
    different = sum(kept[standing.pk] != standing.score for standing in some)
    figures = [
        ("seconds of the night", night, reading, MOST_SECONDS, night <= MOST_SECONDS),
        ("megabytes of the night", memory, before, MOST_MEMORY, memory <= MOST_MEMORY),
        ("milliseconds to count one broker", one * 1000, night / BROKERS * 1000, 1000, one < 1),
        ("grades that differ when counted one by one", different, len(some), 0, not different),
    ]
    return [*_directory(size), *(_figure(size, *figure) for figure in figures)]


def _figure(size: int, name: str, ours: float, reference: float, goal: float, holds: bool) -> Figure:
    return Figure(f"{name}, {size} records", round(ours, 2), round(reference, 2), round(ours / reference, 3), goal, holds)


def _directory(size: int) -> list[Figure]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.get("/brokers/")
    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        answer = client.get("/brokers/?p=150")
        took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, answer.status_code
    number = len(captured)
    return [
        _figure(size, "queries of the directory", number, MOST_QUERIES, MOST_QUERIES, number <= MOST_QUERIES),
        _figure(size, "milliseconds of the directory", took, 1000, 1000, took <= 1000),
    ]


def _peak() -> float:
    """The most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main([int(size) for size in os.environ.get("SIZE", "").split() or sys.argv[1:] or ("10000", "100000")])
