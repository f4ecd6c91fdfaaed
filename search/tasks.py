"""What search does by itself: its index follows the event log, and saved searches hear of what is published."""

from datetime import datetime, timedelta

from market.events.models import Event
from market.events.registry import Sweep, follow, sweep
from market.events.work import do_each
from search.actions import note_hits, tell, tell_matches
from search.indexing import behind_index, reader
from search.matching import note_matches
from search.models import SavedSearch
from search.queries import digests_to_tell, searches_to_tell


def note_published(event: Event) -> None:
    """Whoever keeps a search that finds it has it among their hits; nothing to do where nobody keeps any."""
    if SavedSearch.objects.exists():
        note_hits(event.subject, now=event.at)


def match_published(event: Event) -> None:
    """What it fits is kept, for pages, brokers and letters."""
    note_matches(event.subject, now=event.at)


def tell_matches_due(now: datetime) -> None:
    """Whoever wishes it, and has waited a week, is told what fits."""
    do_each("search.tell_matches", digests_to_tell(now), lambda digest: tell_matches(digest, now=now), now=now)


def tell_due(now: datetime) -> None:
    """Whoever wants to hear daily or weekly, and has waited so long, is told what was found."""
    do_each("search.tell_due", searches_to_tell(now), lambda saved: tell(saved, now=now), now=now)


_PUBLISHED = ("listing.published", "demand.published", "achievement.registered", "broker.verified")
_MATCHED = ("listing.published", "listing.price_changed", "demand.published", "achievement.registered")
follow(reader())
follow(behind_index("search.alerts", dict.fromkeys(_PUBLISHED, note_published)))
follow(behind_index("search.matches", dict.fromkeys(_MATCHED, match_published)))
sweep(Sweep("search.tell_matches", tell_matches_due, every=timedelta(minutes=1)))
sweep(Sweep("search.tell_due", tell_due, every=timedelta(minutes=1)))
