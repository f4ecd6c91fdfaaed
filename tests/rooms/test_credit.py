"""What is done in time in a deal room counts for whoever did it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from brokers.credit.models import Record
from brokers.rooms.actions.tasks import finish_task
from brokers.rooms.tasks import tell_overdue
from market.values.dates import day_of
from tests.credit.builders import read_log
from tests.people import Cast, Member
from tests.rooms.builders import a_full_room, a_task, party_of

pytestmark = pytest.mark.django_db


def test_tasks_in_time_are_records_of_the_broker_and_of_organisations_and_late_ones_are_none(cast: Cast, now: datetime) -> None:
    full = a_full_room(cast, now)

    def finish(member: Member, at: datetime) -> None:
        task = a_task(cast, now, room=full.room, owner=member, due_on=day_of(now), title=member.person.email)
        tell_overdue(at)
        finish_task(task, "已办妥。", files=[], papers=[], actor=member.actor, now=at)

    for member in (cast.broker, cast.enterprise_agent, cast.university_agent):
        finish(member, now)
    finish(cast.broker, now + timedelta(days=1))
    read_log(now)
    broker = party_of(full.room, cast.broker).room.engagement.broker
    records = Record.objects.filter(rule="task_in_time").order_by("pk")
    assert [(record.standing.holder, record.counterpart) for record in records] == [
        (broker, cast.enterprise),
        (cast.enterprise, cast.institution),
        (cast.university, cast.enterprise),
    ]
