"""Of which events are people told, who, and in which words? Each app declares its own in its room `letters.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from market.events.models import Event
from market.events.registry import KINDS
from market.values.actor import Role

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom an event concerns, and where they can look.

    `organisations` stands for those who act for them, `people` for persons, `roles` for the officials in these roles; all by key.
    `look` gives the address in the language of the moment. `facts` complete the words.
    """

    look: Callable[[], str]
    facts: Mapping[str, Any] = field(default_factory=dict)
    organisations: Sequence[int | None] = ()
    people: Sequence[int | None] = ()
    roles: Sequence[Role] = ()


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A letter about an event: format strings over the event's payload and `facts`.

    `concerned` gives None when there is nobody to tell. `next_step` says what the reader can do now, if anything.
    """

    event: str
    subject: Words
    text: Words
    concerned: Callable[[Event], Concerned | None]
    next_step: Words = ""


LETTERS: dict[str, list[LetterKind]] = {}


def declare_letters(*kinds: LetterKind) -> None:
    """Makes the letters known. Raises KeyError for an event that no app declares."""
    for kind in kinds:
        LETTERS.setdefault(KINDS[kind.event].name, []).append(kind)


def key_of(event: Event) -> str:
    """The key of the object the event is about."""
    return event.subject.partition(":")[2]
