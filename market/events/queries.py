"""What is in the log: timelines, what a reader has not seen yet, and the chains to verify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from market.events.anchors import OTHER_CHAINS, AnchorFlaw, anchors_in, compared
from market.events.chain import Flaw, Link, flaws
from market.events.models import Event, Head, Position, Trouble, WorkerSign
from market.events.registry import Reader


def timeline(subjects: Iterable[str]) -> QuerySet[Event]:
    """The events of these subjects, oldest first."""
    return Event.objects.filter(subject__in=list(subjects)).order_by("at", "transaction", "id")


def unread(position: Position, names: Iterable[str]) -> QuerySet[Event]:
    """Events of these names after this position, in the order readers must see them.

    On PostgreSQL a transaction that began earlier may commit later, so a plain id would make readers skip its events.
    Only events of transactions older than every running one are given, ordered by transaction, and those that this very
    transaction has written. SQLite writes one at a time.
    """
    after = Q(transaction__gt=position.transaction) | Q(transaction=position.transaction, id__gt=position.event)
    events = Event.objects.filter(after, name__in=list(names)).order_by("transaction", "id")
    if connection.vendor == "postgresql":
        oldest = RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [])
        own = RawSQL("pg_current_xact_id_if_assigned()::text::bigint", [])
        events = events.filter(Q(transaction__lt=oldest) | Q(transaction=own))
    return events


def handled_by(position: Position) -> Q:
    """The events up to this position."""
    return Q(transaction__lt=position.transaction) | Q(transaction=position.transaction, id__lte=position.event)


def last_event() -> int:
    """The key of the event that was written last, 0 in an empty log: while it stays the same, nothing has happened."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def broken_links() -> list[Flaw]:
    """Every place where the log was tampered with; empty when all chains hold."""
    heads = {head.subject: (head.sequence, head.hash) for head in Head.objects.iterator()}
    return flaws(_links(), heads)


def anchor_flaws(path: Path, keys: Mapping[str, bytes]) -> list[AnchorFlaw]:
    """Every line of this file that does not hold, and every subject whose chain no longer is as it was anchored."""
    found: list[AnchorFlaw] = []
    for batch in batched(anchors_in(path, keys), 500):
        heads = [entry for entry in batch if not isinstance(entry, AnchorFlaw)]
        found += [entry for entry in batch if isinstance(entry, AnchorFlaw)]
        subjects = {head.chain for _, head in heads}
        sequences = {head.sequence for _, head in heads}
        rows = Event.objects.filter(subject__in=subjects, sequence__in=sequences).values_list("subject", "sequence", "hash")
        stored = {(subject, sequence): hash_ for subject, sequence, hash_ in rows}
        # Other chains than those of the log are looked after by their own apps.
        own = [(line, head) for line, head in heads if not head.chain.startswith(OTHER_CHAINS)]
        flaws_ = [compared(line, head, stored.get((head.chain, head.sequence))) for line, head in own]
        found += [flaw for flaw in flaws_ if flaw is not None]
    return found


def _links() -> Iterator[tuple[Link, str]]:
    for event in Event.objects.order_by("subject", "sequence").iterator(chunk_size=2000):
        yield link_of(event), event.hash


def link_of(event: Event) -> Link:
    """The event as the chain hashes it."""
    return Link(
        subject=event.subject,
        sequence=event.sequence,
        name=event.name,
        at=event.at,
        person=event.person,
        organisation=event.organisation,
        on_behalf_of=event.on_behalf_of,
        channel=event.channel,
        payload=event.payload,
        personal_digest=event.personal_digest,
        previous_hash=event.previous_hash,
    )


def stuck_readers() -> QuerySet[Position]:
    """Readers whose next event failed; they try again by themselves and leave nothing out."""
    return Position.objects.filter(failures__gt=0).order_by("reader")


def troubles() -> QuerySet[Trouble]:
    """What the worker could not do, oldest first."""
    return Trouble.objects.all()


def oldest_unread(reader: Reader) -> datetime | None:
    """When the event happened with which this reader goes on; none when it has read all."""
    position = Position.objects.filter(reader=reader.name).first() or Position(reader=reader.name)
    return unread(position, reader.handlers).values_list("at", flat=True).first()


def living_workers(within: timedelta) -> list[WorkerSign]:
    """The workers that gave a sign of life within this time, the latest first."""
    return list(WorkerSign.objects.filter(seen_at__gt=Now() - within).order_by("-seen_at"))
