"""Writing the log: every action records what happened, who did it and on whose behalf; readers advance."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from market.events.anchors import AnchoredHead, write_anchor
from market.events.chain import GENESIS, commitment
from market.events.models import Event, Head, Position, WorkerSign
from market.events.queries import handled_by, link_of, unread
from market.events.registry import KINDS, Reader
from market.values.actor import Actor

log = logging.getLogger(__name__)

_FORGOTTEN = timedelta(hours=1)
# So many events are handled in one transaction by readers that take several.
_TOGETHER = 200
# The position up to which the log is anchored.
ANCHORS = "events.anchors"


def record(name: str, /, *, subject: str, actor: Actor, now: datetime, **facts: Any) -> Event:
    """The event stands in the log, chained to the subject's last one. Must run inside the action's transaction.

    `facts` are JSON values; those the event's kind calls personal are stored apart from the rest.
    Raises KeyError for an event that no `events.py` declares.
    """
    return record_each(name, [subject], actor=actor, now=now, **facts)[0]


def record_each(name: str, /, subjects: Collection[str], *, actor: Actor, now: datetime, **facts: Any) -> list[Event]:
    """The same happened to each of these subjects, in as many questions to the database as for one. See `record`."""
    return record_apart(name, dict.fromkeys(subjects, facts), actor=actor, now=now)


def record_apart(name: str, /, facts: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: datetime) -> list[Event]:
    """To each of these subjects the same kind of thing happened, each with its own facts. See `record_each`."""
    heads = _locked_heads(facts.keys())
    events = [_event(name, heads[subject], actor=actor, now=now, facts=dict(own)) for subject, own in facts.items()]
    Event.objects.bulk_create(events)
    for event in events:
        heads[event.subject].sequence, heads[event.subject].hash = event.sequence, event.hash
    # Half the work of `bulk_update`, whose cases are for rows that differ more.
    Head.objects.bulk_create(heads.values(), update_conflicts=True, update_fields=["sequence", "hash"], unique_fields=["subject"])
    return events


def _locked_heads(subjects: Collection[str]) -> dict[str, Head]:
    """The heads of these subjects, always locked in the same order; one that has no events yet begins its chain."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of what it tells")
    locked = Head.objects.select_for_update().order_by("subject")
    heads = locked.in_bulk(subjects)
    if missing := sorted(set(subjects) - heads.keys()):
        Head.objects.bulk_create([Head(subject=subject, hash=GENESIS) for subject in missing], ignore_conflicts=True)
        heads |= locked.in_bulk(missing)
    return heads


def _event(name: str, head: Head, *, actor: Actor, now: datetime, facts: dict[str, Any]) -> Event:
    kind = KINDS[name]
    personal = {key: facts.pop(key) for key in kind.personal & facts.keys()}
    salt = secrets.token_hex(16) if personal else ""
    event = Event(
        subject=head.subject,
        sequence=head.sequence + 1,
        name=name,
        at=now,
        person=actor.person,
        organisation=actor.organisation,
        on_behalf_of=actor.on_behalf_of,
        channel=actor.channel.value,
        payload=facts,
        personal=personal or None,
        personal_salt=salt,
        personal_digest=commitment(salt, personal) if personal else "",
        previous_hash=head.hash,
    )
    event.hash = link_of(event).hash()
    if connection.vendor == "postgresql":
        event.transaction = RawSQL("pg_current_xact_id()::text::bigint", [])  # type: ignore[assignment]
    return event


def advance(reader: Reader, *, now: datetime, limit: int = 500) -> int:
    """The reader has handled up to `limit` more events, or the last of several it takes together; gives their number.

    The events and the new position are one transaction: what fails is tried again later, with growing pauses, and nothing is
    handled twice or left out. Where another worker is at it, by the lock of the position's row, there is nothing to do here.
    """
    handled = 0
    while handled < limit:
        try:
            more = _handle_next(reader, now=now)
        except Exception as error:
            log.exception("reader %s failed", reader.name)
            _note_failure(reader, error, now=now)
            break
        if not more:
            break
        handled += more
    return handled


@transaction.atomic
def skip_history(reader: Reader) -> None:
    """The reader begins after what stands in the log now: nobody is to be told of the past that a sample was given."""
    last = Event.objects.order_by("-transaction", "-id").first()
    if last is not None:
        Position.objects.update_or_create(reader=reader.name, defaults={"transaction": last.transaction, "event": last.pk})


def note_sign(worker: str, *, now: datetime) -> None:
    """This worker lives, and its own clock says `now`; of those that were not seen for an hour nothing is known any more."""
    sign = WorkerSign(worker=worker, clock=now, seen_at=Now())  # type: ignore[misc]
    WorkerSign.objects.bulk_create([sign], update_conflicts=True, update_fields=["clock", "seen_at"], unique_fields=["worker"])
    WorkerSign.objects.filter(seen_at__lt=Now() - _FORGOTTEN).delete()


def anchor_log(now: datetime, *, limit: int = 5000) -> int:
    """The head of every subject with events since the last anchor is written down outside the database; gives their number."""
    anchored = 0
    while heads := _anchor_next(now, limit):
        anchored += heads
    return anchored


@transaction.atomic
def _anchor_next(now: datetime, limit: int) -> int:
    """Up to `limit` events. The position moves with the transaction: what was written down and not noted is written again."""
    Position.objects.get_or_create(reader=ANCHORS)
    position = Position.objects.select_for_update().get(reader=ANCHORS)
    rows = list(unread(position, KINDS).values_list("transaction", "pk", "subject", "sequence", "hash")[:limit])
    if not rows:
        return 0
    heads = {subject: AnchoredHead(subject, sequence, hash_) for _, _, subject, sequence, hash_ in rows}
    write_anchor(heads.values(), now=now)
    Position.objects.filter(reader=ANCHORS).update(transaction=rows[-1][0], event=rows[-1][1])
    return len(heads)


@transaction.atomic
def _handle_next(reader: Reader, *, now: datetime) -> int:
    Position.objects.get_or_create(reader=reader.name)
    skips = connection.features.has_select_for_update_skip_locked
    position = Position.objects.select_for_update(skip_locked=skips).filter(reader=reader.name).first()
    if position is None:
        return 0
    if position.retry_at and position.retry_at > now:
        return 0
    events = _to_read(reader, position)
    if not events:
        return 0
    if reader.together:
        reader.together(events)
    else:
        reader.handlers[events[0].name](events[0])
    last = events[-1]
    Position.objects.filter(reader=reader.name).update(
        transaction=last.transaction, event=last.pk, failures=0, last_error="", retry_at=None
    )
    return len(events)


def _to_read(reader: Reader, position: Position) -> list[Event]:
    """The next event, or the next of those that are taken together."""
    events = unread(position, reader.handlers)
    if reader.behind:
        events = events.filter(handled_by(Position.objects.filter(reader=reader.behind).first() or Position()))
    return list(events[: _TOGETHER if reader.together else 1])


def _note_failure(reader: Reader, error: Exception, *, now: datetime) -> None:
    position, _created = Position.objects.get_or_create(reader=reader.name)
    pause = min(timedelta(seconds=2 ** min(position.failures, 10)), reader.longest_pause)
    Position.objects.filter(reader=reader.name).update(
        failures=position.failures + 1, last_error=f"{type(error).__name__}: {error}"[:2000], retry_at=now + pause
    )
