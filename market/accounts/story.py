"""What happened, told for a page: the log's events as sentences, with the names of those who acted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from market.accounts.models import Organisation, Person
from market.events.models import Event
from market.events.story import sentence_of


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One event in words. Names are empty where nobody acted, or where the reader need not know."""

    at: datetime
    sentence: str
    actor: str
    organisation: str


def story(events: Iterable[Event], *, with_people: bool = True) -> list[StoryEntry]:
    """These events in words, in two queries for the names. The public hears of organisations only."""
    told = list(events)
    organisations = dict(Organisation.objects.filter(pk__in={event.organisation for event in told}).values_list("pk", "name"))
    people = Person.objects.in_bulk({event.person for event in told if event.person}) if with_people else {}
    return [
        StoryEntry(
            at=event.at,
            sentence=sentence_of(event),
            actor=str(people[event.person]) if event.person in people else "",
            organisation=organisations.get(event.organisation or 0, ""),
        )
        for event in told
    ]
