"""What search does by itself: its index follows the event log, and saved searches hear of what is published."""

from datetime import datetime, timedelta

from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each
from search.actions import note_hits, tell
from search.engines import engine
from search.indexing import follow_event, reader
from search.queries import searches_to_tell


def note_published(event: Event) -> None:
    """The index knows of it first, whichever reader is ahead."""
    follow_event(event)
    if (index := engine()) is not None:
        # Else what was put in a moment ago would not be found, and nobody ever told of it.
        index.settle()
    note_hits(event.subject, now=event.at)


def tell_due(now: datetime) -> None:
    """Whoever wants to hear daily or weekly, and has waited so long, is told what was found."""
    do_each("search.tell_due", searches_to_tell(now), lambda saved: tell(saved, now=now), now=now)


_PUBLISHED = ("listing.published", "demand.published", "achievement.registered", "broker.verified")
follow(reader())
follow(Reader("search.alerts", dict.fromkeys(_PUBLISHED, note_published), longest_pause=timedelta(seconds=15)))
sweep(Sweep("search.tell_due", tell_due, every=timedelta(minutes=1)))
