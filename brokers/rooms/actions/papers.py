"""Papers are put in, in versions, and opened to those who may read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from brokers.rooms.models import Circle, Paper, PaperVersion, Party
from brokers.rooms.permissions import hearers, place_in, require_open, require_opener
from brokers.rooms.queries import readers_of
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record
from market.values.actor import Actor
from market.values.refusal import Refusal, Refused, text_given


@transaction.atomic
def put_in_paper(
    circle: Circle, title: str, document: Document, readers: Collection[Party], *, actor: Actor, now: datetime
) -> Paper:
    """The paper lies in the circle, open to its party and these readers. Event: room_paper.put_in."""
    require_open(circle.room)
    party = place_in(actor, circle)
    given = text_given(title, Refusal("rooms.text_missing", field="title"))
    paper = Paper.objects.create(circle=circle, title=given, put_in_by=party, put_in_at=now)
    _open_to(paper, readers)
    _add(paper, party, document, "", actor=actor, now=now)
    return paper


@transaction.atomic
def add_version(paper: Paper, document: Document, note: str, *, actor: Actor, now: datetime) -> PaperVersion:
    """A later version stands beside those before. Event: room_paper.put_in."""
    locked = _locked(paper)
    require_open(locked.circle.room)
    return _add(locked, place_in(actor, locked.circle), document, note.strip(), actor=actor, now=now)


def _add(paper: Paper, party: Party, document: Document, note: str, *, actor: Actor, now: datetime) -> PaperVersion:
    version = PaperVersion.objects.create(
        paper=paper,
        number=paper.versions.count() + 1,
        document=document,
        note=note,
        party=party,
        person_id=person_of(actor),
        put_in_at=now,
    )
    _record("put_in", version, actor=actor, now=now)
    return version


@transaction.atomic
def open_paper(paper: Paper, readers: Sequence[Party], *, actor: Actor, now: datetime) -> Paper:
    """These parties and the one that put the paper in read it, and nobody else from now on. Event: room_paper.opened_to."""
    locked = _locked(paper)
    require_open(locked.circle.room)
    require_opener(actor, locked)
    _open_to(locked, readers)
    names = "、".join(party.organisation.name for party in readers_of(locked))
    record("room_paper.opened_to", subject=locked.subject, actor=actor, now=now, title=locked.title, readers=names)
    return locked


def _open_to(paper: Paper, readers: Collection[Party]) -> None:
    known = set(hearers(paper.circle))
    if not known.issuperset(readers):
        raise Refused([Refusal("rooms.not_of_circle", field="readers")])
    paper.readers.set({*readers, paper.put_in_by})


@transaction.atomic
def note_download(version: PaperVersion, *, actor: Actor, now: datetime) -> None:
    """It stands in the log who took this version away. Event: room_paper.read."""
    _record("read", version, actor=actor, now=now)


def _record(what: str, version: PaperVersion, *, actor: Actor, now: datetime) -> None:
    paper = version.paper
    record(f"room_paper.{what}", subject=paper.subject, actor=actor, now=now, title=paper.title, version=version.number)


def _locked(paper: Paper) -> Paper:
    return (
        Paper.objects.select_for_update(of=("self",)).select_related("circle__room", "circle__task", "put_in_by").get(pk=paper.pk)
    )
