"""A room is opened, people come and go, tasks are done or late, papers have versions, meetings are moved."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from icalendar import Calendar

from brokers.rooms.actions.meetings import arrange_meeting, cancel_meeting, move_meeting
from brokers.rooms.actions.papers import add_version
from brokers.rooms.actions.rooms import close_room, reopen_room
from brokers.rooms.actions.talk import note_read, say
from brokers.rooms.actions.tasks import begin_task, finish_task, note_overdue_task
from brokers.rooms.calendar import meeting_calendar
from brokers.rooms.desks import room_desks
from brokers.rooms.kinds import TaskKind
from brokers.rooms.models import Task
from brokers.rooms.permissions import visible_tasks
from brokers.rooms.queries import around_room, circles_in, contents_of, own_tasks, tasks_of
from brokers.rooms.tasks import tell_overdue
from market.accounts.story import story
from market.events.models import Event
from market.events.queries import broken_links
from market.letters.actions import write_letters
from market.letters.models import Letter
from market.values.actor import Actor
from market.values.dates import day_of
from tests.documents_made import a_document
from tests.people import Cast
from tests.rooms.builders import a_full_room, a_lawyer, a_paper, a_room, a_task, circle_of, some_meeting

pytestmark = pytest.mark.django_db


def test_a_room_begins_with_the_tasks_that_were_chosen_from_the_template(cast: Cast, now: datetime) -> None:
    room = a_room(cast, now, kinds=TaskKind.values)
    tasks = tasks_of(circles_in(cast.broker.actor, room))
    assert [task.kind for task in tasks] == list(TaskKind.values)
    assert {(task.owner.organisation, task.person) for task in tasks} == {
        (cast.institution, cast.broker.person),
        (cast.enterprise, None),
    }
    assert tasks[0].due_on == day_of(now) + timedelta(days=30)
    names = list(Event.objects.filter(name__startswith="room").values_list("name", flat=True))
    assert names == ["room.opened", *["room_task.set"] * 9]


def test_a_task_is_done_with_the_very_versions_that_show_it(cast: Cast, now: datetime) -> None:
    task = a_task(cast, now, kind="valuation", due_on=day_of(now))
    begun = begin_task(task, actor=cast.broker.actor, now=now)
    assert (begun.state, begun.person) == ("under_way", cast.broker.person)
    paper = a_paper(task.circle, cast.broker, now)
    second = add_version(paper, a_document(cast.broker.actor), "改价", actor=cast.broker.actor, now=now)
    file = a_document(cast.broker.actor, "评估报告.pdf")
    done = finish_task(begun, "评估完成。", files=[file], papers=[paper], actor=cast.broker.actor, now=now)
    add_version(paper, a_document(cast.broker.actor), "", actor=cast.enterprise_agent.actor, now=now)
    shown = {(version.paper.title, version.number) for version in done.evidence.all()}
    assert shown == {("合同草案", second.number), ("评估报告.pdf", 1)}
    assert [version.number for version in paper.versions.all()] == [1, 2, 3]
    assert Event.objects.get(name="room_task.done").payload["in_time"] is True
    assert broken_links() == []


def test_whoever_is_late_is_told_once_and_late_it_stays(cast: Cast, now: datetime) -> None:
    task = a_task(cast, now, due_on=day_of(now))
    later = now + timedelta(days=1)
    tell_overdue(now)
    assert not Event.objects.filter(name="room_task.overdue").exists(), "the day counts whole"
    tell_overdue(later)
    note_overdue_task(task, now=later)
    overdue = Event.objects.get(name="room_task.overdue")
    write_letters(overdue, now=later)
    assert [letter.person for letter in Letter.objects.filter(event=overdue.pk)] == [cast.broker.person]
    finish_task(task, "已谈妥。", files=[], papers=[], actor=cast.broker.actor, now=later)
    assert Event.objects.get(name="room_task.done").payload["in_time"] is False


def test_a_task_stands_on_the_workbench_of_whoever_has_it(cast: Cast, now: datetime) -> None:
    full = a_full_room(cast, now)
    lawyer = a_lawyer(cast).actor
    task = a_task(cast, now, room=full.room, person=cast.broker.person.pk)
    assert list(own_tasks(cast.broker.actor)) == [*Task.objects.exclude(pk=task.pk), task]
    assert list(own_tasks(cast.enterprise_agent.actor)) == []
    assert list(visible_tasks(lawyer)) == [full.inner]
    assert [(desk.waiting, bool(desk.text)) for desk in room_desks(cast.broker.actor)] == [(3, True)]
    assert [desk.waiting for desk in room_desks(lawyer)] == [0]
    assert list(room_desks(cast.supervisor.actor)) == []


def test_what_others_said_is_unread_until_it_was_read(cast: Cast, now: datetime) -> None:
    room = a_room(cast, now)
    circle = circle_of(room, "mandate")
    first = say(circle, "草案已上传", actor=cast.broker.actor, now=now)
    second = say(circle, "请周五前答复", actor=cast.broker.actor, now=now)

    def unread(actor: Actor) -> dict[str, int]:
        return {it.kind: it.unread for it in circles_in(actor, room)}  # type: ignore[attr-defined]

    assert unread(cast.enterprise_agent.actor) == {"mandate": 2, "sides": 0, "own": 0}
    assert unread(cast.broker.actor) == {"mandate": 0, "sides": 0, "own": 0}
    person = cast.enterprise_agent.person.pk
    note_read(circle, first.pk, person=person)
    assert unread(cast.enterprise_agent.actor)["mandate"] == 1
    note_read(circle, second.pk, person=person)
    note_read(circle, first.pk, person=person)
    assert unread(cast.enterprise_agent.actor)["mandate"] == 0
    assert "草案" not in str(Event.objects.filter(name="room_circle.said").values())


def test_calendars_learn_of_a_change_and_of_the_end_by_the_sequence(cast: Cast, now: datetime) -> None:
    full = a_full_room(cast, now)
    meeting = arrange_meeting(full.inner.circle, some_meeting(now), actor=cast.broker.actor, now=now)

    def said() -> tuple[str, int, str, datetime]:
        calendar = Calendar.from_ical(meeting_calendar(meeting))
        (event,) = calendar.walk("VEVENT")
        assert event["uid"].startswith(meeting.key)
        return str(calendar["method"]), int(event["sequence"]), str(event["status"]), event.decoded("dtstart")

    begins = now + timedelta(days=3)
    assert said() == ("PUBLISH", 0, "CONFIRMED", begins)
    later = begins + timedelta(hours=2)
    terms = some_meeting(now, starts_at=later, ends_at=later + timedelta(hours=1))
    meeting = move_meeting(meeting, terms, actor=cast.broker.actor, now=now)
    assert said() == ("PUBLISH", 1, "CONFIRMED", later)
    meeting = cancel_meeting(meeting, actor=cast.broker.actor, now=now)
    assert said() == ("CANCEL", 2, "CANCELLED", later)
    event = Event.objects.get(name="meeting.arranged")
    write_letters(event, now=now)
    told = {letter.person for letter in Letter.objects.filter(event=event.pk)}
    assert told == {cast.enterprise_agent.person, a_lawyer(cast).person}


def test_everybody_is_told_the_story_of_what_they_may_know(cast: Cast, now: datetime) -> None:
    full = a_full_room(cast, now)
    a_paper(full.inner.circle, cast.broker, now, title="内部评估")
    a_paper(circle_of(full.room, "sides"), cast.broker, now, title="公开资料")
    arrange_meeting(full.shared.circle, some_meeting(now), actor=cast.broker.actor, now=now)

    def told(actor: Actor) -> str:
        around = around_room(actor, full.room)
        contents = contents_of(actor, circles_in(actor, full.room), *around.told)
        return " ".join(entry.sentence for entry in story(contents.events, reader=actor))

    for words in ("内部评估", "公开资料", "技术交流", "内部任务", a_lawyer(cast).organisation.name):
        assert words in told(cast.enterprise_agent.actor)
    assert "公开资料" in told(cast.university_agent.actor)
    assert "技术交流" in told(cast.university_agent.actor)
    for words in ("内部评估", "内部任务", a_lawyer(cast).organisation.name):
        assert words not in told(cast.university_agent.actor)


def test_a_closed_room_is_read_by_its_sides_and_left_by_its_partners(cast: Cast, now: datetime) -> None:
    full = a_full_room(cast, now)
    closed = close_room(full.room, actor=cast.enterprise_agent.actor, now=now)
    assert closed.state == "closed"
    assert set(visible_tasks(cast.university_agent.actor)) == {full.shared}
    assert not visible_tasks(a_lawyer(cast).actor).exists()
    assert reopen_room(closed, actor=cast.broker.actor, now=now).state == "open"
    assert not visible_tasks(a_lawyer(cast).actor).exists(), "whoever was out is invited anew"
