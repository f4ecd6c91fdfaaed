"""Who comes into a deal room, and who leaves it?"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from brokers.permissions import SERVICE_KINDS
from brokers.rooms.kinds import SIDES, Capacity, CircleKind
from brokers.rooms.models import Circle, Party, Room, Task
from brokers.rooms.permissions import require_mandate, require_open, require_party_mover, require_to_do
from brokers.rooms.queries import counterparties_of, is_in_room
from brokers.rooms.rules import Invitation, may_invite_counterparty, may_invite_partner
from brokers.rooms.states import PARTY, PartyEvent
from brokers.rooms.telling import tell_circles
from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_verified
from market.events.actions import record
from market.values.actor import Actor
from market.values.refusal import OutOfTurn, Refusal, require


@transaction.atomic
def invite_partner(task: Task, organisation: Organisation, *, asked: str, actor: Actor, now: datetime) -> Party:
    """The organisation is asked to do its part of this task; it sees nothing until it accepts. Event: room_party.invited."""
    locked = Task.objects.select_for_update(of=("self",)).select_related("room").get(pk=task.pk)
    require_to_do(locked)
    require_mandate(actor, locked.room)
    require_verified(organisation)
    invitation = Invitation(
        is_provider=organisation.kind in SERVICE_KINDS,
        is_side=is_in_room(organisation, locked.room, capacity__in=SIDES),
        is_invited=is_in_room(organisation, locked.room, task=locked),
        is_other_side=False,
    )
    require(may_invite_partner(invitation))
    party = Party(room=locked.room, organisation=organisation, capacity=Capacity.PARTNER, task=locked, asked=asked.strip())
    return _invite(party, Refusal("rooms.invited_before", field="code"), actor=actor, now=now)


@transaction.atomic
def invite_counterparty(room: Room, organisation: Organisation, *, asked: str, actor: Actor, now: datetime) -> Party:
    """The other side of the matter is asked into the room. Event: room_party.invited."""
    locked = locked_room(room)
    require_open(locked)
    require_mandate(actor, locked)
    require_verified(organisation)
    invitation = Invitation(
        is_provider=organisation.kind in SERVICE_KINDS,
        is_side=is_in_room(organisation, locked, capacity__in=SIDES),
        is_invited=is_in_room(None, locked, capacity=Capacity.COUNTERPARTY),
        is_other_side=counterparties_of(locked.engagement).filter(pk=organisation.pk).exists(),
    )
    require(may_invite_counterparty(invitation))
    party = Party(room=locked, organisation=organisation, capacity=Capacity.COUNTERPARTY, asked=asked.strip())
    return _invite(party, Refusal("rooms.counterparty_there", field="organisation"), actor=actor, now=now)


def _invite(party: Party, taken: Refusal, *, actor: Actor, now: datetime) -> Party:
    party.invited_by_id, party.invited_at = person_of(actor), now
    try:
        with transaction.atomic():
            party.save()
    except IntegrityError as error:
        raise OutOfTurn([taken]) from error
    record("room_party.invited", subject=party.subject, actor=actor, now=now, **_facts(party), capacity=str(party.capacity))
    return party


@transaction.atomic
def accept_invitation(party: Party, *, actor: Actor, now: datetime) -> Party:
    """The organisation is in the room, as far as its place goes. Event: room_party.joined."""
    locked = _answering(party, PartyEvent.ACCEPT, actor=actor)
    take_place(locked)
    record("room_party.joined", subject=locked.subject, actor=actor, now=now, **_facts(locked))
    return locked


@transaction.atomic
def decline_invitation(party: Party, *, actor: Actor, now: datetime) -> Party:
    """The organisation stays out. Event: room_party.declined."""
    locked = _answering(party, PartyEvent.DECLINE, actor=actor)
    set_party_state(locked, PARTY.move(locked.state, PartyEvent.DECLINE).to)
    record("room_party.declined", subject=locked.subject, actor=actor, now=now, **_facts(locked))
    return locked


@transaction.atomic
def end_invitation(party: Party, *, actor: Actor, now: datetime) -> Party:
    """The organisation is out of the room at once: its pages are 404 and its sockets closed. Event: room_party.ended."""
    locked = _answering(party, PartyEvent.END, actor=actor)
    leave_place(locked, actor=actor, now=now)
    return locked


def take_place(party: Party) -> None:
    """The party is in; a side has a circle for its own notes. Within the caller's transaction."""
    set_party_state(party, PARTY.move(party.state, PartyEvent.ACCEPT).to)
    if party.capacity in SIDES:
        Circle.objects.create(room_id=party.room_id, kind=CircleKind.OWN, party=party)


def leave_place(party: Party, *, actor: Actor, now: datetime) -> None:
    """The party is out, in the caller's transaction. Event: room_party.ended."""
    party.left_at = now
    party.save(update_fields=["left_at"])
    set_party_state(party, PARTY.move(party.state, PartyEvent.END).to)
    tell_circles(party.room_id)
    record("room_party.ended", subject=party.subject, actor=actor, now=now, **_facts(party))


def _answering(party: Party, event: PartyEvent, *, actor: Actor) -> Party:
    locked = Party.objects.select_for_update(of=("self",)).select_related("room", "organisation").get(pk=party.pk)
    require_open(locked.room)
    require_party_mover(actor, locked, PARTY.move(locked.state, event).by)
    return locked


def _facts(party: Party) -> dict[str, str]:
    return {"organisation": party.organisation.name}


def locked_room(room: Room) -> Room:
    """The room, for the caller's transaction alone."""
    return Room.objects.select_for_update(of=("self",)).select_related("engagement").get(pk=room.pk)


def set_party_state(party: Party, state: str) -> None:
    """The party's state, as its machine has it."""
    party.state = state
    party.save(update_fields=["state"])
