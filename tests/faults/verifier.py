"""Is the auction what its bidders were told? Checks a dump of its rows against what the bidders' side wrote down itself.

python -m tests.faults.verifier DUMP.json ANSWERS.jsonl…

Shares no code with the market: the rules stand here a second time, so that a mistake in the one is found by the other.
The dump is that of `tests.faults.dump`. Of the answers each line is an attempt, written and on disk before it was sent
(`{"try": key, "bidder": organisation, "amount": fen}`), or an answer (`{"answer": key, "accepted": …, "sequence": …, "hash": …}`).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

type Row = dict[str, Any]

_HASHED = ("sequence", "amount_fen", "kind", "is_accepted", "refusal", "key", "previous_hash", "body")


def flaws(dump: Row, answers: Sequence[Row]) -> list[str]:
    """Everything that is wrong, each in a sentence; nothing when all holds."""
    auction, bids = dump["auction"], dump["bids"]
    return [
        *_lost(bids, answers),
        *_unexpected(bids, answers),
        *_sequence(auction, bids),
        *_chain(auction, bids),
        *_rules(auction, bids),
        *_ledger(dump["entries"]),
    ]


def _lost(bids: Sequence[Row], answers: Sequence[Row]) -> Iterator[str]:
    """What a bidder was told must be in the rows, as they were told it."""
    by_key = {bid["key"]: bid for bid in bids if bid["key"]}
    for answer in answers:
        if "answer" not in answer or "sequence" not in answer:
            continue
        bid = by_key.get(answer["answer"])
        if bid is None:
            yield f"lost: the bid {answer['answer']} was answered, and is not there"
        elif (bid["is_accepted"], bid["sequence"], bid["hash"]) != (answer["accepted"], answer["sequence"], answer["hash"]):
            yield f"changed: the bid {answer['answer']} was answered otherwise"


def _unexpected(bids: Sequence[Row], answers: Sequence[Row]) -> Iterator[str]:
    """Nothing is in the rows that nobody tried, and nothing twice."""
    tried = {answer["try"]: answer for answer in answers if "try" in answer}
    seen: set[str] = set()
    for bid in bids:
        if bid["kind"] == "proxy":
            continue
        attempt = tried.get(bid["key"])
        if attempt is None:
            yield f"unexpected: nobody tried the bid {bid['sequence']}"
        elif (attempt["bidder"], attempt["amount"]) != (bid["organisation"], bid["amount_fen"]):
            yield f"forged: the bid {bid['sequence']} is not what its bidder tried"
        if bid["key"] in seen:
            yield f"duplicate: the bid {bid['key']} stands twice"
        seen.add(bid["key"])


def _sequence(auction: Row, bids: Sequence[Row]) -> Iterator[str]:
    numbers = [bid["sequence"] for bid in bids]
    if numbers != list(range(1, len(bids) + 1)):
        yield "gap: the numbers do not run from one without a gap"
    if auction["sequence"] != len(bids):
        yield f"tail: the auction remembers {auction['sequence']} bids, {len(bids)} are there"


def _chain(auction: Row, bids: Sequence[Row]) -> Iterator[str]:
    previous = "0" * 64
    for bid in bids:
        if bid["previous_hash"] != previous:
            yield f"link: the bid {bid['sequence']} does not follow the one before it"
        if _digest(auction["key"], bid) != bid["hash"]:
            yield f"content: the bid {bid['sequence']} does not have its hash"
        previous = bid["hash"]
    if auction["head_hash"] != previous:
        yield "head: the auction remembers another head"


def _digest(auction: str, bid: Row) -> str:
    at = datetime.fromisoformat(bid["at"]).isoformat(timespec="microseconds")
    fields = {name: bid[name] for name in _HASHED} | {"auction": auction, "bidder": bid["number"], "at": at}
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _Replay:
    """The auction as its accepted bids make it, one after another."""

    def __init__(self, auction: Row) -> None:
        self.auction = auction
        self.cycle = timedelta(seconds=auction["cycle_seconds"])
        self.hard_stop = datetime.fromisoformat(auction["hard_stop"])
        self.end = min(datetime.fromisoformat(auction["free_until"]) + self.cycle, self.hard_stop)
        self.extensions, self.best, self.leader = 0, None, None

    def accept(self, bid: Row, at: datetime) -> Iterator[str]:
        """Takes the bid as it stands; what speaks against its having been accepted."""
        if at >= self.end:
            yield f"late: the bid {bid['sequence']} was accepted after the end"
        step = self.auction["step_fen"]
        least = self.auction["start_price_fen"] if self.best is None else self.best + step
        if bid["amount_fen"] < least or (bid["amount_fen"] - least) % step:
            yield f"step: the bid {bid['sequence']} is no whole step above the best"
        if bid["bidder_id"] == self.leader:
            yield f"self: the bid {bid['sequence']} outbids its own bidder"
        self.best, self.leader = bid["amount_fen"], bid["bidder_id"]
        later = min(at + self.cycle, self.hard_stop)
        if self.end - at < self.cycle and self.extensions < self.auction["most_extensions"] and later > self.end:
            self.end, self.extensions = later, self.extensions + 1


def _rules(auction: Row, bids: Sequence[Row]) -> Iterator[str]:
    """Each accepted bid is at least a step above the best, by another bidder, in time; the end and the best follow from them."""
    replay, last = _Replay(auction), None
    for bid in bids:
        at = datetime.fromisoformat(bid["at"])
        if last is not None and at < last:
            yield f"time: the bid {bid['sequence']} is earlier than the one before it"
        last = at
        if bid["is_accepted"]:
            yield from replay.accept(bid, at)
        elif bid["refusal"].endswith(".over") and at < replay.end:
            yield f"late: the bid {bid['sequence']} was refused as late, and came in time"
    if (auction["best_bid_fen"], auction["leader_id"]) != (replay.best, replay.leader):
        yield "winner: the auction remembers another leader than its bids give"
    if (datetime.fromisoformat(auction["ends_at"]), auction["extensions"]) != (replay.end, replay.extensions):
        yield "end: the auction remembers another end than its bids give"


def _ledger(entries: Iterable[Row]) -> Iterator[str]:
    """Every movement is positive and between two accounts, so the whole sums to zero."""
    for entry in entries:
        if entry["amount_fen"] <= 0 or entry["source_id"] == entry["target_id"]:
            yield f"ledger: the entry {entry['id']} moves nothing"


def main(arguments: Sequence[str]) -> int:
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    dump = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    lines = [line for name in arguments[1:] for line in Path(name).read_text(encoding="utf-8").splitlines()]
    found = flaws(dump, [json.loads(line) for line in lines])
    print("\n".join(found) or f"{len(dump['bids'])} bids, all as they were answered.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
