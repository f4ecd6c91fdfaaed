"""Whoever watches over the market is told within seconds what is not in order, and nobody else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from listings.auctions.tasks import close_due_auctions
from listings.models.listings import Listing
from market.events.models import WorkerSign
from market.events.registry import SWEEPS
from market.oversight.rules import Health, what_is_wrong
from tests.auctions.hall import open_hall, some_bidders
from tests.faults.closing import end_at
from tests.people import Cast, Member

TOKEN = "t" * 40
WELL = Health((), 0.0, 0.0, {}, (), 0.0, 0.0, 0.0, 0)


def test_a_market_in_good_order_has_nothing_wrong() -> None:
    assert what_is_wrong(WELL) == []
    assert what_is_wrong(replace(WELL, closing_lag=3.0, conclusion_lag=60.0, clock_skew=2.0, index_lag=60.0)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("missing", ("redis",)),
        ("closing_lag", 3.1),
        ("conclusion_lag", 61.0),
        ("needs_attention", {"auctions.close_due": 1}),
        ("stuck_readers", ("search.index",)),
        ("clock_skew", 2.1),
        ("index_lag", 61.0),
        ("queue_age", 301.0),
        ("unreconciled", 1),
    ],
)
def test_each_figure_beyond_its_limit_is_named(name: str, value: object) -> None:
    assert what_is_wrong(replace(WELL, **{name: value})) == [name]  # type: ignore[arg-type]


@pytest.fixture
def monitor(settings: Settings, client: Client) -> Callable[[], dict[str, Any]]:
    """What monitoring is told now."""
    settings.MONITORING_TOKEN = TOKEN
    return lambda: dict(client.get("/healthz/deep", headers={"Authorization": f"Bearer {TOKEN}"}).json())


@pytest.mark.django_db
def test_only_its_token_or_an_official_opens_it(
    client: Client, settings: Settings, cast: Cast, sign_in: Callable[[Member], Client]
) -> None:
    for token in ("", TOKEN):
        settings.MONITORING_TOKEN = token
        for given in ("Bearer ", "Bearer wrong", TOKEN):
            assert client.get("/healthz/deep", headers={"Authorization": given}).status_code == 302
    assert sign_in(cast.enterprise_agent).get("/healthz/deep").status_code == 403
    assert sign_in(cast.supervisor).get("/healthz/deep").json()["missing"][-1] == "worker"


@pytest.mark.django_db
def test_a_late_a_poisoned_and_a_stranded_auction_are_told(cast: Cast, monitor: Callable[[], dict[str, Any]]) -> None:
    halls = [open_hall(cast, some_bidders(2), lasting=timedelta(hours=1)) for _ in range(1)]
    halls += [open_hall(cast, halls[0].bidders, lasting=timedelta(hours=1))]
    poisoned, stranded = (hall.auction for hall in halls)
    for auction in (poisoned, stranded):
        end_at(auction, datetime.now(UTC) - timedelta(minutes=2))
    assert 120 <= monitor()["closing_lag"] < 180
    Listing.objects.filter(pk=poisoned.listing_id).update(state="draft")
    close_due_auctions(timezone.now())
    type(stranded).objects.filter(pk=stranded.pk).update(closed_at=timezone.now() - timedelta(minutes=2))
    told = monitor()
    assert told["needs_attention"] == {"auctions.close_due": 1}
    assert {"needs_attention", "closing_lag", "conclusion_lag"} <= set(told["wrong"])
    assert not told["healthy"]
    assert poisoned.key not in str(told)


@pytest.mark.django_db
def test_a_worker_tells_that_it_lives_and_how_its_clock_goes(monitor: Callable[[], dict[str, Any]]) -> None:
    tell = SWEEPS["events.sign"].run
    assert "worker" in monitor()["missing"]
    for _again in range(2):
        tell(timezone.now())
    told = monitor()
    assert "worker" not in told["missing"]
    assert told["clock_skew"] < 2
    tell(timezone.now() + timedelta(minutes=10))
    told = monitor()
    assert 599 < told["clock_skew"] < 601
    assert "clock_skew" in told["wrong"]
    WorkerSign.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    assert "worker" in monitor()["missing"]
    WorkerSign.objects.create(worker="gone", clock=timezone.now(), seen_at=timezone.now() - timedelta(hours=2))
    tell(timezone.now())
    assert WorkerSign.objects.count() == 1


@pytest.mark.django_db
def test_what_the_index_has_not_read_yet_is_told(cast: Cast, monitor: Callable[[], dict[str, Any]]) -> None:
    open_hall(cast, some_bidders(2), lasting=timedelta(hours=1))
    assert "index_lag" in monitor()["wrong"]


@pytest.mark.django_db
def test_without_a_database_it_says_so(monitor: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    def away(clock: datetime) -> Health:
        raise OperationalError("gone")

    monkeypatch.setattr("market.oversight.views.health_now", away)
    assert monitor() == {"healthy": False, "wrong": ["missing"], "missing": ["database"]}
