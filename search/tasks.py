"""What search does by itself: its index follows the event log."""

from market.events.registry import follow
from search.indexing import reader

follow(reader())
