"""How does the market do at this moment? For whoever watches over its machines, in a few quick questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django_tasks_db.models import DBTaskResult
from redis import Redis, RedisError

from listings.auctions.clock import database_now
from listings.auctions.queries.auctions import auctions_to_close, auctions_to_conclude
from market.events.models import WorkerSign
from market.events.queries import living_workers, oldest_unread, stuck_readers, troubles
from market.events.registry import READERS
from market.oversight.rules import Health
from market.payments.queries.reconciliation import latest_reconciliations
from search.engines import EngineAwayError, engine
from search.indexing import READER

# A worker tells every few seconds that it lives.
_SILENCE = timedelta(seconds=20)
_PATIENCE = 1


def health_now(clock: datetime) -> Health:
    """The market's health; `clock` is what this process takes for the time. By the database's clock but for that."""
    now, workers = database_now(), living_workers(_SILENCE)
    return Health(
        missing=tuple(_missing(workers)),
        closing_lag=_oldest(now, auctions_to_close().values_list("ends_at", flat=True)[:1]),
        conclusion_lag=_oldest(now, auctions_to_conclude().values_list("closed_at", flat=True)[:1]),
        needs_attention=dict(troubles().order_by().values_list("work").annotate(Count("pk"))),
        stuck_readers=tuple(stuck_readers().values_list("reader", flat=True)),
        clock_skew=max(_apart(clock, now), *(_apart(sign.clock, sign.seen_at) for sign in workers), 0.0),
        index_lag=_oldest(now, [oldest_unread(READERS[READER])]),
        queue_age=_oldest(now, DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True)[:1]),
        unreconciled=_unreconciled(),
    )


def _missing(workers: list[WorkerSign]) -> Iterator[str]:
    if settings.REDIS_URL and not _redis_answers():
        yield "redis"
    if not _search_answers():
        yield "search"
    if not workers:
        yield "worker"


def _redis_answers() -> bool:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE) as redis:
            return bool(redis.ping())
    except RedisError:
        return False


def _search_answers() -> bool:
    try:
        index = engine()
        return index is None or index.is_current()
    except EngineAwayError:
        return False


def _unreconciled() -> int:
    latest = list(latest_reconciliations())
    return sum(one.differences for one in latest if one.on == latest[0].on)


def _oldest(now: datetime, instants: Iterable[datetime | None]) -> float:
    """How long ago the first of these was; nothing where there is none."""
    return max((round((now - instant).total_seconds(), 3) for instant in instants if instant is not None), default=0.0)


def _apart(one: datetime, other: datetime) -> float:
    return round(abs((one - other).total_seconds()), 3)
