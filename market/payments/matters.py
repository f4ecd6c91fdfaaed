"""What a deposit or payment is for: each higher app says it for its own matters; payments knows none of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """In words, and the page to look at.

    While it is open, whoever takes part can still step back and is free to have the deposit back. `open_until` is when that
    ends; None while nobody can say.
    """

    title: str
    url: str = ""
    is_open: bool = False
    open_until: datetime | None = None

    def is_open_at(self, now: datetime) -> bool:
        return self.is_open and (self.open_until is None or now < self.open_until)


type Describe = Callable[[Collection[str]], Mapping[str, Matter]]

_KINDS: dict[str, Describe] = {}


def add_matters(kind: str, describe: Describe) -> None:
    """Subjects of this kind ("intent:…") are described by this function, from their keys, many at a time."""
    _KINDS[kind] = describe


def matters_of(subjects: Iterable[str]) -> dict[str, Matter]:
    """Each of these subjects in words; one that no app describes stands for itself."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        by_kind[kind].add(key)
    found: dict[str, Matter] = {}
    for kind, keys in by_kind.items():
        described = _KINDS[kind](keys) if kind in _KINDS else {}
        found |= {f"{kind}:{key}": described.get(key, Matter(f"{kind}:{key}")) for key in keys}
    return found


def with_matters[T](things: Iterable[T], subject: Callable[[T], str]) -> list[tuple[T, Matter]]:
    """Each of these with what it is for; one query for each kind of matter."""
    listed = list(things)
    matters = matters_of(map(subject, listed))
    return [(thing, matters[subject(thing)]) for thing in listed]
