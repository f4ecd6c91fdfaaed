"""Checks an auction's evidence package by itself: `python verify_evidence.py FILE [--keys F] [--receipts F …] [--anchors F]`.

Shares no line with the market's own code, so that a fault there cannot hide itself here. Needs Python 3.12; signatures are
checked when the package `cryptography` is there, else it says that they were not. Exit code 0 when all holds; the last line is
JSON. What the fields mean: docs/reference/evidence.md.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

FORMAT = "technology-market/auction-evidence/1"
ZERO = "0" * 64
MOST_FEN = 10**15
LADDER = {"manual", "proxy"}


class Flaw(Exception):
    """Something that does not hold, in words."""


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


def need(holds: bool, sentence: str) -> None:
    if not holds:
        raise Flaw(sentence)


# --- Signatures


def signature_holds(sealed: dict[str, Any], keys: dict[str, bytes]) -> bool | None:
    """None where it cannot be checked here."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    signature = sealed["signature"]
    if signature["algorithm"] != "Ed25519" or signature["key"] not in keys:
        return False
    try:
        public = Ed25519PublicKey.from_public_bytes(keys[signature["key"]])
        public.verify(base64.b64decode(signature["value"]), canonical(sealed["document"]))
    except (InvalidSignature, ValueError):
        return False
    return True


def keys_in(published: dict[str, Any]) -> dict[str, bytes]:
    keys = {key["id"]: base64.b64decode(key["public_key"]) for key in published["keys"]}
    for name, raw in keys.items():
        need(hashlib.sha256(raw).hexdigest()[:16] == name, f"the published key {name} does not have its name")
    return keys


# --- Chains


def check_bid_chain(document: dict[str, Any]) -> None:
    previous = ZERO
    for place, bid in enumerate(document["bids"], start=1):
        fields = {name: value for name, value in bid.items() if name != "hash"}
        need(bid["sequence"] == place, f"bid {place}: the numbers have a gap")
        need(bid["auction"] == document["auction"], f"bid {place}: belongs to another auction")
        need(bid["previous_hash"] == previous, f"bid {place}: is not chained to the bid before it")
        need(digest(fields) == bid["hash"], f"bid {place}: was edited")
        previous = bid["hash"]


def check_course_chain(document: dict[str, Any]) -> None:
    previous = ZERO
    for place, event in enumerate(document["course"], start=1):
        fields = {name: value for name, value in event.items() if name not in {"hash", "opened"}}
        need(event["sequence"] == place, f"event {place}: the numbers have a gap")
        need(event["subject"] == f"auction:{document['auction']}", f"event {place}: belongs to something else")
        need(event["previous"] == previous, f"event {place}: is not chained to the event before it")
        need(digest(fields) == event["hash"], f"event {place}: was edited")
        if opened := event.get("opened"):
            commitment = hashlib.sha256(opened["salt"].encode() + canonical(opened["facts"])).hexdigest()
            need(commitment == event["personal"], f"event {place}: what was disclosed is not what was committed to")
        previous = event["hash"]


# --- The rules, played again


class Replay:
    """The auction as it must have gone, from its announced terms, its events and its bids."""

    def __init__(self, document: dict[str, Any]) -> None:
        first = document["course"][0]
        need(first["name"] == "auction.announced", "the first event is not the announcement")
        self.auction = document["auction"]
        self.bids = document["bids"]
        self.mode = first["payload"]["mode"]
        self.terms = dict(first["payload"]["terms"])
        reserve = (first.get("opened") or {}).get("facts", {}).get("reserve_price_fen")
        need(bool(first["personal"]) == (reserve is not None), "the reserve price is not disclosed")
        self.reserve = reserve
        self.state, self.phase, self.round = "planned", "", 1
        self.opens_at = moment(self.terms["opens_at"])
        self.ends_at = moment(self.terms["ends_at"])
        self.hard_stop = moment(self.terms["hard_stop"]) if "hard_stop" in self.terms else None
        self.clock_from = self.opens_at
        self.extensions = 0
        self.best: int | None = None
        self.leader: int | None = None
        self.holder: int | None = None
        self.topped: tuple[int, int] | None = None
        self.paused_at: datetime | None = None
        self.match_until: datetime | None = None
        self.matched: int | None = None
        self.answered = False
        self.keys_ready: datetime | None = None
        self.orders: set[int] = set()
        self.admitted: set[int] | None = None
        self.standing: dict[int, dict[str, Any]] = {}
        self.opened: list[tuple[int, int, int]] = []
        self.unopened = 0
        self.result: dict[str, Any] | None = None

    # Events

    def event(self, event: dict[str, Any]) -> None:
        name, at, facts = event["name"].removeprefix("auction."), moment(event["at"]), event["payload"]
        need(self.result is None, f"{name} after the end")
        handler = getattr(self, f"on_{name}", None)
        need(handler is not None, f"no rule knows the event {name}")
        handler(at, facts)

    def on_key_made(self, at: datetime, facts: dict[str, Any]) -> None:
        need(self.state == "planned", "a key was made after the opening")

    on_key_kept = on_key_made

    def on_keys_ready(self, at: datetime, facts: dict[str, Any]) -> None:
        self.keys_ready = at

    def on_opened(self, at: datetime, facts: dict[str, Any]) -> None:
        need(self.state == "planned" and at >= self.opens_at, "opened before its time")
        if self.mode != "ascending":
            need(self.keys_ready is not None, "opened without its keys")
            assert self.keys_ready is not None
            if self.keys_ready > self.opens_at:
                late = at - self.opens_at
                self.ends_at, self.clock_from, self.opens_at = self.ends_at + late, self.clock_from + late, at
            self.phase = "clock" if self.mode == "falling" else "sealed"
        self.state = "open"

    def on_paused(self, at: datetime, facts: dict[str, Any]) -> None:
        need(self.state == "open" and at < self.ends_at, "paused when there was nothing to pause")
        need(bool(facts["reason"].strip()), "paused without a reason")
        self.state, self.paused_at = "paused", at

    def on_paused_itself(self, at: datetime, facts: dict[str, Any]) -> None:
        need(facts["lost"] > self.terms["most_lost"], "paused itself though not so many bidders were lost")
        need(facts["seconds"] >= self.terms["loss_seconds"], "paused itself too soon")
        need(self.state == "open" and at < self.ends_at, "paused itself when there was nothing to pause")
        self.state, self.paused_at = "paused", at

    def on_resumed(self, at: datetime, facts: dict[str, Any]) -> None:
        need(self.state == "paused" and self.paused_at is not None, "resumed without a pause")
        assert self.paused_at is not None
        stood = at - self.paused_at
        if self.mode == "ascending":
            assert self.hard_stop is not None
            self.ends_at = at + max(self.ends_at - self.paused_at, seconds(self.terms["cycle_seconds"]))
            self.hard_stop = max(self.hard_stop + stood, self.ends_at)
        else:
            self.ends_at, self.clock_from = self.ends_at + stood, self.clock_from + stood
        need(moment(facts["ends_at"]) == self.ends_at, "the end after the pause is another one")
        self.state, self.paused_at = "open", None

    def on_order_given(self, at: datetime, facts: dict[str, Any]) -> None:
        self.orders.add(facts["bidder"])

    def on_order_taken_back(self, at: datetime, facts: dict[str, Any]) -> None:
        self.orders.discard(facts["bidder"])

    def on_clock_stopped(self, at: datetime, facts: dict[str, Any]) -> None:
        need(
            (facts["bidder"], facts["price_fen"]) == (self.holder, self.best),
            "the clock was stopped by another or at another price",
        )

    def on_sealed(self, at: datetime, facts: dict[str, Any]) -> None:
        need(self.state == "open" and self.phase == "sealed" and at >= self.ends_at, "sealed bidding ended before its time")
        need(facts["bids"] == len(self.standing) > 0, "not as many sealed bids as stood")
        self.state, self.unopened = "unopened", len(self.standing)

    def on_key_brought(self, at: datetime, facts: dict[str, Any]) -> None:
        need(self.state == "unopened", "a key was brought out of turn")

    def on_bids_opened(self, at: datetime, facts: dict[str, Any]) -> None:
        need(self.state == "unopened" and self.unopened == 0, "not all bids were opened together")
        self.standing = {}

    def on_tied(self, at: datetime, facts: dict[str, Any]) -> None:
        best = max(fen for _, _, fen in self.opened)
        tied = {bidder for _, bidder, fen in self.opened if fen == best}
        need(self.round == 1 and len(tied) > 1 and facts["bidders"] == len(tied), "a tie where there is none")
        self.admitted, self.round, self.best = tied, 2, best
        self.state, self.ends_at = "open", at + seconds(self.terms["sealed_seconds"])

    def on_topping_opened(self, at: datetime, facts: dict[str, Any]) -> None:
        bidder, fen = self.candidate() or (None, None)
        need(bidder is not None and bidder != self.holder, "topping where nobody has bid above the holder")
        self.leader, self.best, self.phase = bidder, fen, "topping"
        self.state, self.ends_at = "open", at + seconds(self.terms["topping_seconds"])

    def on_match_opened(self, at: datetime, facts: dict[str, Any]) -> None:
        self.require_over(at)
        candidate, preemptor = self.candidate(), self.terms.get("preemptor")
        need(candidate is not None and preemptor not in {None, candidate[0]}, "a pre-emptive right where there is none")
        assert candidate is not None
        self.leader, self.best = candidate
        self.state, self.match_until = "matching", at + seconds(self.terms["match_seconds"])

    def on_closed(self, at: datetime, facts: dict[str, Any]) -> None:
        candidate = self.candidate()
        if self.state == "matching":
            assert self.match_until is not None
            need(self.answered or at >= self.match_until, "closed before the pre-emptive right was over")
            if candidate and self.matched is not None:
                candidate = (self.matched, candidate[1])
        else:
            self.require_over(at)
            need(
                candidate is None or self.terms.get("preemptor") in {None, candidate[0]}, "the pre-emptive right was passed over"
            )
        winner, price = candidate or (None, None)
        need((facts["winner"], facts["price_fen"]) == (winner, price), f"by the rules bidder {winner} wins at {price} fen")
        self.state, self.result = "closed", {"winner": winner, "price_fen": price, **_ends(facts)}

    def on_annulled(self, at: datetime, facts: dict[str, Any]) -> None:
        need(bool(facts["reason"].strip()), "annulled without a reason")
        self.state, self.result = "annulled", {"winner": None, "price_fen": None, **_ends(facts)}

    def require_over(self, at: datetime) -> None:
        if self.state == "unopened":
            need(self.unopened == 0, "over with unopened bids")
            if self.mode == "sealed" and self.round == 1 and self.opened:
                best = max(fen for _, _, fen in self.opened)
                is_met = self.reserve is None or best >= self.reserve
                need(not is_met or sum(fen == best for _, _, fen in self.opened) == 1, "a tie was passed over")
            if self.mode == "falling":
                candidate = self.candidate()
                need(candidate is None or candidate[0] == self.holder, "the holder's right to top was passed over")
            return
        need(self.state == "open" and at >= self.ends_at, "over before its end")
        need(not self.standing, "over with unopened bids")

    def candidate(self) -> tuple[int, int] | None:
        """Who wins at what price before any pre-emptive right."""
        if self.mode == "ascending":
            best = None if self.leader is None or self.best is None else (self.leader, self.best)
        elif self.mode == "falling":
            if self.topped is not None:
                return self.topped
            best = None if self.holder is None else (self.holder, self.stopped_at)
            for _, bidder, fen in sorted(self.opened):
                if best is None or fen > best[1]:
                    best = (bidder, fen)
        else:
            best = None
            for _, bidder, fen in sorted(self.opened):
                if best is None or fen > best[1]:
                    best = (bidder, fen)
        is_too_low = best is not None and self.reserve is not None and best[1] < self.reserve
        return None if is_too_low and self.mode != "falling" else best

    stopped_at: int = 0

    # Bids

    def bid(self, bid: dict[str, Any]) -> str:
        """What the rules say of this bid: the code of the refusal, empty when it is accepted; its effect is done."""
        at, kind = moment(bid["at"]), bid["kind"]
        judge = getattr(self, f"judge_{kind}", None)
        need(judge is not None, f"no rule knows the bid {kind}")
        code = judge(bid, at)
        recorded = bid["refusal"]
        need(bid["is_accepted"] == (not recorded), f"bid {bid['sequence']}: accepted and refused at once")
        need(code == recorded, f"bid {bid['sequence']}: recorded as {recorded or 'accepted'}, by the rules {code or 'accepted'}")
        if not code:
            getattr(self, f"do_{kind}", lambda *_: None)(bid, at)
        return code

    def judge_manual(self, bid: dict[str, Any], at: datetime) -> str:
        if self.state == "paused":
            return "auctions.paused"
        if self.state != "open" or at < self.opens_at:
            return "auctions.not_open"
        if at >= self.ends_at:
            return "auctions.over"
        if self.leader == bid["bidder"]:
            return "auctions.you_lead"
        if bid["amount_fen"] > MOST_FEN:
            return "auctions.too_much"
        least = self.terms["start_price_fen"] if self.best is None else self.best + self.terms["step_fen"]
        if bid["amount_fen"] < least:
            return "auctions.below_minimum"
        return "auctions.not_whole_step" if (bid["amount_fen"] - least) % self.terms["step_fen"] else ""

    def judge_proxy(self, bid: dict[str, Any], at: datetime) -> str:
        need(bid["bidder"] in self.orders, f"bid {bid['sequence']}: there is no order of this bidder")
        return self.judge_manual(bid, at)

    def do_manual(self, bid: dict[str, Any], at: datetime) -> None:
        assert self.hard_stop is not None
        cycle = seconds(self.terms["cycle_seconds"])
        if self.ends_at - at < cycle and self.extensions < self.terms["most_extensions"]:
            end = min(max(self.ends_at, at + cycle), self.hard_stop)
            if end > self.ends_at:
                self.ends_at, self.extensions = end, self.extensions + 1
        self.leader, self.best = bid["bidder"], bid["amount_fen"]

    do_proxy = do_manual

    def price_at(self, at: datetime) -> int:
        fallen = max(0, (at - self.clock_from) // seconds(self.terms["step_seconds"]))
        return max(self.terms["floor_price_fen"], self.terms["start_price_fen"] - fallen * self.terms["step_fen"])

    def judge_stop(self, bid: dict[str, Any], at: datetime) -> str:
        if self.state == "paused":
            return "auctions.paused"
        if self.holder is not None:
            return "auctions.already_stopped"
        if self.state != "open" or at < self.opens_at:
            return "auctions.not_open"
        if at >= self.ends_at:
            return "auctions.over"
        return "auctions.price_not_reached" if bid["body"]["seen_fen"] < self.price_at(at) else ""

    def do_stop(self, bid: dict[str, Any], at: datetime) -> None:
        need(bid["amount_fen"] == self.price_at(at), f"bid {bid['sequence']}: the clock asked another price")
        self.holder = self.leader = bid["bidder"]
        self.best = self.stopped_at = bid["amount_fen"]
        self.phase, self.ends_at = "sealed", at + seconds(self.terms["sealed_seconds"])

    def judge_sealed(self, bid: dict[str, Any], at: datetime) -> str:
        if self.state == "paused":
            return "auctions.paused"
        if self.state != "open" or self.phase != "sealed" or at < self.opens_at:
            return "auctions.over" if self.state in {"unopened", "matching", "closed"} else "auctions.not_open"
        if at >= self.ends_at:
            return "auctions.over"
        if bid["bidder"] == self.holder or (self.admitted is not None and bid["bidder"] not in self.admitted):
            return "auctions.not_in_this_round"
        return ""

    def do_sealed(self, bid: dict[str, Any], at: datetime) -> None:
        need(bid["body"]["round"] == self.round, f"bid {bid['sequence']}: of another round")
        self.standing.pop(bid["bidder"], None)
        self.standing[bid["bidder"]] = bid

    def judge_withdrawal(self, bid: dict[str, Any], at: datetime) -> str:
        code = self.judge_sealed(bid, at)
        return code or ("" if bid["bidder"] in self.standing else "auctions.nothing_to_withdraw")

    def do_withdrawal(self, bid: dict[str, Any], at: datetime) -> None:
        self.standing.pop(bid["bidder"])

    def judge_opened(self, bid: dict[str, Any], at: datetime) -> str:
        envelope = self.standing.get(bid["bidder"])
        need(self.state == "unopened" and envelope is not None, f"bid {bid['sequence']}: opened out of turn")
        assert envelope is not None
        need(bid["body"]["of"] == envelope["sequence"], f"bid {bid['sequence']}: another envelope than the one that stood")
        self.unopened -= 1
        self.standing[bid["bidder"]] = {"sequence": -1}
        fen, nonce = bid["amount_fen"], bid["body"]["nonce"]
        if bid["refusal"] in {"auctions.unreadable", "auctions.envelope_inconsistent"}:
            # Two holders found this in public; without their keys it cannot be seen again.
            return str(bid["refusal"])
        words = f"{self.auction}|{self.round}|{bid['bidder']}|{fen}|{nonce}"
        if hashlib.sha256(words.encode()).hexdigest() != envelope["body"]["envelope"]["commitment"]:
            return "auctions.commitment_wrong"
        if fen > MOST_FEN:
            return "auctions.too_much"
        least = self.best or self.terms["start_price_fen"]
        if self.mode == "falling":
            least = self.stopped_at + self.terms["step_fen"]
        return "auctions.below_least" if fen < least else ""

    def do_opened(self, bid: dict[str, Any], at: datetime) -> None:
        self.opened.append((bid["body"]["of"], bid["bidder"], bid["amount_fen"]))

    def judge_top(self, bid: dict[str, Any], at: datetime) -> str:
        if self.state == "paused":
            return "auctions.paused"
        if self.state != "open" or self.phase != "topping":
            return "auctions.not_open"
        if at >= self.ends_at:
            return "auctions.over"
        if bid["bidder"] != self.holder:
            return "auctions.only_the_holder"
        if self.topped is not None:
            return "auctions.topped_already"
        if bid["amount_fen"] > MOST_FEN:
            return "auctions.too_much"
        assert self.best is not None
        return "auctions.below_minimum" if bid["amount_fen"] < self.best + self.terms["step_fen"] else ""

    def do_top(self, bid: dict[str, Any], at: datetime) -> None:
        self.topped, self.ends_at = (bid["bidder"], bid["amount_fen"]), at

    def judge_match(self, bid: dict[str, Any], at: datetime) -> str:
        if self.terms.get("preemptor") != bid["bidder"]:
            return "auctions.no_preemption"
        if self.state != "matching" or self.match_until is None:
            return "auctions.not_open"
        return "auctions.over" if at >= self.match_until else ""

    judge_waiver = judge_match

    def do_match(self, bid: dict[str, Any], at: datetime) -> None:
        self.matched, self.answered = bid["bidder"], True

    def do_waiver(self, bid: dict[str, Any], at: datetime) -> None:
        self.answered = True


def _ends(facts: dict[str, Any]) -> dict[str, Any]:
    return {"bids": facts["bids"], "head": facts["head"]}


def replay(document: dict[str, Any]) -> dict[str, Any]:
    """The result by the rules; raises `Flaw` where what is recorded differs."""
    play = Replay(document)
    bids = document["bids"]
    done = 0
    for event in document["course"][1:]:
        place = event["payload"]["place"]
        need(done <= place <= len(bids), f"event {event['sequence']}: its place among the bids is wrong")
        for bid in bids[done:place]:
            play.bid(bid)
        done = place
        play.event(event)
    need(play.result is not None, "the auction has no end")
    assert play.result is not None
    need(done == len(bids), "there are bids after the end")
    head = bids[-1]["hash"] if bids else ZERO
    need((play.result["bids"], play.result["head"]) == (len(bids), head), "the head of the chain is not that of the result")
    return play.result


# --- What others hold


def check_receipts(document: dict[str, Any], receipts: list[dict[str, Any]], keys: dict[str, bytes] | None) -> None:
    """Each receipt that somebody was given must be found in the package."""
    end = moment(document["course"][-1]["at"])
    for sealed in receipts:
        receipt = sealed["document"]
        if receipt["auction"] != document["auction"]:
            continue
        need(
            keys is None or signature_holds(sealed, keys) is not False, f"receipt {receipt['sequence']}: not signed by the market"
        )
        found = document["bids"][receipt["sequence"] - 1 : receipt["sequence"]]
        if not found and not receipt["is_accepted"] and moment(receipt["at"]) >= end:
            continue
        need(bool(found), f"receipt {receipt['sequence']}: the chain was cut before it")
        need(found[0]["hash"] == receipt["hash"], f"receipt {receipt['sequence']}: the chain was made anew after it was given")


def check_anchors(document: dict[str, Any], anchors: list[dict[str, Any]], keys: dict[str, bytes] | None) -> None:
    """Each head that was written down outside the database must be found in the package."""
    bids = {f"bids:{document['auction']}": [bid["hash"] for bid in document["bids"]]}
    events = {f"auction:{document['auction']}": [event["hash"] for event in document["course"]]}
    chains = bids | events
    previous = ZERO
    for number, sealed in enumerate(anchors, start=1):
        anchor = sealed["document"]
        need(keys is None or signature_holds(sealed, keys) is not False, f"anchor {number}: not signed by the market")
        need(anchor["previous"] == previous, f"anchor {number}: is not chained to the anchor before it")
        previous = digest(sealed)
        for head in anchor["heads"]:
            hashes = chains.get(head["chain"])
            is_within = hashes is not None and 0 < head["sequence"] <= len(hashes)
            if hashes is None or (not is_within and moment(anchor["at"]) > moment(document["course"][-1]["at"])):
                continue
            need(is_within, f"anchor {number}: the chain {head['chain']} was cut before {head['sequence']}")
            need(hashes[head["sequence"] - 1] == head["hash"], f"anchor {number}: the chain {head['chain']} was made anew")


def verify(
    sealed: dict[str, Any],
    *,
    keys: dict[str, bytes] | None = None,
    receipts: list[dict[str, Any]] | None = None,
    anchors: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The result, and whether the signature was checked; raises `Flaw` with the first thing that does not hold."""
    try:
        document = sealed["document"]
        need(document["format"] == FORMAT, "not the format that this program reads")
        checked = None if keys is None else signature_holds(sealed, keys)
        need(checked is not False, "the signature does not hold")
        check_bid_chain(document)
        check_course_chain(document)
        result = replay(document)
        check_receipts(document, receipts or [], keys)
        check_anchors(document, anchors or [], keys)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, AssertionError) as error:
        raise Flaw(f"the file is not made as it should be ({type(error).__name__}: {error})") from error
    if document["course"][0]["payload"].get("rehearsal"):
        result |= {"rehearsal": True}
    return result | {"signature": "holds" if checked else "not checked"}


def receipts_in(content: dict[str, Any]) -> list[dict[str, Any]]:
    """One receipt, or a file with all of a bidder's."""
    return list(content.get("receipts", [content]))


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _anchors(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--keys", type=Path, help="the market's published keys, from /.well-known/signing-keys.json")
    parser.add_argument("--receipts", type=Path, nargs="*", default=[], help="receipts that bidders hold")
    parser.add_argument("--anchors", type=Path, help="the heads that were written down outside the database")
    options = parser.parse_args()
    try:
        keys = keys_in(_read(options.keys)) if options.keys else None
        receipts = [receipt for path in options.receipts for receipt in receipts_in(_read(path))]
        anchors = _anchors(options.anchors) if options.anchors else []
        result = verify(_read(options.file), keys=keys, receipts=receipts, anchors=anchors)
    except (Flaw, ValueError, KeyError) as flaw:
        print(json.dumps({"holds": False, "flaw": str(flaw)}, ensure_ascii=False))
        return 1
    print(json.dumps({"holds": True, **result}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
