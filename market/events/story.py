"""What happened, in words: the log's events as sentences in the language of the moment."""

from collections import defaultdict

from market.events.models import Event
from market.events.registry import KINDS


def sentence_of(event: Event) -> str:
    """The event in the language of the moment; a fact that is not there leaves a gap, never an error."""
    kind = KINDS[event.name]
    facts = defaultdict(str, {key: str(value) for key, value in kind.words(event.payload).items()})
    return str(kind.sentence).format_map(facts)
