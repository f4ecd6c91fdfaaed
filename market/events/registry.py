"""Which events are there, and who reads them? Each app declares its own in `events.py` and `tasks.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise

from market.events.models import Event

type Sentence = str | Promise


@dataclass(frozen=True, slots=True)
class EventKind:
    """An event's name, the sentence of the timeline (a format string over the payload), and which payload keys are personal data.

    `words` gives the payload with codes replaced by what people call them. Of a `discreet` event, officials and whoever acted
    are told who that was, and nobody else.
    """

    name: str
    sentence: Sentence
    personal: frozenset[str] = frozenset()
    words: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict
    discreet: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who must hear of events: each is handled once, in one transaction with the reader's position."""

    name: str
    handlers: Mapping[str, Callable[[Event], None]]
    # What a handler needs may be away for hours; this long after it came back, at most, the reader tries again.
    longest_pause: timedelta = timedelta(minutes=10)
    # For whom many events are little more work than one: called instead of the handlers, with all that is to be read, oldest first.
    together: Callable[[Sequence[Event]], None] | None = None
    # The name of another reader: of what that one has not handled yet, this one does not hear.
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Work that falls due by itself: called with the time, at least this often; it must do nothing when called twice."""

    name: str
    run: Callable[[datetime], Any]
    every: timedelta = timedelta(seconds=10)


KINDS: dict[str, EventKind] = {}
READERS: dict[str, Reader] = {}
SWEEPS: dict[str, Sweep] = {}


def declare(*kinds: EventKind) -> None:
    """Makes these events known. Raises ValueError for a name that is taken."""
    for kind in kinds:
        if KINDS.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"event {kind.name} is declared twice")


def follow(reader: Reader) -> None:
    """Makes the worker keep this reader up to date."""
    if READERS.setdefault(reader.name, reader) is not reader:
        raise ValueError(f"reader {reader.name} is declared twice")


def sweep(entry: Sweep) -> None:
    """Makes the worker call this sweep."""
    if SWEEPS.setdefault(entry.name, entry) is not entry:
        raise ValueError(f"sweep {entry.name} is declared twice")
