"""Where in a text are the words that were sought? The same for every engine, from the text as it is shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from search.needs import Term
from search.query import Query
from search.synonyms import cut, plain
from search.text import fold, pairs, runs, stretches

_BEFORE = 12


def marked(shown: str, query: Query) -> SafeString:
    """The whole text with what was sought in it marked."""
    return _html(shown, _found(shown, query))


def excerpt(shown: str, query: Query, *, length: int = 90) -> SafeString:
    """Some characters of the text, from shortly before the first that was sought."""
    spans = _found(shown, query)
    start = 0
    if spans and spans[0][1] > length:
        start = max(0, spans[0][0] - _BEFORE)
    end = min(len(shown), start + length)
    inside = [(max(begin, start) - start, min(stop, end) - start) for begin, stop in spans if begin < end and stop > start]
    html = _html(shown[start:end], inside)
    return format_html("{}{}{}", "…" if start else "", html, "…" if end < len(shown) else "")


def _html(shown: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    pieces: list[tuple[SafeString | str]] = []
    at = 0
    for begin, stop in spans:
        pieces += [(shown[at:begin],), (format_html("<mark>{}</mark>", shown[begin:stop]),)]
        at = stop
    return format_html_join("", "{}", [*pieces, (shown[at:],)])


def _found(shown: str, query: Query) -> list[tuple[int, int]]:
    """The stretches to mark, in order and apart from one another."""
    folded, places = _folded(shown)
    spans = [span for term in query.terms for span in _spans_of(term, folded)]
    merged: list[tuple[int, int]] = []
    for begin, stop in sorted((places[begin], places[stop - 1] + 1) for begin, stop in spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((begin, stop))
    return merged


def _folded(shown: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in the shown one."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(shown):
        for piece in fold(character):
            folded.append(piece)
            places.append(place)
    return "".join(folded), places


def _spans_of(term: Term, folded: str) -> list[tuple[int, int]]:
    """Each piece as a whole, or another word for it, where it stands so; else the pairs and words it is made of."""
    if term.is_phrase:
        return _places_of(fold(term.words), folded)
    whole = _places_of(fold(term.words), folded)
    return whole or [span for piece, same in cut(plain(term.words)) for span in _spans_of_piece(piece, same, folded)]


def _spans_of_piece(piece: str, same: tuple[str, ...], folded: str) -> list[tuple[int, int]]:
    found = [span for word in same or (piece,) for span in _places_of(word, folded)]
    if not found:
        for run, is_cjk in runs(piece):
            found += [span for pair in pairs(run) for span in _places_of(pair, folded)] if is_cjk else _words(run, folded)
    return found


def _places_of(needle: str, folded: str) -> list[tuple[int, int]]:
    """Where it stands, letters not cut out of the middle of a word."""
    spans = []
    at = folded.find(needle) if needle else -1
    while at >= 0:
        stop = at + len(needle)
        if not (_joins(folded, at) or _joins(folded, stop)):
            spans.append((at, stop))
        at = folded.find(needle, stop)
    return spans


def _words(run: str, folded: str) -> list[tuple[int, int]]:
    """The words of letters that begin like this one, whatever their number and spelling."""
    return [(begin, stop) for word, is_cjk, begin, stop in stretches(folded) if not is_cjk and word.startswith(run)]


def _joins(folded: str, at: int) -> bool:
    return 0 < at < len(folded) and _is_letter(folded[at - 1]) and _is_letter(folded[at])


def _is_letter(character: str) -> bool:
    return character.isalnum() and not any(is_cjk for _run, is_cjk in runs(character))
