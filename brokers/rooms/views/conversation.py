"""What a page shows of what was said in a circle, which is read with it."""

from __future__ import annotations

from typing import Any

from brokers.rooms.actions.talk import note_read
from brokers.rooms.forms import MessageForm
from brokers.rooms.models import Circle
from brokers.rooms.queries import latest_messages
from market.accounts.permissions import person_of
from market.values.actor import Actor


def conversation(circle: Circle, reader: Actor) -> dict[str, Any]:
    """The context of `rooms/talk.html`. Whoever opens the page has read what stands on it."""
    messages = latest_messages(circle)
    if messages:
        note_read(circle, messages[-1].pk, person=person_of(reader))
    last = messages[-1].pk if messages else 0
    return {"circle": circle, "messages_said": messages, "last": last, "message_form": MessageForm()}
