"""Tasks are set, changed, begun, finished with evidence, dropped, and told of when they are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from brokers.rooms.actions.papers import put_in_paper
from brokers.rooms.kinds import CircleKind
from brokers.rooms.models import Circle, Paper, PaperVersion, Party, Room, Task
from brokers.rooms.permissions import hearers, owns, places_in, require_mandate, require_open, require_task_mover, visible_papers
from brokers.rooms.queries import people_of, possible_owners
from brokers.rooms.rules import is_in_time, may_finish, may_set_due
from brokers.rooms.states import TASK, TO_DO, TaskEvent
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.refusal import Refusal, Refused, require, text_given


@dataclass(frozen=True, slots=True)
class TaskTerms:
    """What is to be done, by whom and until when. `person` is one of the owner's people, or still to be named by the owner."""

    kind: str
    owner: Party
    due_on: date
    person: int | None = None
    title: str = ""
    details: str = ""
    is_shared: bool = False


@transaction.atomic
def set_task(room: Room, terms: TaskTerms, *, actor: Actor, now: datetime) -> Task:
    """The room has one task more. Event: room_task.set."""
    require_open(room)
    require_mandate(actor, room)
    require(may_set_due(terms.due_on, None, by_owner=False, today=day_of(now)))
    return write_task(room, terms, actor=actor, now=now)


def write_task(room: Room, terms: TaskTerms, *, actor: Actor, now: datetime) -> Task:
    """The task stands in the room with a circle of its own, in the caller's transaction. Event: room_task.set."""
    task = Task(room=room, set_by_id=person_of(actor), set_at=now)
    _write(task, terms)
    Circle.objects.create(room=room, kind=CircleKind.TASK, task=task)
    _record("set", task, actor=actor, now=now, due_on=task.due_on.isoformat())
    return task


@transaction.atomic
def change_task(task: Task, terms: TaskTerms, *, actor: Actor, now: datetime) -> Task:
    """The task stands as it is said now. Event: room_task.changed.

    Refused when those who have the task put it off themselves. Shown to the counterparty, all that was said in it is.
    """
    locked = _moving(task, TaskEvent.CHANGE, actor=actor)
    require(may_set_due(terms.due_on, locked.due_on, by_owner=owns(places_in(actor, locked.room), locked), today=day_of(now)))
    _write(locked, terms)
    _record("changed", locked, actor=actor, now=now, due_on=locked.due_on.isoformat())
    return locked


def _write(task: Task, terms: TaskTerms) -> None:
    if not possible_owners(task.room, task if task.pk else None).filter(pk=terms.owner.pk).exists():
        raise Refused([Refusal("rooms.not_of_circle", field="owner")])
    if terms.person is not None and not people_of(terms.owner).filter(pk=terms.person).exists():
        raise Refused([Refusal("rooms.not_of_circle", field="owner")])
    task.kind, task.title, task.details = terms.kind, terms.title.strip(), terms.details.strip()
    task.owner, task.person_id, task.due_on, task.is_shared = terms.owner, terms.person, terms.due_on, terms.is_shared
    task.save()


@transaction.atomic
def begin_task(task: Task, *, actor: Actor, now: datetime) -> Task:
    """The task is under way, with whoever begins it where nobody was named. Event: room_task.begun."""
    locked = _moving(task, TaskEvent.BEGIN, actor=actor)
    locked.person_id = locked.person_id or actor.person
    _set_state(locked, TASK.move(locked.state, TaskEvent.BEGIN).to, "person")
    _record("begun", locked, actor=actor, now=now)
    return locked


@transaction.atomic
def finish_task(
    task: Task, outcome: str, *, files: Sequence[Document], papers: Sequence[Paper], actor: Actor, now: datetime
) -> Task:
    """The task is done, with its evidence: what was uploaded now, and the latest versions of these papers. Event: room_task.done.

    What is uploaded is open to all of the task's circle. Refused without a paper where the kind of task asks for one.
    """
    locked = _moving(task, TaskEvent.FINISH, actor=actor)
    locked.outcome = text_given(outcome, Refusal("rooms.text_missing", field="outcome"))
    require(may_finish(locked.kind, papers=len(files) + len(papers)))
    shown = visible_papers(actor).filter(circle=locked.circle, pk__in=[paper.pk for paper in papers])
    if len(shown) != len(papers):
        raise Refused([Refusal("rooms.not_of_circle", field="papers")])
    readers = list(hearers(locked.circle))
    new = [put_in_paper(locked.circle, file.name[:120], file, readers, actor=actor, now=now) for file in files]
    latest = PaperVersion.objects.filter(paper__in=[*shown, *new]).order_by("paper", "-number")
    locked.evidence.set({version.paper_id: version for version in reversed(latest)}.values())
    locked.finished_at = now
    locked.person_id = locked.person_id or actor.person
    _set_state(locked, TASK.move(locked.state, TaskEvent.FINISH).to, "outcome", "finished_at", "person")
    in_time = is_in_time(day_of(now), locked.due_on, was_overdue=locked.overdue_at is not None)
    _record("done", locked, actor=actor, now=now, in_time=in_time)
    return locked


@transaction.atomic
def drop_task(task: Task, reason: str, *, actor: Actor, now: datetime) -> Task:
    """The task is not done, and need not be. Event: room_task.dropped."""
    locked = _moving(task, TaskEvent.DROP, actor=actor)
    locked.reason = text_given(reason, Refusal("rooms.text_missing", field="reason"))
    _set_state(locked, TASK.move(locked.state, TaskEvent.DROP).to, "reason")
    _record("dropped", locked, actor=actor, now=now, reason=locked.reason)
    return locked


@transaction.atomic
def note_overdue_task(task: Task, *, now: datetime) -> None:
    """The owner is told that the task is late, once; nothing happens when it was done by then. Event: room_task.overdue."""
    locked = _locked(task)
    if locked.state in TO_DO and locked.overdue_at is None and locked.due_on < day_of(now):
        locked.overdue_at = now
        locked.save(update_fields=["overdue_at"])
        _record("overdue", locked, actor=CLOCK, now=now, due_on=locked.due_on.isoformat())


def _moving(task: Task, event: TaskEvent, *, actor: Actor) -> Task:
    locked = _locked(task)
    require_open(locked.room)
    require_task_mover(actor, locked, TASK.move(locked.state, event).by)
    return locked


def _locked(task: Task) -> Task:
    return Task.objects.select_for_update(of=("self",)).select_related("room", "owner", "circle").get(pk=task.pk)


def _record(what: str, task: Task, *, actor: Actor, now: datetime, **facts: object) -> None:
    record(f"room_task.{what}", subject=task.subject, actor=actor, now=now, kind=str(task.kind), title=task.title, **facts)


def _set_state(task: Task, state: str, *fields: str) -> None:
    task.state = state
    task.save(update_fields=["state", *fields])
