"""Was each bid rightly accepted or refused, and what did it lead to?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from listings.auctions.envelopes import Context, commitment
from listings.auctions.evidence.course import Course, instant, require
from listings.auctions.rules.ascending import extended_until, may_bid
from listings.auctions.rules.falling import least_above, may_stop, may_top, price_at
from listings.auctions.rules.offers import Offer, may_match
from listings.auctions.rules.sealed import SealedStanding, amount_flaw, may_seal
from market.values.money import Money
from market.values.refusal import Refusal

# Two holders of keys found these in public; without their keys nobody can find them again.
_FOUND_AT_THE_OPENING = frozenset({"auctions.unreadable", "auctions.envelope_inconsistent"})


def play_bid(course: Course, bid: Mapping[str, Any]) -> None:
    """The bid is as the rules demand, and has had its effect. Raises `Mismatch` when it is not."""
    judge = _JUDGES.get(bid["kind"])
    number = bid["sequence"]
    require(judge is not None, f"bid {number} is of no known kind")
    assert judge is not None
    refusal = judge(course, bid, instant(bid["at"]))
    code = refusal.code if refusal else ""
    is_as_recorded = bid["refusal"] == code and bid["is_accepted"] == (not code)
    require(
        is_as_recorded, f"bid {number} is recorded as {bid['refusal'] or 'accepted'}, by the rules it is {code or 'accepted'}"
    )
    if not code:
        _EFFECTS.get(bid["kind"], _nothing)(course, bid, instant(bid["at"]))


def _nothing(course: Course, bid: Mapping[str, Any], at: datetime) -> None:
    """A bid that changes nothing by itself."""


def _judge_ladder(course: Course, bid: Mapping[str, Any], at: datetime) -> Refusal | None:
    is_ordered = bid["kind"] != "proxy" or bid["bidder"] in course.orders
    require(is_ordered, f"bid {bid['sequence']} was made by an order that was not given")
    amount = Money(bid["amount_fen"])
    return may_bid(course.ascending_terms, course.standing, bidder=bid["bidder"], amount=amount, now=at)


def _climb(course: Course, bid: Mapping[str, Any], at: datetime) -> None:
    ends_at, extensions = extended_until(course.ascending_terms, course.standing, accepted_at=at)
    best = Money(bid["amount_fen"])
    course.standing = replace(course.standing, best=best, leader=bid["bidder"], ends_at=ends_at, extensions=extensions)


def _judge_stop(course: Course, bid: Mapping[str, Any], at: datetime) -> Refusal | None:
    return may_stop(course.falling_terms, course.falling_standing, seen=Money(bid["body"]["seen_fen"]), now=at)


def _stop(course: Course, bid: Mapping[str, Any], at: datetime) -> None:
    price = price_at(course.falling_terms, course.clock_from, at)
    require(bid["amount_fen"] == price.fen, f"bid {bid['sequence']} holds another price than the clock asked")
    course.holder, course.stopped, course.phase = bid["bidder"], Offer(bid["bidder"], price), "sealed"
    ends_at = at + course.falling_terms.sealed_for
    course.standing = replace(course.standing, best=price, leader=bid["bidder"], ends_at=ends_at)


def _judge_envelope(course: Course, bid: Mapping[str, Any], at: datetime) -> Refusal | None:
    state, ends_at = course.standing.state, course.standing.ends_at
    admitted = course.admitted - {course.holder}
    standing = SealedStanding(state, course.phase, course.opens_at, ends_at, frozenset(admitted))  # type: ignore[arg-type]
    refusal = may_seal(standing, bidder=bid["bidder"], now=at)
    if refusal is None and bid["kind"] == "withdrawal" and bid["bidder"] not in course.envelopes:
        return Refusal("auctions.nothing_to_withdraw")
    return refusal


def _hand_in(course: Course, bid: Mapping[str, Any], at: datetime) -> None:
    require(bid["body"]["round"] == course.round, f"bid {bid['sequence']} is of another round")
    course.envelopes.pop(bid["bidder"], None)
    if bid["kind"] == "sealed":
        course.envelopes[bid["bidder"]] = bid


def _judge_opened(course: Course, bid: Mapping[str, Any], at: datetime) -> Refusal | None:
    envelope = course.envelopes.pop(bid["bidder"], None)
    is_standing = envelope is not None and bid["body"]["of"] == envelope["sequence"] and course.standing.state == "unopened"
    require(is_standing, f"bid {bid['sequence']} opens an envelope that did not stand")
    assert envelope is not None
    if bid["refusal"] in _FOUND_AT_THE_OPENING:
        return Refusal(bid["refusal"])
    context = Context(course.key, course.round, bid["bidder"])
    if commitment(context, bid["amount_fen"], bid["body"]["nonce"]) != envelope["body"]["envelope"]["commitment"]:
        return Refusal("auctions.commitment_wrong")
    if course.mode == "falling":
        least = least_above(course.falling_terms, course.falling_standing)
    else:
        least = course.standing.best or course.sealed_terms.start
    flaw = amount_flaw(Money(bid["amount_fen"]), least=least)
    return Refusal(flaw) if flaw else None


def _open(course: Course, bid: Mapping[str, Any], at: datetime) -> None:
    course.opened.append((bid["body"]["of"], Offer(bid["bidder"], Money(bid["amount_fen"]))))


def _judge_top(course: Course, bid: Mapping[str, Any], at: datetime) -> Refusal | None:
    terms, standing, amount = course.falling_terms, course.falling_standing, Money(bid["amount_fen"])
    has_topped = course.topped is not None
    return may_top(terms, standing, bidder=bid["bidder"], has_topped=has_topped, amount=amount, now=at)


def _top(course: Course, bid: Mapping[str, Any], at: datetime) -> None:
    course.topped = Offer(bid["bidder"], Money(bid["amount_fen"]))
    course.go("open", at)


def _judge_match(course: Course, bid: Mapping[str, Any], at: datetime) -> Refusal | None:
    holder, until = course.terms.get("preemptor"), course.match_until
    return may_match(course.standing.state, holder=holder, bidder=bid["bidder"], until=until, now=at)


def _match(course: Course, bid: Mapping[str, Any], at: datetime) -> None:
    course.is_answered = True
    if bid["kind"] == "match":
        course.matches.append(bid["bidder"])


type _Judge = Callable[[Course, Mapping[str, Any], datetime], Refusal | None]
type _Effect = Callable[[Course, Mapping[str, Any], datetime], None]
_JUDGES: Mapping[str, _Judge] = {
    "manual": _judge_ladder,
    "proxy": _judge_ladder,
    "stop": _judge_stop,
    "sealed": _judge_envelope,
    "withdrawal": _judge_envelope,
    "opened": _judge_opened,
    "top": _judge_top,
    "match": _judge_match,
    "waiver": _judge_match,
}
_EFFECTS: Mapping[str, _Effect] = {
    "manual": _climb,
    "proxy": _climb,
    "stop": _stop,
    "sealed": _hand_in,
    "withdrawal": _hand_in,
    "opened": _open,
    "top": _top,
    "match": _match,
    "waiver": _match,
}
