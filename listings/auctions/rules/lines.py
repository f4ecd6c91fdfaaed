"""Which bidders have lost their line to the room, and must the room therefore stand still?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

# Who has been away for longer has gone, whatever was the cause; and nobody sits before a clock whose steps last longer.
GONE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of a bidder's line: when the room last heard of them, when they left of their own accord, their last bid.

    `seen_at` is empty for who never was in the room.
    """

    seen_at: datetime | None
    left_at: datetime | None = None
    bid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LossTerms:
    """As announced: more than `most` bidders without a line for `after` let the room pause itself.

    It looks only at losses since `since`, the last time at which an official let the room go on.
    """

    most: int
    after: timedelta
    since: datetime | None = None


def most_lost(share: Decimal, bidders: int) -> int:
    """How many of so many bidders may be lost before the room pauses itself. Source: the market's own."""
    return int(share * bidders)


def needs_bidders(mode: str, phase: str, *, step: timedelta | None, timed_from: datetime | None, now: datetime) -> bool:
    """True while bidders must sit in the room or lose their chance: in the timed period, and before a clock that falls quickly.

    In the free period, which may last for days, and where bids are sealed, nobody need be there at any moment.
    Source: the market's own.
    """
    if mode == "ascending":
        return timed_from is not None and now >= timed_from
    return phase == "clock" and step is not None and step <= GONE_AFTER


def is_lost(line: Line, terms: LossTerms, *, now: datetime) -> bool:
    """True for who was in the room and has been neither seen nor heard of for the set time, without having left it.

    Who never was there is not lost; a bid, by whatever way, shows that its bidder is there.
    Source: the market's own.
    """
    if line.seen_at is None:
        return False
    last = max(line.seen_at, line.bid_at or line.seen_at)
    if line.left_at is not None and line.left_at >= last:
        return False
    earliest = now - GONE_AFTER if terms.since is None else max(now - GONE_AFTER, terms.since)
    return earliest <= last <= now - terms.after


def lost_bidders(lines: Iterable[Line], terms: LossTerms, *, now: datetime) -> int:
    """How many are lost, where these are so many that the room must pause itself; else 0. Source: the market's own."""
    lost = sum(is_lost(line, terms, now=now) for line in lines)
    return lost if lost > terms.most else 0
