"""Who is told of an event, in which language, and which letters are still to be sent?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from market.accounts.models import Organisation, OrganisationKind, Person
from market.events.models import Event
from market.letters.models import Letter, Preference
from market.letters.registry import Concerned
from market.values.actor import Role

# Shown at once on a page; of more there is the list.
MOST_NEW = 3


def readers_of(concerned: Concerned, event: Event) -> QuerySet[Person]:
    """The people to tell, each once; not the one who did it."""
    trading = Q(memberships__organisation__in=_known(concerned.organisations), memberships__role__in=[Role.OWNER, Role.AGENT])
    official = Q(memberships__organisation__kind=OrganisationKind.GOVERNMENT, memberships__role__in=list(concerned.roles))
    asked = trading | official | Q(pk__in=_known(concerned.people))
    return Person.objects.filter(asked, is_active=True).exclude(pk=event.person or 0).distinct().order_by("pk")


def _known(keys: object) -> list[int]:
    return [key for key in keys if key is not None]  # type: ignore[attr-defined]


def language_of(person: Person) -> str:
    """The language chosen by the person, else the site's first."""
    chosen = Preference.objects.filter(person=person).values_list("language", flat=True).first()
    return chosen or settings.LANGUAGE_CODE


def letters_to_send(now: datetime) -> QuerySet[Letter]:
    """Those that no mail server has taken and nobody is just sending, oldest first."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    return Letter.objects.filter(free, sent_at__isnull=True).select_related("person").order_by("pk")


def letters_of(person_id: int | None) -> QuerySet[Letter]:
    """What this person was told, newest first."""
    return Letter.objects.filter(person_id=person_id or 0)


@dataclass(frozen=True, slots=True)
class News:
    """What a page learns of its reader's letters: those written after the last one it knew, and how many are not seen yet."""

    new: Sequence[Letter]
    last: int
    unseen: int


def news_of(person: int, after: int | None) -> News:
    """At most three new ones; none for a page that knows of none yet, which only learns where to go on. Two statements."""
    own = letters_of(person)
    latest = list(own.order_by("-pk")[:MOST_NEW])
    new = [] if after is None else [letter for letter in reversed(latest) if letter.pk > after]
    return News(new, latest[0].pk if latest else 0, own.filter(seen_at__isnull=True).count())


def organisation_by_key(key: str) -> Organisation:
    """The organisation of this key. Raises DoesNotExist when there is none."""
    return Organisation.objects.get(key=key)
