"""Refusals of deal rooms."""

from __future__ import annotations

from datetime import datetime, timedelta

from brokers.rooms.actions.meetings import arrange_meeting, cancel_meeting
from brokers.rooms.actions.papers import open_paper
from brokers.rooms.actions.parties import accept_invitation, end_invitation, invite_counterparty, invite_partner
from brokers.rooms.actions.rooms import close_room, open_room
from brokers.rooms.actions.talk import say
from brokers.rooms.actions.tasks import TaskTerms, begin_task, change_task, finish_task
from brokers.rooms.models import Room
from market.accounts.models import Organisation
from tests.brokers.builders import an_engagement
from tests.house.provoked import Act, Provocation
from tests.listings.builders import a_listing
from tests.people import Cast, Member
from tests.rooms.builders import (
    ASKED,
    LATER,
    a_counterparty,
    a_full_room,
    a_lawyer,
    a_meeting,
    a_paper,
    a_partner,
    a_room,
    a_task,
    circle_of,
    party_of,
    some_meeting,
)


def _open(cast: Cast, now: datetime, *, signed: bool = True, twice: bool = False) -> Act:
    engagement = an_engagement(cast, a_listing(cast, now), now, signed=signed)
    if twice:
        a_room(cast, now, engagement=engagement)
    return lambda: open_room(engagement, [], actor=cast.broker.actor, now=now)


def _say(cast: Cast, now: datetime, *, state: str = "open", text: str = " ") -> Act:
    circle = circle_of(a_room(cast, now, state=state), "mandate")
    return lambda: say(circle, text, actor=cast.broker.actor, now=now)


def _ask(cast: Cast, now: datetime, organisation: Organisation, *, before: bool = False) -> Act:
    task = a_task(cast, now)
    if before:
        a_partner(cast, now, task=task)
    return lambda: invite_partner(task, organisation, asked=ASKED, actor=cast.broker.actor, now=now)


def _ask_side(cast: Cast, now: datetime, organisation: Organisation, *, before: bool = False) -> Act:
    room = a_room(cast, now)
    if before:
        a_counterparty(cast, now, room=room)
    return lambda: invite_counterparty(room, organisation, asked=ASKED, actor=cast.broker.actor, now=now)


def _accept(cast: Cast, now: datetime) -> Act:
    party = a_counterparty(cast, now, joined=False)
    return lambda: accept_invitation(party, actor=cast.broker.actor, now=now)


def _put_out(cast: Cast, now: datetime) -> Act:
    side = party_of(a_room(cast, now), cast.enterprise_agent)
    return lambda: end_invitation(side, actor=cast.broker.actor, now=now)


def _close(cast: Cast, now: datetime) -> Act:
    room: Room = a_counterparty(cast, now).room
    return lambda: close_room(room, actor=cast.university_agent.actor, now=now)


def _begin(cast: Cast, now: datetime) -> Act:
    task = a_task(cast, now)
    return lambda: begin_task(task, actor=cast.enterprise_agent.actor, now=now)


def _put_off(cast: Cast, now: datetime, *, days: int) -> Act:
    task = a_task(cast, now)
    due_on = LATER + timedelta(days=days)
    return lambda: change_task(task, TaskTerms(task.kind, task.owner, due_on), actor=cast.broker.actor, now=now)


def _give_to(cast: Cast, now: datetime) -> Act:
    """The broker's task goes to a person of the other side."""
    task = a_task(cast, now)
    terms = TaskTerms(task.kind, task.owner, LATER, person=cast.enterprise_agent.person.pk)
    return lambda: change_task(task, terms, actor=cast.enterprise_agent.actor, now=now)


def _finish(cast: Cast, now: datetime) -> Act:
    task = a_task(cast, now, kind="contract")
    return lambda: finish_task(task, "已签。", files=[], papers=[], actor=cast.broker.actor, now=now)


def _open_paper(cast: Cast, now: datetime) -> Act:
    paper = a_paper(a_full_room(cast, now).inner.circle, cast.broker, now)
    return lambda: open_paper(paper, [], actor=a_lawyer(cast).actor, now=now)


def _meet(cast: Cast, now: datetime, *, begins: int, lasts: int) -> Act:
    circle, starts_at = circle_of(a_room(cast, now), "mandate"), now + timedelta(hours=begins)
    terms = some_meeting(now, starts_at=starts_at, ends_at=starts_at + timedelta(hours=lasts))
    return lambda: arrange_meeting(circle, terms, actor=cast.broker.actor, now=now)


def _cancel(cast: Cast, now: datetime) -> Act:
    other: Member = cast.enterprise_agent
    meeting = a_meeting(circle_of(a_room(cast, now), "mandate"), cast.broker, now)
    return lambda: cancel_meeting(meeting, actor=other.actor, now=now)


PROVOKED: dict[str, Provocation] = {
    "rooms.not_in_force": lambda cast, now: _open(cast, now, signed=False),
    "rooms.room_exists": lambda cast, now: _open(cast, now, twice=True),
    "rooms.closed": lambda cast, now: _say(cast, now, state="closed", text="还在吗？"),
    "rooms.mandate_only": _close,
    "rooms.side_stays": _put_out,
    "rooms.invited_only": _accept,
    "rooms.owner_only": _begin,
    "rooms.convener_only": _cancel,
    "rooms.others_paper": _open_paper,
    "rooms.partner_is_side": lambda cast, now: _ask(cast, now, cast.enterprise),
    "rooms.no_provider": lambda cast, now: _ask(cast, now, cast.rival),
    "rooms.invited_before": lambda cast, now: _ask(cast, now, a_lawyer(cast).organisation, before=True),
    "rooms.counterparty_there": lambda cast, now: _ask_side(cast, now, cast.university, before=True),
    "rooms.no_counterparty": lambda cast, now: _ask_side(cast, now, cast.rival),
    "rooms.not_of_circle": _give_to,
    "rooms.due_over": lambda cast, now: _put_off(cast, now, days=-2000),
    "rooms.own_due_day": lambda cast, now: _put_off(cast, now, days=1),
    "rooms.text_missing": _say,
    "rooms.evidence_missing": _finish,
    "rooms.meeting_past": lambda cast, now: _meet(cast, now, begins=-1, lasts=1),
    "rooms.meeting_length": lambda cast, now: _meet(cast, now, begins=1, lasts=30),
}
