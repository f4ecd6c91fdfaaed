"""What should make a supervisor look at two bidders? A signal says what was seen, and proves nothing by itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any

from market.values.money import Money

# So many bids in a row by the same two, each one step above the other's.
SHORTEST_RUN = 8


@dataclass(frozen=True, slots=True)
class BidderFacts:
    """A bidder's organisation as it is registered: who belongs to it, who represents it, where it is."""

    bidder: int
    people: frozenset[int]
    representative: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """From where a bidder came: names of a network address and of a browser on it, which say nothing to anybody else, and when."""

    bidder: int
    network: str
    device: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class LadderBid:
    """An accepted bid by hand, by its place in the chain."""

    sequence: int
    bidder: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Finding:
    """A signal about two bidders, the lower key first; `facts` are what was seen, in plain values."""

    kind: str
    first: int
    second: int
    facts: Mapping[str, Any] = field(default_factory=dict)


def of_organisations(bidders: Iterable[BidderFacts]) -> list[Finding]:
    """Pairs with a person in common, the same legal representative, or the same address; what is not stated is not the same.

    Source: 招标投标法实施条例 arts 34, 39, 40, in analogy (medium): one person responsible, or one and the same hand.
    """
    findings = []
    for one, other in combinations(sorted(bidders, key=lambda entry: entry.bidder), 2):
        pair = (one.bidder, other.bidder)
        if shared := one.people & other.people:
            findings.append(Finding("owner", *pair, {"people": sorted(shared)}))
        if _plain(one.representative) and _plain(one.representative) == _plain(other.representative):
            findings.append(Finding("representative", *pair, {"text": one.representative.strip()}))
        if _plain(one.address) and _plain(one.address) == _plain(other.address):
            findings.append(Finding("address", *pair, {"text": one.address.strip()}))
    return findings


def _plain(text: str) -> str:
    """Without what people write differently: width, case, spaces and punctuation."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())


def of_traces(traces: Iterable[Trace]) -> list[Finding]:
    """Pairs who came from the same browser, or else from the same network address, with the times of both.

    Source: 招标投标法实施条例 art. 40 (2), in analogy (medium): papers of two bidders made by the same hand.
    """
    by_bidder: dict[int, list[Trace]] = {}
    for trace in traces:
        by_bidder.setdefault(trace.bidder, []).append(trace)
    findings = []
    for first, second in combinations(sorted(by_bidder), 2):
        pairs = [(one, other) for one in by_bidder[first] for other in by_bidder[second] if one.network == other.network]
        same = [(one, other) for one, other in pairs if one.device == other.device]
        if pairs:
            findings.append(Finding("device" if same else "network", first, second, {"times": _times((same or pairs)[0])}))
    return findings


def _times(pair: tuple[Trace, Trace]) -> list[list[str]]:
    return [[trace.first_at.isoformat(), trace.last_at.isoformat()] for trace in pair]


def of_bids(bids: Sequence[LadderBid], *, step: Money) -> list[Finding]:
    """Pairs who bid in turn, one step at a time, many times in a row, with the numbers of these bids.

    Source: 拍卖法 art. 37, in analogy (low): bidders must not collude; such a run may be a show for others.
    """
    found: dict[tuple[int, int], list[int]] = {}
    for run in _runs(bids, step):
        if len(run) >= SHORTEST_RUN:
            first, second = sorted({bid.bidder for bid in run})
            found.setdefault((first, second), []).extend(bid.sequence for bid in run)
    return [Finding("steps", *pair, {"bids": sequences}) for pair, sequences in found.items()]


def _runs(bids: Sequence[LadderBid], step: Money) -> Iterator[list[LadderBid]]:
    run: list[LadderBid] = []
    for bid in bids:
        is_step = bool(run) and bid.amount == run[-1].amount + step and bid.bidder != run[-1].bidder
        if is_step and (len(run) < 2 or bid.bidder == run[-2].bidder):
            run.append(bid)
            continue
        yield run
        # The last bid of a run that a third bidder ends may begin the next.
        run = [run[-1], bid] if is_step else [bid]
    yield run


def together(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What was seen so far and what is seen now: bids add up, all else is as it is now. Source: the market's own."""
    bids = sorted({*before.get("bids", []), *now.get("bids", [])})
    return {**now, "bids": bids} if bids else dict(now)
