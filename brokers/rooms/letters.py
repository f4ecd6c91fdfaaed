"""What those in a deal room are told by letter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from brokers.rooms.kinds import MANDATE, Capacity
from brokers.rooms.models import Meeting, Party, Task
from brokers.rooms.permissions import hearers
from brokers.rooms.states import PartyState
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of


def _party(event: Event) -> Party:
    parties = Party.objects.select_related("organisation", "task", "room__engagement__principal", "room__engagement__broker")
    return parties.get(key=key_of(event))


def _invited(event: Event) -> Concerned:
    party = _party(event)
    return Concerned(
        party.get_absolute_url,
        {"principal": party.room.engagement.principal.name, "task": party.task or ""},
        organisations=[party.organisation_id],
    )


def _hosts(event: Event) -> Concerned:
    party = _party(event)
    return Concerned(party.get_absolute_url, **_those_of(party.room.parties.filter(capacity__in=MANDATE)))


def _owner(event: Event) -> Concerned | None:
    """The person named for the task; where nobody is, whoever acts for the owner. Nobody once the owner has left."""
    task = Task.objects.select_related("owner").get(key=key_of(event))
    if task.owner.state != PartyState.JOINED:
        return None
    told = _those_of([task.owner]) if task.person_id is None else {"people": [task.person_id]}
    return Concerned(task.get_absolute_url, {"task": task}, **told)


def _comers(event: Event) -> Concerned:
    meeting = Meeting.objects.select_related("circle__task", "circle__room").get(key=key_of(event))
    return Concerned(meeting.get_absolute_url, **_those_of(hearers(meeting.circle)))


def _those_of(parties: Iterable[Party]) -> dict[str, Any]:
    """Whoever acts for these parties in their rooms: of a broker's institution, those alone who have a place there in person."""
    organisations, people = [], []
    for party in parties:
        if party.capacity == Capacity.BROKER:
            people += [party.room.engagement.broker.person_id, *party.tasks.values_list("person_id", flat=True)]
        else:
            organisations.append(party.organisation_id)
    return {"organisations": organisations, "people": people}


declare_letters(
    LetterKind(
        "room_party.invited",
        _("Invitation to a deal room of {principal}"),
        _("You are invited to a deal room of {principal}. {task}"),
        _invited,
        next_step=_("Please read what is asked of you, and accept or decline."),
    ),
    LetterKind(
        "room_party.joined", _("{organisation} joined your deal room"), _("{organisation} accepted the invitation."), _hosts
    ),
    LetterKind(
        "room_party.declined",
        _("{organisation} does not join your deal room"),
        _("{organisation} declined the invitation."),
        _hosts,
    ),
    LetterKind(
        "room_task.set",
        _("Task for you: {task}"),
        _("The task “{task}” is yours, due {due_on}."),
        _owner,
        next_step=_("Please begin it, and finish it with what shows that it is done."),
    ),
    LetterKind(
        "room_task.changed",
        _("Task changed: {task}"),
        _("The task “{task}” has changed; it is due {due_on}."),
        _owner,
    ),
    LetterKind(
        "room_task.overdue",
        _("Task overdue: {task}"),
        _("The task “{task}” was due {due_on} and is not done."),
        _owner,
        next_step=_("Please finish it, or agree on another day with the other side."),
    ),
    LetterKind(
        "meeting.arranged",
        _("Meeting: {title}, {starts_at}"),
        _("A meeting is arranged: {title}, {starts_at}."),
        _comers,
        next_step=_("Please take it into your calendar from its page."),
    ),
    LetterKind(
        "meeting.moved",
        _("Meeting changed: {title}, {starts_at}"),
        _("The meeting has changed: {title}, {starts_at}."),
        _comers,
        next_step=_("Please take the file for your calendar again: it replaces the earlier one."),
    ),
    LetterKind(
        "meeting.cancelled",
        _("Meeting cancelled: {title}, {starts_at}"),
        _("The meeting does not take place: {title}, {starts_at}."),
        _comers,
    ),
)
