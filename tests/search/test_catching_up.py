"""With transactions that really commit: an engine that was away misses nothing, and neither does one that is being rebuilt."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from listings.actions.listings import withdraw_listing
from market.events.actions import advance
from market.events.models import Position
from search.engines import Engine, EngineAwayError
from search.indexing import READER, differences, reader, rebuild
from search.query import Key, Kind
from tests.demands.builders import a_demand
from tests.listings.builders import a_listing, an_achievement
from tests.people import Cast
from tests.search.indexes import catch_up, found_listings, throw_away
from tests.transactions import wait_for_older_transactions

pytestmark = pytest.mark.usefixtures("committed_db")


def test_an_engine_that_was_away_catches_up(index: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: Engine, documents: Iterable[object]) -> None:
        raise EngineAwayError("away")

    cast = Cast()
    rebuild(index)
    with monkeypatch.context() as broken:
        broken.setattr(type(index), "put", away)
        listing = a_listing(cast, now)
        wait_for_older_transactions()
        assert advance(reader(), now=now) == 0
        for attempt in range(12):
            advance(reader(), now=now + timedelta(minutes=attempt + 1))
        position = Position.objects.get(reader=READER)
        assert position.failures > 10
        assert "EngineAwayError" in position.last_error
        assert position.retry_at is not None
        # However long it was away, the next try is near.
        assert position.retry_at - (now + timedelta(minutes=12)) <= timedelta(seconds=15)
    while advance(reader(), now=position.retry_at):
        pass
    index.settle()
    assert found_listings(index, "循环流化床") == [listing.pk]
    assert not differences(index)


def test_a_rebuild_loses_no_change_that_is_made_meanwhile(index: Engine, now: datetime) -> None:
    if index.name == "embedded":
        pytest.skip("the embedded index is rebuilt in one transaction: nobody else writes")
    cast = Cast()
    listing = a_listing(cast, now)
    late = a_listing(cast, now, achievement=an_achievement(cast, now, title="另一项成果", patents=()))
    catch_up()
    published = []

    def meanwhile(rows: Iterable[object]) -> Iterable[object]:
        """Everything has been read for the new index when one listing leaves and another comes."""
        yield from list(rows)
        withdraw_listing(listing, reason="不再转让", actor=cast.university_agent.actor, now=now)
        published.append(a_demand(cast, now))
        # The old index still answers.
        assert set(found_listings(index, "循环流化床")) == {listing.pk, late.pk}

    rebuild(index, progress=meanwhile)  # type: ignore[arg-type]
    # What a reader may not give yet, the worker brings in next.
    wait_for_older_transactions()
    while advance(reader(), now=now + timedelta(hours=1)):
        pass
    index.settle()
    assert found_listings(index, "循环流化床") == [late.pk]
    assert not differences(index)
    assert Key(Kind.DEMAND, published[0].pk) in dict(index.digests())


def test_a_lost_index_is_made_anew_while_things_go_on(index: Engine, now: datetime) -> None:
    """What happens during the first filling is caught up with before any alias stands."""
    if index.name == "embedded":
        pytest.skip("the embedded index is rebuilt in one transaction: nobody else writes")
    cast = Cast()
    published = []

    def meanwhile(rows: Iterable[object]) -> Iterable[object]:
        yield from list(rows)
        published.append(a_listing(cast, now))
        wait_for_older_transactions()

    throw_away()
    rebuild(index, progress=meanwhile)  # type: ignore[arg-type]
    index.settle()
    assert found_listings(index, "循环流化床") == [published[0].pk]


def test_one_rebuild_runs_at_a_time(index: Engine, now: datetime) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes one at a time")
    listing = a_listing(Cast(), now)
    refused = []

    def meanwhile(rows: Iterable[object]) -> Iterable[object]:
        with ThreadPoolExecutor(1) as other:
            refused.append(other.submit(_another).result())
        yield from rows

    def _another() -> str:
        try:
            rebuild(index)
        except EngineAwayError as error:
            return str(error)
        finally:
            connection.close()
        return "not refused"

    rebuild(index, progress=meanwhile)  # type: ignore[arg-type]
    assert refused == ["the index is being rebuilt already"]
    index.settle()
    assert found_listings(index, "循环流化床") == [listing.pk]
