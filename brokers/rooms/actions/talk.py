"""Something is said in a circle, and read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from brokers.rooms.models import Circle, Message, ReadMark
from brokers.rooms.permissions import place_in, require_open
from brokers.rooms.telling import tell_circles
from market.accounts.permissions import person_of
from market.events.actions import record
from market.values.actor import Actor
from market.values.refusal import Refusal, text_given


@transaction.atomic
def say(circle: Circle, text: str, *, actor: Actor, now: datetime) -> Message:
    """All of the circle read it, those with the page open at once. Event: room_circle.said, without the words."""
    require_open(circle.room)
    message = Message.objects.create(
        circle=circle,
        party=place_in(actor, circle),
        person_id=person_of(actor),
        text=text_given(text, Refusal("rooms.text_missing", field="text")),
        said_at=now,
    )
    record("room_circle.said", subject=circle.subject, actor=actor, now=now)
    tell_circles(circle.room_id)
    return message


@transaction.atomic
def note_read(circle: Circle, up_to: int, *, person: int) -> None:
    """This person has read the circle up to this message; an earlier page takes nothing back."""
    mark, is_new = ReadMark.objects.get_or_create(circle=circle, person_id=person, defaults={"up_to": up_to})
    if not is_new and mark.up_to < up_to:
        ReadMark.objects.filter(pk=mark.pk, up_to__lt=up_to).update(up_to=up_to)
