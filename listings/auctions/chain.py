"""Is this the bid that was made? Every bid, accepted or refused, is hashed together with the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

GENESIS = "0" * 64
_ENCODED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
# The largest whole number that every reader of JSON reads exactly, browsers too; no bid comes near it.
LARGEST_FEN = 2**53 - 1


@dataclass(frozen=True, slots=True)
class BidRecord:
    """A bid as the chain hashes it. `bidder` is the number of the pass, under which others see it; `at` is server time in UTC.

    `amount_fen` is empty where the amount is sealed; `body` holds what this kind of bid has besides, as JSON without floats.
    """

    auction: str
    sequence: int
    bidder: int
    amount_fen: int | None
    kind: str
    at: datetime
    is_accepted: bool
    refusal: str
    key: str
    previous_hash: str
    body: Mapping[str, Any] = field(default_factory=dict)

    def canonical(self) -> bytes:
        """The bytes that are hashed: JSON with sorted keys and no spaces, the instant with microseconds."""
        # By name and in order, not by `asdict`, which copies everything and costs more than the hash.
        fields = {
            "amount_fen": self.amount_fen,
            "at": self.at.isoformat(timespec="microseconds"),
            "auction": self.auction,
            "bidder": self.bidder,
            "body": self.body,
            "is_accepted": self.is_accepted,
            "key": self.key,
            "kind": self.kind,
            "previous_hash": self.previous_hash,
            "refusal": self.refusal,
            "sequence": self.sequence,
        }
        return _ENCODED(fields).encode()

    def hash(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainFlaw:
    """The first place where an auction's chain does not hold, and why."""

    sequence: int
    reason: str


def chain_flaw(records: Iterable[tuple[BidRecord, str]], *, head: tuple[int, str]) -> ChainFlaw | None:
    """What is wrong with these records and their stored hashes, in order, given the head that the auction remembers."""
    sequence, previous = 0, GENESIS
    for record, stored in records:
        sequence += 1
        if record.sequence != sequence:
            return ChainFlaw(sequence, "gap")
        if record.previous_hash != previous:
            return ChainFlaw(sequence, "link")
        if record.hash() != stored:
            return ChainFlaw(sequence, "content")
        previous = stored
    return None if (sequence, previous) == head else ChainFlaw(sequence + 1, "tail")
