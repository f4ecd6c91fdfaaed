"""Doing what falls due for many things: each on its own, so that one that fails is noted and tried again, and stops no other."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import batched
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
    in_any_order: bool = False,
) -> int:
    """`act`, which is a transaction of its own, was called for each of these things; gives how many succeeded.

    A thing that fails is logged and stands in `Trouble` until it succeeds or no longer is among the things. It is tried again
    after growing pauses of up to ten minutes, and takes no other thing's place meanwhile. `in_any_order` lets several workers
    begin with different things instead of waiting for one another at each.
    """
    troubled = _still_troubled(work, things)
    resting = [key for key, retry_at in troubled.items() if retry_at > now]
    due = things.exclude(pk__in=resting)[:at_most]
    done = 0
    for thing in _mixed(due) if in_any_order else due:
        if _succeeds(work, thing, act, now=now):
            done += 1
            if thing.pk in troubled:
                _settle(work, thing)
        elif stop_at_failure:
            break
    return done


def do_together[T: models.Model](
    work: str, things: QuerySet[T], act: Callable[[Sequence[int]], Any], *, now: datetime, at_once: int = 100
) -> None:
    """`act`, a transaction of its own, was called for the keys of these things, so many at once.

    Of those with which it fails as many as possible are done without the others. What is left is for `do_each`, which notes what
    fails; those that rest after a failure are not among them here either.
    """
    resting = [key for key, retry_at in _still_troubled(work, things).items() if retry_at > now]
    for keys in batched(things.exclude(pk__in=resting).values_list("pk", flat=True), at_once):
        _halve_until_done(keys, act)


def _halve_until_done(keys: Sequence[int], act: Callable[[Sequence[int]], Any]) -> None:
    try:
        act(keys)
    except Exception:
        log.exception("failed for one of %s", keys)
        if (half := len(keys) // 2) > 0:
            _halve_until_done(keys[:half], act)
            _halve_until_done(keys[half:], act)


def _mixed[T: models.Model](things: Iterable[T]) -> list[T]:
    found = list(things)
    random.shuffle(found)
    return found


def retry_each[T: models.Model](work: str, things: QuerySet[T], act: Callable[[T], Any], *, now: datetime) -> int:
    """As `do_each`, for those of these things only with which the work failed before; gives how many succeeded now."""
    keys = list(Trouble.objects.filter(work=work).values_list("key", flat=True))
    return do_each(work, things.filter(pk__in=keys), act, now=now, at_most=None) if keys else 0


def do_one[T: models.Model](work: str, thing: T, act: Callable[[T], Any], *, now: datetime) -> bool:
    """True when `act` succeeded; what it failed with is logged and noted, for `retry_each` to try again."""
    if not _succeeds(work, thing, act, now=now):
        return False
    _settle(work, thing)
    return True


def _succeeds[T: models.Model](work: str, thing: T, act: Callable[[T], Any], *, now: datetime) -> bool:
    try:
        act(thing)
    except Exception as error:
        log.exception("%s failed for %s", work, thing.pk)
        _note(work, thing, error, now=now)
        return False
    return True


def _settle(work: str, thing: models.Model) -> None:
    Trouble.objects.filter(work=work, key=thing.pk).delete()


def _note(work: str, thing: models.Model, error: Exception, *, now: datetime) -> None:
    trouble, _created = Trouble.objects.get_or_create(
        work=work, key=thing.pk, defaults={"label": str(thing)[:200], "since": now, "retry_at": now}
    )
    pause = min(timedelta(seconds=10 * 2 ** min(trouble.failures, 6)), _LONGEST_PAUSE)
    Trouble.objects.filter(pk=trouble.pk).update(
        failures=F("failures") + 1, last_error=f"{type(error).__name__}: {error}"[:2000], retry_at=now + pause
    )


def _still_troubled[T: models.Model](work: str, things: QuerySet[T]) -> dict[int, datetime]:
    """When to try again those that failed before. What is no longer among the things was settled in another way, as by hand."""
    noted = dict(Trouble.objects.filter(work=work).values_list("key", "retry_at"))
    if not noted:
        return {}
    still = set(things.filter(pk__in=noted).values_list("pk", flat=True))
    Trouble.objects.filter(work=work, key__in=noted.keys() - still).delete()
    return {key: retry_at for key, retry_at in noted.items() if key in still}
