"""What happened, in words: the log's events as sentences in the language of the moment."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from market.events.models import Event
from market.events.registry import KINDS
from market.values.writing import written_day, written_instant

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def sentence_of(event: Event) -> str:
    """The event in the language of the moment; a fact that is not there leaves a gap, never an error."""
    kind = KINDS[event.name]
    return str(kind.sentence).format_map(facts_in_words(kind.words(event.payload)))


def facts_in_words(facts: Mapping[str, Any]) -> defaultdict[str, str]:
    """The facts as a sentence takes them: days and instants as pages write them, nothing for what is missing."""
    return defaultdict(str, {name: _in_words(fact) for name, fact in facts.items()})


def _in_words(fact: object) -> str:
    text = str(fact)
    try:
        if _DAY.fullmatch(text):
            return written_day(date.fromisoformat(text), get_language())
        if _INSTANT.fullmatch(text):
            return written_instant(datetime.fromisoformat(text), get_language())
    except ValueError:
        # Of the shape of a day, but none there is: somebody typed it.
        return text
    return text
