"""Meetings are arranged, changed and cancelled; each change counts, so that calendars know the latest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from brokers.rooms.models import Circle, Meeting
from brokers.rooms.permissions import place_in, require_convener, require_open
from brokers.rooms.rules import may_meet
from brokers.rooms.states import MEETING, MeetingEvent
from market.events.actions import record
from market.values.actor import Actor
from market.values.refusal import Refusal, require, text_given


@dataclass(frozen=True, slots=True)
class MeetingTerms:
    """What is arranged: about what, when, and where."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    agenda: str = ""


@transaction.atomic
def arrange_meeting(circle: Circle, terms: MeetingTerms, *, actor: Actor, now: datetime) -> Meeting:
    """All of the circle are asked to come. Event: meeting.arranged."""
    require_open(circle.room)
    meeting = Meeting(circle=circle, convener=place_in(actor, circle))
    _write(meeting, terms, now=now)
    _record("arranged", meeting, actor=actor, now=now)
    return meeting


@transaction.atomic
def move_meeting(meeting: Meeting, terms: MeetingTerms, *, actor: Actor, now: datetime) -> Meeting:
    """The meeting is as it is said now, one change later. Event: meeting.moved."""
    locked = _moving(meeting, MeetingEvent.MOVE, actor=actor)
    locked.sequence += 1
    _write(locked, terms, now=now)
    _record("moved", locked, actor=actor, now=now)
    return locked


def _write(meeting: Meeting, terms: MeetingTerms, *, now: datetime) -> None:
    require(may_meet(terms.starts_at, terms.ends_at, now=now))
    meeting.title = text_given(terms.title, Refusal("rooms.text_missing", field="title"))
    meeting.starts_at, meeting.ends_at = terms.starts_at, terms.ends_at
    meeting.place, meeting.agenda, meeting.changed_at = terms.place.strip(), terms.agenda.strip(), now
    meeting.save()


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, actor: Actor, now: datetime) -> Meeting:
    """The meeting does not take place; who has it in a calendar takes it out with the new file. Event: meeting.cancelled."""
    locked = _moving(meeting, MeetingEvent.CANCEL, actor=actor)
    locked.sequence += 1
    locked.changed_at = now
    _set_state(locked, MEETING.move(locked.state, MeetingEvent.CANCEL).to)
    _record("cancelled", locked, actor=actor, now=now)
    return locked


def _moving(meeting: Meeting, event: MeetingEvent, *, actor: Actor) -> Meeting:
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("circle__room").get(pk=meeting.pk)
    require_open(locked.circle.room)
    MEETING.move(locked.state, event)
    require_convener(actor, locked)
    return locked


def _record(what: str, meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    facts = {"title": meeting.title, "starts_at": meeting.starts_at.isoformat()}
    record(f"meeting.{what}", subject=meeting.subject, actor=actor, now=now, **facts)


def _set_state(meeting: Meeting, state: str) -> None:
    meeting.state = state
    meeting.save(update_fields=["state", "sequence", "changed_at"])
