"""A deal room is opened with its first tasks, closed, and opened again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from brokers.models import Engagement
from brokers.permissions import require_party
from brokers.rooms.actions.parties import leave_place, locked_room, take_place
from brokers.rooms.actions.tasks import TaskTerms, write_task
from brokers.rooms.kinds import MANDATE, Capacity, CircleKind
from brokers.rooms.models import Circle, Party, Room
from brokers.rooms.permissions import require_mandate, require_no_room
from brokers.rooms.rules import first_tasks
from brokers.rooms.states import ROOM, PartyState, RoomEvent
from market.accounts.permissions import person_of
from market.events.actions import record
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal


@transaction.atomic
def open_room(engagement: Engagement, kinds: Collection[str], *, actor: Actor, now: datetime) -> Room:
    """The principal and the broker of this mandate are in its room, with the template's tasks of these kinds.

    Events: room.opened, and room_task.set for each task. Out of turn unless the mandate is in force and has no room yet.
    """
    require_party(actor, engagement)
    require_no_room(engagement)
    room = Room(engagement=engagement, opened_by_id=person_of(actor), opened_at=now)
    try:
        with transaction.atomic():
            room.save()
    except IntegrityError as error:
        raise OutOfTurn([Refusal("rooms.room_exists")]) from error
    record("room.opened", subject=room.subject, actor=actor, now=now, engagement=engagement.key)
    for kind in (CircleKind.MANDATE, CircleKind.SIDES):
        Circle.objects.create(room=room, kind=kind)
    parties = {
        str(Capacity.PRINCIPAL): _place(room, Capacity.PRINCIPAL, engagement.principal_id),
        str(Capacity.BROKER): _place(room, Capacity.BROKER, engagement.broker.institution_id),
    }
    for line, due_on in first_tasks(kinds, opened_on=day_of(now)):
        person = engagement.broker.person_id if line.owner == Capacity.BROKER else None
        terms = TaskTerms(line.kind, parties[line.owner], due_on, person=person, is_shared=line.is_shared)
        write_task(room, terms, actor=actor, now=now)
    return room


def _place(room: Room, capacity: Capacity, organisation: int) -> Party:
    party = Party.objects.create(
        room=room, organisation_id=organisation, capacity=capacity, invited_by_id=room.opened_by_id, invited_at=room.opened_at
    )
    take_place(party)
    return party


@transaction.atomic
def close_room(room: Room, *, actor: Actor, now: datetime) -> Room:
    """The sides read the room as it is; partners and invitations are out. Event: room.closed."""
    locked = _moving(room, RoomEvent.CLOSE, actor=actor)
    here = locked.parties.filter(state__in=[PartyState.INVITED, PartyState.JOINED]).exclude(capacity__in=MANDATE)
    for party in here.select_related("organisation").select_for_update(of=("self",)):
        if party.capacity == Capacity.PARTNER or party.state == PartyState.INVITED:
            leave_place(party, actor=actor, now=now)
    _set_state(locked, ROOM.move(locked.state, RoomEvent.CLOSE).to)
    record("room.closed", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def reopen_room(room: Room, *, actor: Actor, now: datetime) -> Room:
    """Work goes on. Partners are invited anew. Event: room.reopened."""
    locked = _moving(room, RoomEvent.REOPEN, actor=actor)
    _set_state(locked, ROOM.move(locked.state, RoomEvent.REOPEN).to)
    record("room.reopened", subject=locked.subject, actor=actor, now=now)
    return locked


def _moving(room: Room, event: RoomEvent, *, actor: Actor) -> Room:
    locked = locked_room(room)
    ROOM.move(locked.state, event)
    require_mandate(actor, locked)
    return locked


def _set_state(room: Room, state: str) -> None:
    room.state = state
    room.save(update_fields=["state"])
