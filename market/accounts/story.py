"""What happened, told for a page: the log's events as sentences, with the names of those who acted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from market.accounts.models import Organisation, Person
from market.events.models import Event
from market.events.registry import KINDS
from market.events.story import sentence_of
from market.values.actor import Actor


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One event in words. Names are empty where nobody acted, or where the reader need not know."""

    at: datetime
    sentence: str
    actor: str
    organisation: str


def story(events: Iterable[Event], *, reader: Actor, with_people: bool = True) -> list[StoryEntry]:
    """These events in words, in two queries for the names. The public hears of organisations only, and of neither in a discreet event."""
    told = list(events)
    named = [event for event in told if _is_named_to(reader, event)]
    organisations = dict(Organisation.objects.filter(pk__in={event.organisation for event in named}).values_list("pk", "name"))
    people = Person.objects.in_bulk({event.person for event in named if event.person}) if with_people else {}
    open_to_reader = {event.pk for event in named}
    return [
        StoryEntry(
            at=event.at,
            sentence=sentence_of(event),
            actor=str(people.get(event.person or 0, "")) if event.pk in open_to_reader else "",
            organisation=organisations.get(event.organisation or 0, "") if event.pk in open_to_reader else "",
        )
        for event in told
    ]


def _is_named_to(reader: Actor, event: Event) -> bool:
    return not KINDS[event.name].discreet or reader.is_official or (event.person is not None and event.person == reader.person)
