"""What is offered while somebody types: words, and entries that already fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from search.queries import entries, found
from search.query import Kind, Query
from search.words import suggested_words

MOST_WORDS, MOST_ENTRIES = 6, 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Choosing it leads to its address. `kind` is nothing for a word to search for."""

    text: str
    url: str
    kind: Kind | None = None


def suggestions(query: Query, search_url: str) -> Sequence[Suggestion]:
    """Words first, then entries that have all of what is typed; nothing for nothing."""
    if not query.terms:
        return []
    words = [Suggestion(word, f"{search_url}?{urlencode({'q': word})}") for word in suggested_words(query.typed, MOST_WORDS)]
    whole, _near = entries(found(query))
    return [*words, *(Suggestion(entry.plain_title, entry.url, entry.kind) for entry in whole[:MOST_ENTRIES])]
