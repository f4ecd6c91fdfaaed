"""What the log says of deal rooms. What was said in them stands in no event, only that something was."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from brokers.rooms.kinds import Capacity, TaskKind
from market.events.registry import EventKind, declare


def _capacity_in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**facts, "capacity": Capacity(facts["capacity"]).label}


def _task_in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A task without a title of its own goes by what its kind is called."""
    return {**facts, "title": facts["title"] or TaskKind(facts["kind"]).label}


declare(
    EventKind("room.opened", _("Deal room opened.")),
    EventKind("room.closed", _("Deal room closed.")),
    EventKind("room.reopened", _("Deal room opened again.")),
    EventKind("room_party.invited", _("{organisation} invited: {capacity}."), words=_capacity_in_words),
    EventKind("room_party.joined", _("{organisation} joined.")),
    EventKind("room_party.declined", _("{organisation} declined the invitation.")),
    EventKind("room_party.ended", _("{organisation} left.")),
    EventKind("room_task.set", _("Task set: {title}, due {due_on}."), words=_task_in_words),
    EventKind("room_task.changed", _("Task changed: {title}, due {due_on}."), words=_task_in_words),
    EventKind("room_task.begun", _("Task begun: {title}."), words=_task_in_words),
    EventKind("room_task.done", _("Task done: {title}."), words=_task_in_words),
    EventKind("room_task.dropped", _("Task dropped: {title}. {reason}"), words=_task_in_words),
    EventKind("room_task.overdue", _("Task overdue: {title} was due {due_on}."), words=_task_in_words),
    EventKind("room_paper.put_in", _("Document put in: {title}, version {version}.")),
    EventKind("room_paper.opened_to", _("Document {title}: open to {readers}.")),
    EventKind("room_paper.read", _("Document downloaded: {title}, version {version}.")),
    EventKind("room_circle.said", _("Message written.")),
    EventKind("meeting.arranged", _("Meeting arranged: {title}, {starts_at}.")),
    EventKind("meeting.moved", _("Meeting changed: {title}, {starts_at}.")),
    EventKind("meeting.cancelled", _("Meeting cancelled: {title}, {starts_at}.")),
)
