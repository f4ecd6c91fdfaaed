"""Did the auction's course - opening, pauses, openings of bids, the end - follow the rules?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from listings.auctions.evidence.course import Course, Result, instant, require, seconds
from listings.auctions.rules.ascending import resumed_until
from listings.auctions.rules.offers import matched, waits_for_match
from listings.auctions.rules.sealed import after_round


def play_event(course: Course, event: Mapping[str, Any]) -> None:
    """The event came in its turn, and has had its effect. Raises `Mismatch` when it did not."""
    act = _COURSE.get(event["name"].removeprefix("auction."))
    require(act is not None, f"event {event['sequence']} is of no known kind")
    assert act is not None
    act(course, instant(event["at"]), event["payload"])


def _when_opened(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    require(course.standing.state == "planned" and at >= course.opens_at, "it was opened before its time")
    if course.mode != "ascending":
        require(course.keys_ready is not None, "it was opened without its keys")
        assert course.keys_ready is not None
        if course.keys_ready > course.opens_at:
            late = at - course.opens_at
            course.opens_at, course.clock_from = at, course.clock_from + late
            course.go("planned", course.standing.ends_at + late)
        course.phase = "clock" if course.mode == "falling" else "sealed"
    course.go("open")


def _when_keys_ready(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    course.keys_ready = at


def _when_paused(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    require(course.standing.state == "open" and at < course.standing.ends_at, "it was paused out of turn")
    course.paused_at = at
    course.go("paused")


def _when_paused_itself(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    require(facts["lost"] > course.terms["most_lost"], "it paused itself though not so many bidders were lost")
    require(facts["seconds"] >= course.terms["loss_seconds"], "it paused itself too soon")
    _when_paused(course, at, facts)


def _when_resumed(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    require(course.paused_at is not None, "it was resumed without a pause")
    assert course.paused_at is not None
    stood, ends_at = at - course.paused_at, course.standing.ends_at
    if course.mode == "ascending":
        assert course.free_until is not None
        assert course.hard_stop is not None
        ends_at = resumed_until(course.ascending_terms, course.standing, paused_at=course.paused_at, now=at)
        course.free_until += stood
        course.hard_stop = max(course.hard_stop + stood, ends_at)
    else:
        ends_at, course.clock_from = ends_at + stood, course.clock_from + stood
    require(instant(facts["ends_at"]) == ends_at, "it was resumed until another time")
    course.paused_at = None
    course.go("open", ends_at)


def _when_order_given(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    course.orders.add(facts["bidder"])


def _when_order_taken_back(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    course.orders.discard(facts["bidder"])


def _when_clock_stopped(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    held = (course.holder, course.stopped.amount.fen if course.stopped else None)
    require(held == (facts["bidder"], facts["price_fen"]), "the clock was stopped by another, or at another price")


def _when_sealed(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    is_over = course.standing.state == "open" and course.phase == "sealed" and at >= course.standing.ends_at
    require(is_over and facts["bids"] == len(course.envelopes) > 0, "sealed bidding did not end so")
    course.go("unopened")


def _when_bids_opened(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    require(course.standing.state == "unopened" and not course.envelopes, "not all bids were opened together")


def _when_tied(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    tied = after_round(course.sealed_terms, course.round, course.offers).tied
    require(len(tied) > 1 and facts["bidders"] == len(tied), "there was no such tie")
    best = max(offer.amount for offer in course.offers)
    course.round, course.admitted = 2, frozenset(tied)
    course.standing = replace(course.standing, best=best)
    course.go("open", at + course.sealed_terms.tie_for)


def _when_topping_opened(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    best = course.best_offer
    require(best is not None and best.bidder != course.holder, "nobody had bid above the holder")
    assert best is not None
    course.phase = "topping"
    course.standing = replace(course.standing, best=best.amount, leader=best.bidder)
    course.go("open", at + course.falling_terms.topping_for)


def _when_match_opened(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    require_over(course, at)
    best = course.best_offer
    require(waits_for_match(best, course.terms.get("preemptor")), "there was no pre-emptive right to wait for")
    course.match_until = at + seconds(course.terms["match_seconds"])
    course.go("matching")


def _when_closed(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    best = course.best_offer
    if course.match_until is not None:
        require(course.is_answered or at >= course.match_until, "the pre-emptive right was cut short")
        best = matched(best, course.matches)
    else:
        require_over(course, at)
        require(not waits_for_match(best, course.terms.get("preemptor")), "the pre-emptive right was passed over")
    winner, price = (best.bidder, best.amount) if best else (None, None)
    is_as_recorded = (facts["winner"], facts["price_fen"]) == (winner, price.fen if price else None)
    require(is_as_recorded, f"by the rules bidder {winner} wins at {price} yuan")
    course.result = Result("closed", winner, price, facts["bids"], facts["head"])


def _when_annulled(course: Course, at: datetime, facts: Mapping[str, Any]) -> None:
    require(bool(facts["reason"].strip()), "it was annulled without a reason")
    course.result = Result("annulled", None, None, facts["bids"], facts["head"])


def require_over(course: Course, at: datetime) -> None:
    """The bidding has come to its end: by time, or by an opening that leaves nothing to do."""
    require(not course.envelopes, "it was over with bids unopened")
    if course.standing.state == "unopened":
        best = course.best_offer
        if course.mode == "falling":
            require(best is None or best.bidder == course.holder, "the holder's right to top was passed over")
        else:
            require(not after_round(course.sealed_terms, course.round, course.offers).tied, "a tie was passed over")
        return
    require(course.standing.state == "open" and at >= course.standing.ends_at, "it was over before its end")


_COURSE: Mapping[str, Callable[[Course, datetime, Mapping[str, Any]], None]] = {
    "key_made": lambda course, at, facts: None,
    "key_kept": lambda course, at, facts: None,
    "key_brought": lambda course, at, facts: None,
    "keys_ready": _when_keys_ready,
    "opened": _when_opened,
    "paused": _when_paused,
    "paused_itself": _when_paused_itself,
    "resumed": _when_resumed,
    "order_given": _when_order_given,
    "order_taken_back": _when_order_taken_back,
    "clock_stopped": _when_clock_stopped,
    "sealed": _when_sealed,
    "bids_opened": _when_bids_opened,
    "tied": _when_tied,
    "topping_opened": _when_topping_opened,
    "match_opened": _when_match_opened,
    "closed": _when_closed,
    "annulled": _when_annulled,
}
