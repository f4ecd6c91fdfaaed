"""Doing what falls due for many things: each on its own, so that one that fails is noted and tried again, and stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, QuerySet

from market.events.models import Trouble

log = logging.getLogger(__name__)

_LONGEST_PAUSE = timedelta(minutes=10)


def do_each[T: models.Model](
    work: str,
    things: QuerySet[T],
    act: Callable[[T], Any],
    *,
    now: datetime,
    at_most: int | None = 200,
    stop_at_failure: bool = False,
) -> int:
    """`act`, which is a transaction of its own, was called for each of these things; gives how many succeeded.

    A thing that fails is logged and stands in `Trouble` until it succeeds or no longer is among the things. It is tried again
    after growing pauses of up to ten minutes, and takes no other thing's place meanwhile.
    """
    _forget_settled(work, things)
    done = 0
    resting = list(Trouble.objects.filter(work=work, retry_at__gt=now).values_list("key", flat=True))
    for thing in things.exclude(pk__in=resting)[:at_most]:
        if do_one(work, thing, act, now=now):
            done += 1
        elif stop_at_failure:
            break
    return done


def retry_each[T: models.Model](work: str, things: QuerySet[T], act: Callable[[T], Any], *, now: datetime) -> int:
    """As `do_each`, for those of these things only with which the work failed before; gives how many succeeded now."""
    keys = list(Trouble.objects.filter(work=work).values_list("key", flat=True))
    return do_each(work, things.filter(pk__in=keys), act, now=now, at_most=None) if keys else 0


def do_one[T: models.Model](work: str, thing: T, act: Callable[[T], Any], *, now: datetime) -> bool:
    """True when `act` succeeded; what it failed with is logged and noted, for `retry_each` to try again."""
    try:
        act(thing)
    except Exception as error:
        log.exception("%s failed for %s", work, thing.pk)
        _note(work, thing, error, now=now)
        return False
    Trouble.objects.filter(work=work, key=thing.pk).delete()
    return True


def _note(work: str, thing: models.Model, error: Exception, *, now: datetime) -> None:
    trouble, _created = Trouble.objects.get_or_create(
        work=work, key=thing.pk, defaults={"label": str(thing)[:200], "since": now, "retry_at": now}
    )
    pause = min(timedelta(seconds=10 * 2 ** min(trouble.failures, 6)), _LONGEST_PAUSE)
    Trouble.objects.filter(pk=trouble.pk).update(
        failures=F("failures") + 1, last_error=f"{type(error).__name__}: {error}"[:2000], retry_at=now + pause
    )


def _forget_settled[T: models.Model](work: str, things: QuerySet[T]) -> None:
    """What is no longer among the things was settled in another way, such as by hand."""
    keys = list(Trouble.objects.filter(work=work).values_list("key", flat=True))
    if keys:
        still = things.filter(pk__in=keys).values_list("pk", flat=True)
        Trouble.objects.filter(work=work, key__in=set(keys) - set(still)).delete()
