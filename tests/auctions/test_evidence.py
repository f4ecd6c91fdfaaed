"""From the evidence alone everybody reaches the result that the market reached; and nothing can be changed in it unnoticed.

`make recompute` plays and tampers with a thousand.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from listings.auctions.actions.auctions import close_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.evidence.checking import checked
from listings.auctions.evidence.course import Mismatch
from listings.auctions.evidence.documents import signed_evidence, signed_receipt
from listings.auctions.models.auctions import Auction
from listings.models.deals import Deal
from market.signatures import known_keys, signed
from tests.auctions.builders import START, STEP, a_listing_in_bidding, an_auction, at, conclude
from tests.auctions.played import played
from tests.people import Cast
from tools import verify_evidence as independent

# The suite plays a few; `make recompute` asks for a thousand.
AUCTIONS = int(os.environ.get("AUCTIONS", "40"))
TAMPERS = int(os.environ.get("TAMPERS", "60"))
FIRST = int(os.environ.get("SEED", "0"))

type Package = dict[str, Any]


def result_in_database(auction: Auction) -> tuple[int | None, int | None]:
    conclude(auction)
    deal = Deal.objects.filter(listing=auction.listing).first()
    return (auction.passes.get(organisation=deal.buyer).number, deal.price_fen) if deal else (None, None)


def receipts_of(auction: Auction) -> list[Package]:
    return [signed_receipt(bid.record(auction.key, bid.bidder.number), bid.hash) for bid in auction.bids.select_related("bidder")]


def test_random_auctions_are_recomputed_from_the_evidence_alone(cast: Cast, now: datetime) -> None:
    listing, keys = a_listing_in_bidding(cast, now), known_keys()
    for seed in range(FIRST, FIRST + AUCTIONS):
        with played(cast, listing, now, seed) as auction:
            text = signed_evidence(auction)
            receipts = receipts_of(auction)
            by_itself = independent.verify(json.loads(text), keys=keys, receipts=receipts)
            by_the_market = checked(json.loads(text), keys=keys, receipts=receipts)
            assert (by_itself["winner"], by_itself["price_fen"]) == result_in_database(auction), seed
            price = by_the_market.price
            assert (by_the_market.winner, price.fen if price else None) == result_in_database(auction), seed
            assert signed_evidence(Auction.objects.get(pk=auction.pk)) == text, seed
    print(json.dumps({"bar": "R-05", "value": AUCTIONS, "pass": True, "seed": FIRST}))


# --- Tampering


def _bid(package: Package, by: random.Random) -> Package:
    chosen: Package = by.choice(package["document"]["bids"])
    return chosen


def edit_a_field(package: Package, by: random.Random) -> None:
    bid = _bid(package, by)
    field = by.choice(sorted(set(bid) - {"body"}))
    value = bid[field]
    bid[field] = (not value) if isinstance(value, bool) else value + 1 if isinstance(value, int) else f"{value}0"


def edit_an_event(package: Package, by: random.Random) -> None:
    event = by.choice(package["document"]["course"])
    event["payload"] = event["payload"] | {"reason": "另一个理由"}


def swap_two(package: Package, by: random.Random) -> None:
    bids = package["document"]["bids"]
    one, other = by.sample(range(len(bids)), 2)
    bids[one], bids[other] = bids[other], bids[one]


def delete_one(package: Package, by: random.Random) -> None:
    bids = package["document"]["bids"]
    del bids[by.randrange(len(bids) - 1)]


def cut_the_tail(package: Package, by: random.Random) -> None:
    bids = package["document"]["bids"]
    del bids[by.randrange(1, len(bids)) :]


BY_CHAIN: list[Callable[[Package, random.Random], None]] = [edit_a_field, edit_an_event, swap_two, delete_one, cut_the_tail]


def hash_anew(package: Package) -> None:
    """As somebody would who has the database and even the key: every hash after the edit fits again, and the end too."""
    document = package["document"]
    previous = "0" * 64
    for place, bid in enumerate(document["bids"], start=1):
        bid["sequence"], bid["previous_hash"] = place, previous
        previous = bid["hash"] = independent.digest({name: bid[name] for name in bid if name != "hash"})
    document["course"][-1]["payload"] |= {"bids": len(document["bids"]), "head": previous, "place": len(document["bids"])}
    link = "0" * 64
    for event in document["course"]:
        event["previous"] = link
        link = event["hash"] = independent.digest({name: event[name] for name in event if name not in {"hash", "opened"}})


def edit_and_hash_anew(package: Package, by: random.Random) -> None:
    """What no rule can find: another key of a bid, from which its hash and all after it follow."""
    _bid(package, by)["key"] += "x"
    hash_anew(package)


def cut_and_hash_anew(package: Package, by: random.Random) -> None:
    """The last bids never were: refused ones are gone without a trace in the rules."""
    bids = package["document"]["bids"]
    while len(bids) > 1 and not bids[-1]["is_accepted"]:
        bids.pop()
    bids.pop()
    hash_anew(package)


def test_every_tampering_is_found_by_both_programs(cast: Cast, now: datetime) -> None:
    listing, keys = a_listing_in_bidding(cast, now), known_keys()
    by, found, seed = random.Random(FIRST), 0, FIRST
    while found < TAMPERS:
        seed += 1
        with played(cast, listing, now, seed) as auction:
            package = json.loads(signed_evidence(auction))
            receipts = receipts_of(auction)
        if len(package["document"]["bids"]) < 3:
            continue
        for tamper in (*BY_CHAIN, edit_and_hash_anew, cut_and_hash_anew):
            changed = copy.deepcopy(package)
            tamper(changed, by)
            if changed == package:
                continue
            # The old signature no longer holds, whatever was done.
            with pytest.raises(independent.Flaw, match="signature"):
                independent.verify(changed, keys=keys)
            with pytest.raises(Mismatch, match="signature"):
                checked(changed, keys=keys)
            # Signed anew by somebody who has the key, it is found by the chain, or by what the bidders hold.
            forged = signed(changed["document"])
            held = [] if tamper in BY_CHAIN else receipts
            with pytest.raises(independent.Flaw):
                independent.verify(forged, keys=keys, receipts=held)
            with pytest.raises(Mismatch):
                checked(forged, keys=keys, receipts=held)
            found += 1
    print(json.dumps({"bar": "R-06", "value": found, "pass": True, "seed": FIRST}))


@pytest.fixture
def closed(cast: Cast, now: datetime) -> tuple[Auction, list[Package]]:
    """Two bids and a refused one; and the receipts for them."""
    auction = an_auction(cast, now)
    acts = [(cast.enterprise_agent, START), (cast.rival_agent, START + STEP), (cast.outsider, START)]
    for n, (member, amount) in enumerate(acts):
        place_bid(auction.key, amount, key=f"key-{n:08d}", actor=member.actor, clock=at(auction.opens_at))
    close_auction(auction, clock=at(auction.ends_at))
    return auction, receipts_of(auction)


@pytest.mark.parametrize(
    ("path", "value", "flaw"),
    [
        (("bids", 1, "amount_fen"), 1, "bid 2"),
        (("bids", 0, "at"), "2026-01-01T00:00:00.000000+00:00", "bid 1"),
        (("course", 2, "payload", "winner"), 1, "event 3"),
        (("course", 0, "payload", "terms", "step_fen"), 1, "event 1"),
    ],
)
def test_the_flaw_is_named(closed: tuple[Auction, list[Package]], path: tuple[Any, ...], value: object, flaw: str) -> None:
    package = json.loads(signed_evidence(closed[0]))
    place = package["document"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    for check in (
        lambda: independent.verify(package),
        lambda: checked(signed(package["document"]), keys=known_keys()),
    ):
        with pytest.raises((independent.Flaw, Mismatch), match=flaw):
            check()


def test_a_winner_against_the_rules_is_found_though_every_hash_fits(closed: tuple[Auction, list[Package]]) -> None:
    package = json.loads(signed_evidence(closed[0]))
    package["document"]["course"][-1]["payload"] |= {"winner": 1, "price_fen": START.fen}
    hash_anew(package)
    with pytest.raises(independent.Flaw, match="bidder 2 wins"):
        independent.verify(package)
    with pytest.raises(Mismatch, match="bidder 2 wins"):
        checked(signed(package["document"]), keys=known_keys())


def test_a_reserve_price_changed_afterwards_is_found(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now, reserve=START + STEP)
    close_auction(auction, clock=at(auction.ends_at))
    package = json.loads(signed_evidence(auction))
    assert package["document"]["course"][0]["opened"]["facts"] == {"reserve_price_fen": (START + STEP).fen}
    package["document"]["course"][0]["opened"]["facts"]["reserve_price_fen"] = START.fen
    with pytest.raises(independent.Flaw, match="committed"):
        independent.verify(package)
    with pytest.raises(Mismatch, match="committed"):
        checked(signed(package["document"]), keys=known_keys())


def test_the_published_schema_is_that_of_the_package(closed: tuple[Auction, list[Package]]) -> None:
    schema = json.loads(Path("docs/reference/evidence.schema.json").read_text(encoding="utf-8"))
    package = json.loads(signed_evidence(closed[0]))
    assert set(package) == set(schema["required"])
    assert set(package["document"]) == set(schema["properties"]["document"]["required"])
    assert {frozenset(bid) for bid in package["document"]["bids"]} == {frozenset(schema["$defs"]["bid"]["required"])}
    assert {frozenset(event) for event in package["document"]["course"]} == {frozenset(schema["$defs"]["event"]["required"])}


def test_there_is_no_evidence_before_the_end(cast: Cast, now: datetime) -> None:
    with pytest.raises(ValueError, match="not over"):
        signed_evidence(an_auction(cast, now))


def test_the_command_checks_a_file_without_a_database(closed: tuple[Auction, list[Package]], tmp_path: Path) -> None:
    auction, receipts = closed
    file, held = tmp_path / "evidence.json", tmp_path / "receipts.json"
    file.write_text(signed_evidence(auction), encoding="utf-8")
    held.write_text(json.dumps({"receipts": receipts}), encoding="utf-8")
    out = StringIO()
    call_command("verify_evidence", str(file), "--receipts", str(held), stdout=out)
    assert "won by bidder 2 at 1,260,000" in out.getvalue()
    file.write_text(file.read_text(encoding="utf-8").replace("126000000", "126000001"), encoding="utf-8")
    with pytest.raises(CommandError, match="signature"):
        call_command("verify_evidence", str(file))
    file.write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("verify_evidence", str(file))
    file.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_evidence", str(file))
