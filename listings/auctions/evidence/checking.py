"""Does a package hold? Its signature, its two chains, and the rules played again; and whether it fits what others were given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from listings.auctions.chain import GENESIS
from listings.auctions.evidence.course import Mismatch, Result, instant, require
from listings.auctions.evidence.documents import EVIDENCE_FORMAT, RECEIPT_FORMAT
from listings.auctions.evidence.replay import replayed
from market.events.chain import canonical, commitment
from market.signatures import is_signed


def checked(package: Mapping[str, Any], *, keys: Mapping[str, bytes], receipts: Iterable[Mapping[str, Any]] = ()) -> Result:
    """The result that the rules lead to. Raises `Mismatch` with the first thing that does not hold.

    `keys` are the market's public keys by name; `receipts` what bidders were given, signed.
    """
    try:
        require(is_signed(package, keys), "the signature does not hold")
        document = package["document"]
        require(document["format"] == EVIDENCE_FORMAT, "this is not evidence of an auction, or of a later version")
        _check_chain(document["bids"], "bid", "previous_hash", {"hash"})
        _check_chain(document["course"], "event", "previous", {"hash", "opened"})
        _check_subjects(document)
        result = replayed(document)
        for receipt in receipts:
            _check_receipt(document, receipt, keys)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, AssertionError) as error:
        raise Mismatch(f"the file is not made as it should be: {type(error).__name__} {error}") from error
    return result


def _check_chain(entries: list[dict[str, Any]], what: str, link: str, besides: set[str]) -> None:
    previous = GENESIS
    for place, entry in enumerate(entries, start=1):
        hashed = {name: value for name, value in entry.items() if name not in besides}
        require(entry["sequence"] == place, f"{what} {place} is missing")
        require(entry[link] == previous, f"{what} {place} is not chained to the one before it")
        require(hashlib.sha256(canonical(hashed)).hexdigest() == entry["hash"], f"{what} {place} was edited")
        previous = entry["hash"]


def _check_subjects(document: Mapping[str, Any]) -> None:
    key = document["auction"]
    require(all(bid["auction"] == key for bid in document["bids"]), "there are bids of another auction")
    for event in document["course"]:
        require(event["subject"] == f"auction:{key}", "there are events of something else")
        if opened := event.get("opened"):
            is_kept = commitment(opened["salt"], opened["facts"]) == event["personal"]
            require(is_kept, "the reserve price is not the one that was committed to")


def _check_receipt(document: Mapping[str, Any], sealed: Mapping[str, Any], keys: Mapping[str, bytes]) -> None:
    receipt = sealed["document"]
    number = receipt["sequence"]
    require(is_signed(sealed, keys) and receipt["format"] == RECEIPT_FORMAT, f"receipt {number} is not signed by the market")
    require(receipt["auction"] == document["auction"], f"receipt {number} is of another auction")
    found = [bid for bid in document["bids"] if bid["sequence"] == number]
    if not found and not receipt["is_accepted"] and instant(receipt["at"]) >= instant(document["course"][-1]["at"]):
        # Refused after the end.
        return
    require(bool(found), f"receipt {number} is for a bid that was cut off")
    require(found[0]["hash"] == receipt["hash"], f"receipt {number} is for another bid: the chain was made anew")
