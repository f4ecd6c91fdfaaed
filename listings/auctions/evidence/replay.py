"""Who must have won? The rules of the market played again over a package's bids and events, with nothing but the package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listings.auctions.chain import GENESIS
from listings.auctions.evidence.bids import play_bid
from listings.auctions.evidence.course import Course, Result, instant, require
from listings.auctions.evidence.events import play_event
from listings.auctions.rules.ascending import Standing
from market.values.money import Money


def replayed(document: Mapping[str, Any]) -> Result:
    """The result by the rules. Raises `Mismatch` at the first bid or event that is not as they demand."""
    bids, events = document["bids"], document["course"]
    course = _announced(document["auction"], events[0], {bid["bidder"] for bid in bids})
    done = 0
    for event in events[1:]:
        place = event["payload"]["place"]
        require(done <= place <= len(bids), f"event {event['sequence']} has no such place among the bids")
        for bid in bids[done:place]:
            play_bid(course, bid)
        done = place
        require(course.result is None, f"event {event['sequence']} comes after the end")
        play_event(course, event)
    require(course.result is not None and done == len(bids), "the auction has no end, or bids after it")
    assert course.result is not None
    head = bids[-1]["hash"] if bids else GENESIS
    require((course.result.bids, course.result.head) == (len(bids), head), "the head is not that of the result")
    return course.result


def _announced(key: str, event: Mapping[str, Any], bidders: set[int]) -> Course:
    require(event["name"] == "auction.announced", "the course does not begin with the announcement")
    terms = event["payload"]["terms"]
    reserve = event.get("opened", {}).get("facts", {}).get("reserve_price_fen")
    require(bool(event["personal"]) == (reserve is not None), "the reserve price is not disclosed")
    opens_at = instant(terms["opens_at"])
    return Course(
        key=key,
        mode=event["payload"]["mode"],
        terms=terms,
        reserve=None if reserve is None else Money(reserve),
        opens_at=opens_at,
        clock_from=opens_at,
        free_until=instant(terms["free_until"]) if "free_until" in terms else None,
        hard_stop=instant(terms["hard_stop"]) if "hard_stop" in terms else None,
        standing=Standing("planned", instant(terms["ends_at"])),
        admitted=frozenset(bidders),
    )
