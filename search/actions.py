"""Keeping searches, noting what they find, and telling those who wait for it, or for what fits them, each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from market.accounts.models import Membership
from market.accounts.permissions import own_organisation, person_of
from market.events.actions import record
from market.values.actor import CLOCK, Actor, Role
from market.values.refusal import OutOfTurn, Refusal, Refused
from search.indexing import touched
from search.matches import concerning, open_matches, pairs
from search.models import Digest, Hit, Rhythm, SavedSearch, ToldMatch
from search.parse import kept_address, parse_address
from search.queries import entries_of, finds
from search.query import Key

MOST_SAVED = 50
# Of more new results than these the letter gives the number only.
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be told of, as typed."""

    address: str
    label: str
    rhythm: str


@transaction.atomic
def save_search(wish: Wish, *, actor: Actor, now: datetime) -> SavedSearch:
    """The search is kept, under the new name and rhythm where it was kept before; what it finds from now on is told.

    Refused: `search.nothing_sought`, `search.too_many_saved`. Event `saved_search.kept`.
    """
    person = person_of(actor)
    address = kept_address(wish.address)
    if not address:
        raise Refused([Refusal("search.nothing_sought")])
    own = SavedSearch.objects.select_for_update().filter(person_id=person)
    if not own.filter(address=address).exists() and own.count() >= MOST_SAVED:
        raise OutOfTurn([Refusal("search.too_many_saved", data={"most": MOST_SAVED})])
    wanted = {"label": wish.label or parse_address(address, now=now).typed or address[:100], "rhythm": wish.rhythm}
    saved, _is_new = SavedSearch.objects.update_or_create(
        person_id=person, address=address, defaults=wanted, create_defaults=wanted | {"created_at": now, "told_at": now}
    )
    record("saved_search.kept", subject=saved.subject, actor=actor, now=now)
    return saved


@transaction.atomic
def change_rhythm(saved: SavedSearch, rhythm: str, *, actor: Actor, now: datetime) -> None:
    """Alerts come at this rhythm from now on. Event `saved_search.changed`."""
    SavedSearch.objects.filter(pk=saved.pk).update(rhythm=rhythm)
    record("saved_search.changed", subject=saved.subject, actor=actor, now=now)


@transaction.atomic
def drop_search(saved: SavedSearch, *, actor: Actor, now: datetime) -> None:
    """The search is no longer kept and nothing more is told of it. Event `saved_search.dropped`."""
    record("saved_search.dropped", subject=saved.subject, actor=actor, now=now)
    saved.delete()


def note_hits(subject: str, *, now: datetime) -> None:
    """Every saved search that finds what was just published has it among its hits; those who want to know at once are told.

    Called again for the same thing it notes nothing twice. Raises `EngineAwayError`.
    """
    keys = touched([subject])
    for saved in SavedSearch.objects.filter(created_at__lte=now).order_by("pk").iterator():
        query = parse_address(saved.address, now=now)
        new = [key for key in keys if finds(query, key) and _note(saved, key, now=now)]
        if new and saved.rhythm == Rhythm.AT_ONCE:
            tell(saved, now=now)


def _note(saved: SavedSearch, key: Key, *, now: datetime) -> bool:
    _hit, is_new = Hit.objects.get_or_create(saved=saved, kind=key.kind.value, pk_of_kind=key.pk, defaults={"found_at": now})
    return is_new


@transaction.atomic
def tell(saved: SavedSearch, *, now: datetime) -> int:
    """What was found and not yet told is told, once; gives how much it was. What can no longer be seen is passed over.

    Event `saved_search.told`, from which the letter is written.
    """
    locked = SavedSearch.objects.select_for_update().filter(pk=saved.pk).first()
    if locked is None:
        return 0
    hits = list(locked.hits.select_for_update().filter(told_at__isnull=True))
    titles = _titles(hits)
    locked.hits.filter(pk__in=[hit.pk for hit in hits]).update(told_at=now)
    SavedSearch.objects.filter(pk=locked.pk).update(told_at=now)
    if titles:
        record("saved_search.told", subject=locked.subject, actor=CLOCK, now=now, count=len(titles), titles=titles[:_MOST_NAMED])
    return len(titles)


def _titles(hits: Sequence[Hit]) -> list[str]:
    keys = [Key.of(hit.kind, hit.pk_of_kind) for hit in hits]
    return [entry.plain_title for entry in entries_of(keys)]


@transaction.atomic
def wish_digest(*, actor: Actor, now: datetime) -> Digest:
    """From now on the person has a letter a week of what fits the organisation they act for. Event `digest.wished`."""
    organisation = own_organisation(actor, Role.OWNER, Role.AGENT)
    digest, is_new = Digest.objects.get_or_create(
        person_id=person_of(actor), organisation=organisation, defaults={"begun_at": now, "told_at": now}
    )
    if is_new:
        record("digest.wished", subject=digest.subject, actor=actor, now=now)
    return digest


@transaction.atomic
def drop_digest(digest: Digest, *, actor: Actor, now: datetime) -> None:
    """No more such letters. Event `digest.dropped`."""
    record("digest.dropped", subject=digest.subject, actor=actor, now=now)
    digest.delete()


@transaction.atomic
def tell_matches(digest: Digest, *, now: datetime) -> int:
    """What fits and was not told before is told, once; gives how much it was. Nobody is told who no longer acts for the organisation.

    Event `digest.told`, from which the letter is written.
    """
    locked = Digest.objects.select_for_update().filter(pk=digest.pk).first()
    if locked is None:
        return 0
    Digest.objects.filter(pk=locked.pk).update(told_at=now)
    person = {"person_id": locked.person_id, "organisation_id": locked.organisation_id}
    if not Membership.objects.filter(**person, role__in=[Role.OWNER, Role.AGENT]).exists():
        return 0
    told = ToldMatch.objects.filter(digest=locked).values("match")
    new = list(open_matches().filter(concerning(locked.organisation_id)).exclude(pk__in=told).order_by("-score", "-pk"))
    ToldMatch.objects.bulk_create(ToldMatch(digest=locked, match=match) for match in new)
    if new:
        titles = [f"{pair.demand.plain_title} ↔ {pair.offer.plain_title}" for pair in pairs(new[:_MOST_NAMED])]
        record("digest.told", subject=locked.subject, actor=CLOCK, now=now, count=len(new), titles=titles)
    return len(new)
