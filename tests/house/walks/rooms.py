"""Deal rooms: the room, places in it, tasks, meetings."""

from __future__ import annotations

from datetime import datetime

from brokers.rooms.actions.meetings import cancel_meeting, move_meeting
from brokers.rooms.actions.parties import accept_invitation, decline_invitation, end_invitation
from brokers.rooms.actions.rooms import close_room, reopen_room
from brokers.rooms.actions.tasks import TaskTerms, begin_task, change_task, drop_task, finish_task
from brokers.rooms.models import Meeting, Party, Room, Task
from brokers.rooms.states import MEETING, PARTY, ROOM, TASK
from tests.house.walks import Walk
from tests.people import Cast
from tests.rooms.builders import a_counterparty, a_meeting, a_room, a_task, circle_of, some_meeting


def _finish(cast: Cast, it: Task, now: datetime) -> Task:
    return finish_task(it, "已谈妥。", files=[], papers=[], actor=cast.broker.actor, now=now)


def _change(cast: Cast, it: Task, now: datetime) -> Task:
    terms = TaskTerms(it.kind, it.owner, it.due_on, title="改名")
    return change_task(it, terms, actor=cast.enterprise_agent.actor, now=now)


def _declined(cast: Cast, now: datetime) -> Party:
    return decline_invitation(a_counterparty(cast, now, joined=False), actor=cast.university_agent.actor, now=now)


def _meeting(cast: Cast, now: datetime, *, cancelled: bool = False) -> Meeting:
    return a_meeting(circle_of(a_room(cast, now), "mandate"), cast.broker, now, cancelled=cancelled)


def _close(cast: Cast, it: Room, now: datetime) -> Room:
    return close_room(it, actor=cast.broker.actor, now=now)


WALKS = (
    Walk(
        ROOM,
        states={"open": a_room, "closed": lambda cast, now: a_room(cast, now, state="closed")},
        events={"close": _close, "reopen": lambda cast, it, now: reopen_room(it, actor=cast.broker.actor, now=now)},
    ),
    Walk(
        PARTY,
        states={
            "invited": lambda cast, now: a_counterparty(cast, now, joined=False),
            "joined": a_counterparty,
            "declined": _declined,
            "ended": lambda cast, now: end_invitation(a_counterparty(cast, now), actor=cast.broker.actor, now=now),
        },
        events={
            "accept": lambda cast, it, now: accept_invitation(it, actor=cast.university_agent.actor, now=now),
            "decline": lambda cast, it, now: decline_invitation(it, actor=cast.university_agent.actor, now=now),
            "end": lambda cast, it, now: end_invitation(it, actor=cast.broker.actor, now=now),
        },
    ),
    Walk(
        TASK,
        states={
            "open": a_task,
            "under_way": lambda cast, now: a_task(cast, now, state="under_way"),
            "done": lambda cast, now: a_task(cast, now, state="done"),
            "dropped": lambda cast, now: a_task(cast, now, state="dropped"),
        },
        events={
            "begin": lambda cast, it, now: begin_task(it, actor=cast.broker.actor, now=now),
            "change": _change,
            "finish": _finish,
            "drop": lambda cast, it, now: drop_task(it, "不再需要。", actor=cast.broker.actor, now=now),
        },
    ),
    Walk(
        MEETING,
        states={"arranged": _meeting, "cancelled": lambda cast, now: _meeting(cast, now, cancelled=True)},
        events={
            "move": lambda cast, it, now: move_meeting(it, some_meeting(now), actor=cast.broker.actor, now=now),
            "cancel": lambda cast, it, now: cancel_meeting(it, actor=cast.broker.actor, now=now),
        },
    ),
)
