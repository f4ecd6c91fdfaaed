"""What search does by itself: its index follows the event log, and saved searches hear of what is published."""

from datetime import datetime, timedelta

from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each
from search.actions import note_hits, tell, tell_matches
from search.engines import engine
from search.indexing import follow_event, reader
from search.matching import note_matches
from search.models import SavedSearch
from search.queries import digests_to_tell, searches_to_tell


def note_published(event: Event) -> None:
    """Whoever keeps a search that finds it has it among their hits; nothing to do where nobody keeps any."""
    if not SavedSearch.objects.exists():
        return
    _make_findable(event)
    note_hits(event.subject, now=event.at)


def match_published(event: Event) -> None:
    """What it fits is kept, for pages, brokers and letters."""
    _make_findable(event)
    note_matches(event.subject, now=event.at)


def _make_findable(event: Event) -> None:
    """The index knows of it first, whichever reader is ahead."""
    follow_event(event)
    if (index := engine()) is not None:
        # Else what was put in a moment ago would not be found, and nobody ever told of it.
        index.settle()


def tell_matches_due(now: datetime) -> None:
    """Whoever wishes it, and has waited a week, is told what fits."""
    do_each("search.tell_matches", digests_to_tell(now), lambda digest: tell_matches(digest, now=now), now=now)


def tell_due(now: datetime) -> None:
    """Whoever wants to hear daily or weekly, and has waited so long, is told what was found."""
    do_each("search.tell_due", searches_to_tell(now), lambda saved: tell(saved, now=now), now=now)


_PUBLISHED = ("listing.published", "demand.published", "achievement.registered", "broker.verified")
_MATCHED = ("listing.published", "listing.price_changed", "demand.published", "achievement.registered")
follow(reader())
follow(Reader("search.alerts", dict.fromkeys(_PUBLISHED, note_published), longest_pause=timedelta(seconds=15)))
follow(Reader("search.matches", dict.fromkeys(_MATCHED, match_published), longest_pause=timedelta(seconds=15)))
sweep(Sweep("search.tell_matches", tell_matches_due, every=timedelta(minutes=1)))
sweep(Sweep("search.tell_due", tell_due, every=timedelta(minutes=1)))
