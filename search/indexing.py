"""How does the index follow the market? By the event log, with its own position; and by hand: built anew, compared, mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched

from django.db import connection
from django.db.models import Model

from brokers.models import Broker
from contracts.models import Registration
from listings.demands.models.demands import Demand
from listings.models.achievements import Achievement
from listings.models.listings import Listing
from market.accounts.models import Organisation
from market.events.models import Event, Position
from market.events.queries import unread
from market.events.registry import KINDS, Reader
from search.documents import Document, documents, everything
from search.engines import Engine, EngineAwayError, NoIndexError, engine
from search.query import Key, Kind
from search.words import keep_words

READER = "search.index"
# Seconds after which, at most, an engine that was away is asked again.
LONGEST_PAUSE = 15
# Known to PostgreSQL by this number.
_REBUILD_LOCK = 7_071_001
# So many entries are read, and their words kept, at once.
_AT_ONCE, _WORDS_AT_ONCE = 200, 1000


def reader() -> Reader:
    """Hears of everything that happens to what is in the index, and to those whose name stands there."""
    prefixes = ("listing.", "demand.", "achievement.", "broker.", "organisation.", "registration.")
    # A draft is in no index, and was in none before.
    names = [name for name in KINDS if name.startswith(prefixes) and not name.endswith(".drafted")]
    return Reader(
        READER, dict.fromkeys(names, follow_event), longest_pause=timedelta(seconds=LONGEST_PAUSE), together=follow_events
    )


def behind_index(name: str, handlers: Mapping[str, Callable[[Event], None]]) -> Reader:
    """A reader that searches for what it hears of: the index has it, and it can be found, before."""
    return Reader(name, handlers, longest_pause=timedelta(seconds=LONGEST_PAUSE), behind=READER)


def follow_event(event: Event) -> None:
    """As `follow_events`, for one event."""
    follow_events([event])


def follow_events(events: Sequence[Event]) -> None:
    """The index holds what the subjects are now, and gives it from now on; events that come twice or late change nothing.

    An index that was lost is made anew. Raises `EngineAwayError`: the reader then keeps its position and tries again.
    """
    index = engine()
    try:
        refresh(index, touched(event.subject for event in events))
    except NoIndexError:
        if index is not None:
            rebuild(index)
    if index is not None:
        index.settle()


def refresh(index: Engine | None, keys: Iterable[Key]) -> None:
    """These entries are in the index as they are in the database; what may no longer be found is out of it.

    So are the words that are suggested, which need no engine.
    """
    wanted: dict[Kind, set[int]] = {}
    for key in keys:
        wanted.setdefault(key.kind, set()).add(key.pk)
    for kind, pks in wanted.items():
        for batch in batched(sorted(pks), _AT_ONCE):
            found = list(documents(kind, batch))
            keep_words(kind, batch, found)
            if index is not None:
                index.put(found)
                index.remove(Key(kind, pk) for pk in batch if pk not in {document.pk for document in found})


def rebuild(index: Engine, *, progress: Callable[[Iterable[Document]], Iterable[Document]] = lambda rows: rows) -> None:
    """The index is made anew. Searching goes on meanwhile, and no change made meanwhile is lost.

    Changes are those in the log after what could be read of it before: what came earlier was committed before the rows were read.
    Raises `EngineAwayError` while another rebuild is under way: each would throw away what the other has filled.
    """
    names = reader().handlers
    last = unread(Position(), names).last()
    before = Position(transaction=last.transaction, event=last.pk) if last else Position()

    def catch_up() -> None:
        subjects = unread(before, names).order_by("subject").values_list("subject", flat=True).distinct()
        refresh(index, touched(subjects))

    with _alone():
        index.rebuild(_with_words(progress(everything())), catch_up=catch_up)
        catch_up()


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else rebuilds; by a lock that ends with the connection, however this process ends. SQLite writes one at a time anyway."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_REBUILD_LOCK])
        if not cursor.fetchone()[0]:
            raise EngineAwayError("the index is being rebuilt already")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_REBUILD_LOCK])


def _with_words(rows: Iterable[Document]) -> Iterator[Document]:
    """The documents as they come, their words kept on the way."""
    for batch in batched(rows, _WORDS_AT_ONCE):
        for kind in {document.kind for document in batch}:
            own = [document for document in batch if document.kind == kind]
            keep_words(Kind(kind), [document.pk for document in own], own)
        yield from batch


@dataclass(frozen=True, slots=True)
class Differences:
    """Where database and index disagree."""

    missing: tuple[Key, ...]
    stale: tuple[Key, ...]
    left_over: tuple[Key, ...]

    @property
    def keys(self) -> Iterator[Key]:
        yield from (*self.missing, *self.stale, *self.left_over)

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.left_over)


def differences(index: Engine) -> Differences:
    """Every entry that is not in the index as it is in the database. Changes of the last seconds may still be on their way."""
    held = dict(index.digests())
    missing: list[Key] = []
    stale: list[Key] = []
    for document in everything():
        digest = held.pop(document.key, None)
        if digest is None:
            missing.append(document.key)
        elif digest != document.digest:
            stale.append(document.key)
    return Differences(tuple(missing), tuple(stale), tuple(sorted(held)))


# Of each kind of subject, the entries that tell of it: an achievement is told of by its listings too.
_TOLD_BY: Mapping[str, Sequence[tuple[Kind, type[Model], str]]] = {
    "listing": [(Kind.LISTING, Listing, "number"), (Kind.CONTRACT, Registration, "contract__deal__listing__number")],
    "demand": [(Kind.DEMAND, Demand, "number")],
    "achievement": [
        (Kind.ACHIEVEMENT, Achievement, "key"),
        (Kind.LISTING, Listing, "achievement__key"),
        (Kind.CONTRACT, Registration, "contract__deal__listing__achievement__key"),
    ],
    "registration": [(Kind.CONTRACT, Registration, "number")],
    "broker": [(Kind.BROKER, Broker, "key")],
    "organisation": [
        (Kind.ORGANISATION, Organisation, "key"),
        (Kind.BROKER, Broker, "institution__key"),
        (Kind.DEMAND, Demand, "organisation__key"),
        (Kind.ACHIEVEMENT, Achievement, "organisation__key"),
        (Kind.LISTING, Listing, "seller__key"),
        (Kind.CONTRACT, Registration, "contract__deal__listing__seller__key"),
    ],
}


def touched(subjects: Iterable[str]) -> list[Key]:
    """The entries that tell of these subjects, each once."""
    named: dict[str, set[str]] = {}
    for subject in subjects:
        kind, _, number = subject.partition(":")
        named.setdefault(kind, set()).add(number)
    return list(
        dict.fromkeys(
            Key(kind_of_entry, pk)
            for kind, numbers in named.items()
            for kind_of_entry, model, field in _TOLD_BY.get(kind, ())
            for batch in batched(sorted(numbers), _AT_ONCE)
            for pk in model._default_manager.filter(**{f"{field}__in": batch}).values_list("pk", flat=True)
        )
    )
