"""Which words could be meant by what is typed so far? Keywords and names of what can be found, by their writing and their sound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

from django.db import connection, transaction
from django.db.models import Count, Q
from pypinyin import Style, lazy_pinyin

from search.documents import Document
from search.models import Word
from search.query import Kind
from search.synonyms import plain
from search.text import fold, runs

_LONGEST_SOUND = 120
_MOST_COMPARED = 500
_INSERT = "INSERT INTO search_word (kind, pk_of_kind, text, folded, sound, initials) VALUES (%s, %s, %s, %s, %s, %s)"


def keep_words(kind: Kind, pks: Iterable[int], documents: Sequence[Document]) -> None:
    """The words of these entries are those of their documents; entries without a document have none."""
    rows = [
        (kind.value, document.pk, *_written(word)) for document in documents for word in dict.fromkeys(document.words) if word
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        Word.objects.filter(kind=kind.value, pk_of_kind__in=list(pks)).delete()
        # Filling an index makes millions of these: as rows they cost a third of what they cost as models.
        cursor.executemany(_INSERT, rows)


def suggested_words(typed: str, most: int) -> list[str]:
    """Words that begin so, in writing, in pinyin or in its initials, those of most entries first. One statement."""
    begun = fold(typed).strip()
    if not begun:
        return []
    condition = _begins("folded", begun)
    letters = "".join(begun.split()).replace("'", "")
    if letters.isascii() and letters.isalpha():
        condition |= _begins("sound", letters) | _begins("initials", letters)
    found = Word.objects.filter(condition).values_list("text").annotate(uses=Count("pk")).order_by("-uses", "text")
    return [text for text, _uses in found[:most]]


def corrections(typed: str, most: int) -> list[str]:
    """Words that sound as what was typed but are written otherwise, else those that are written nearly so."""
    wanted = plain(typed)
    sounds = Word.objects.filter(sound=sound(typed)[:_LONGEST_SOUND]).exclude(folded=wanted)
    found = list(dict.fromkeys(sounds.values_list("text", flat=True)[: most * 5]))
    if not found and wanted:
        near = Word.objects.filter(_begins("folded", wanted[:1])).values_list("text", flat=True).distinct()[:_MOST_COMPARED]
        found = get_close_matches(wanted, list(near), n=most, cutoff=0.6)
    return [word for word in found if plain(word) != wanted][:most]


def sound(word: str) -> str:
    """Its pinyin without tones, letters as they are, nothing between: 循环流化床 is xunhuanliuhuachuang."""
    return _said(word, Style.NORMAL)


def initials(word: str) -> str:
    """The first letter of each character, letters as they are: 循环流化床 is xhlhc."""
    return _said(word, Style.FIRST_LETTER)


# The same few keywords and names stand in most entries.
@lru_cache(maxsize=20_000)
def _written(word: str) -> tuple[str, str, str, str]:
    """The word as it is written, folded, spoken and shortened."""
    return word, fold(word), sound(word), initials(word)


def _said(word: str, style: Style) -> str:
    said = ("".join(lazy_pinyin(run, style=style)) if is_cjk else run for run, is_cjk in runs(word))
    return "".join(said)[:_LONGEST_SOUND]


def _begins(column: str, begun: str) -> Q:
    condition = Q(**{f"{column}__startswith": begun})
    if connection.vendor == "sqlite":
        # SQLite uses no index for LIKE; it does for a range.
        condition &= Q(**{f"{column}__gte": begun, f"{column}__lt": f"{begun}\U0010ffff"})
    return condition
