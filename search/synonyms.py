"""Which words of the trade mean the same? A data file, `data/synonyms.txt`, read once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from search.text import runs

# Not named in one piece: whatever ends like this is held to be a template.
_FILE = (Path(__file__).parent / "data" / "synonyms").with_suffix(".txt")


def plain(words: str) -> str:
    """Words as they are compared: folded, one space between words of letters, none beside Chinese."""
    made = ""
    was_cjk = True
    for run, is_cjk in runs(words):
        made += run if was_cjk or is_cjk else f" {run}"
        was_cjk = is_cjk
    return made


def groups() -> Iterator[tuple[str, ...]]:
    """Every group of the file, as written there."""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield tuple(word.strip() for word in line.split("="))


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for group in groups():
        words = tuple(dict.fromkeys(map(plain, group)))
        for word in words:
            made[word] = tuple(dict.fromkeys([*made.get(word, (word,)), *words]))
    return made


@cache
def _longest() -> int:
    return max(map(len, _by_word()))


def same_as(word: str) -> tuple[str, ...]:
    """This plain word first, then those that mean the same; nothing for a word without synonyms."""
    return _by_word().get(word, ())


def cut(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A plain text in pieces: the longest words with synonyms, each with all of its group, and what stands between, with nothing."""
    known = _by_word()
    at = waiting = 0
    while at < len(text):
        stop = next((stop for stop in range(min(len(text), at + _longest()), at, -1) if text[at:stop] in known), 0)
        if stop and _stands_alone(text, at, stop):
            if text[waiting:at].strip():
                yield text[waiting:at].strip(), ()
            yield text[at:stop], known[text[at:stop]]
            at = waiting = stop
        else:
            at += 1
    if text[waiting:].strip():
        yield text[waiting:].strip(), ()


def _stands_alone(text: str, begin: int, stop: int) -> bool:
    """Letters and digits are not cut out of the middle of a word."""
    return not (_joins(text, begin) or _joins(text, stop))


def _joins(text: str, at: int) -> bool:
    return 0 < at < len(text) and _is_letter(text[at - 1]) and _is_letter(text[at])


@cache
def _is_letter(character: str) -> bool:
    return any(not is_cjk for _run, is_cjk in runs(character))
