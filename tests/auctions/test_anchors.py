"""Heads are written down outside the database: a cut tail and a chain hashed anew are found and named by them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from listings.auctions.actions.auctions import close_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.evidence.documents import signed_evidence, signed_receipt
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.queries.auctions import flaw_of
from listings.auctions.tasks import anchor_running_auctions
from market.events.actions import advance, anchor_log
from market.events.anchors import anchor_file
from market.events.models import Event, Head
from market.events.queries import broken_links, link_of
from market.events.registry import READERS
from market.signatures import known_keys
from tests.auctions.builders import START, STEP, an_auction, at
from tests.people import Cast
from tools import verify_evidence as independent


@pytest.fixture
def auction(cast: Cast, now: datetime) -> Auction:
    """Three bids, the last one refused; running."""
    auction = an_auction(cast, now)
    acts = [(cast.enterprise_agent, START), (cast.rival_agent, START + STEP), (cast.outsider, START)]
    for n, (member, amount) in enumerate(acts):
        place_bid(auction.key, amount, key=f"key-{n:08d}", actor=member.actor, clock=at(auction.opens_at))
    auction.refresh_from_db()
    return auction


def said_by(command: str, *arguments: str) -> str:
    """The flaws that the command names; nothing when it is content."""
    errors = StringIO()
    try:
        call_command(command, *arguments, stdout=StringIO(), stderr=errors)
    except CommandError:
        assert errors.getvalue()
    return errors.getvalue()


def cut_the_tail(auction: Auction) -> None:
    """And the head with it, so that the chain itself shows nothing."""
    auction.bids.filter(sequence=3).delete()
    last = auction.bids.get(sequence=2)
    Auction.objects.filter(pk=auction.pk).update(sequence=2, head_hash=last.hash)


def hash_anew(auction: Auction) -> None:
    """Another key of the first bid, and every hash after it."""
    previous = "0" * 64
    for bid in auction.bids.select_related("bidder").order_by("sequence"):
        bid.previous_hash = previous
        bid.key += "x" if bid.sequence == 1 else ""
        previous = bid.hash = bid.record(auction.key, bid.bidder.number).hash()
        Bid.objects.filter(pk=bid.pk).update(key=bid.key, previous_hash=bid.previous_hash, hash=bid.hash)
    Auction.objects.filter(pk=auction.pk).update(head_hash=previous)


@pytest.mark.parametrize(
    ("tamper", "anchored", "held"),
    [
        (cut_the_tail, "#3: cut off before this place", "#3: cut off"),
        (hash_anew, "#3: hashed anew since then", "#1: hashed anew"),
    ],
)
def test_what_the_chain_cannot_show_anchors_and_receipts_do(
    auction: Auction, tmp_path: Path, tamper: Callable[[Auction], None], anchored: str, held: str
) -> None:
    anchor_running_auctions(timezone.now())
    receipts = [signed_receipt(bid.record(auction.key, bid.bidder.number), bid.hash) for bid in auction.bids.all()]
    file = tmp_path / "receipts.json"
    file.write_text(json.dumps({"receipts": receipts}), encoding="utf-8")
    assert said_by("verify_auctions", "--receipts", str(file)) == ""
    tamper(auction)
    assert flaw_of(Auction.objects.get(pk=auction.pk)) is None
    assert anchored in said_by("verify_auctions")
    elsewhere = said_by("verify_auctions", "--anchors", str(tmp_path / "none"), "--receipts", str(file))
    assert held in elsewhere
    receipts[0]["signature"]["value"] = receipts[1]["signature"]["value"]
    file.write_text(json.dumps(receipts[0]), encoding="utf-8")
    assert "not signed" in said_by("verify_auctions", "--receipts", str(file))


def test_the_heads_of_the_log_are_anchored_and_a_cut_or_new_chain_is_named(auction: Auction) -> None:
    assert anchor_log(timezone.now()) > 1
    assert anchor_log(timezone.now()) == 0
    assert said_by("verify_events") == ""
    last = Event.objects.filter(subject=auction.subject).latest("sequence")
    before = Event.objects.get(subject=auction.subject, sequence=last.sequence - 1)
    before_hash = before.hash
    # Hashed anew: the chain holds, the anchor does not.
    last.payload = last.payload | {"bidders": 99}
    Event.objects.filter(pk=last.pk).update(payload=last.payload, hash=link_of(last).hash())
    Head.objects.filter(subject=auction.subject).update(hash=link_of(last).hash())
    assert broken_links() == []
    assert f"{auction.subject} #{last.sequence}: hashed anew" in said_by("verify_events")
    Event.objects.filter(pk=last.pk).delete()
    Head.objects.filter(subject=auction.subject).update(sequence=before.sequence, hash=before_hash)
    assert broken_links() == []
    assert f"{auction.subject} #{last.sequence}: cut off" in said_by("verify_events")


def test_lines_are_chained_and_signed_and_later_events_do_not_disturb(auction: Auction) -> None:
    for _hour in range(3):
        anchor_running_auctions(timezone.now())
    file = anchor_file()
    assert said_by("verify_events") == ""
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0] + lines[2])
    assert "anchor 2: " in said_by("verify_events")
    file.write_bytes(lines[0] + lines[1].replace(b'"sequence":3', b'"sequence":2') + lines[2])
    assert "anchor 2: " in said_by("verify_events")
    file.write_bytes(b"no line\n")
    assert "not signed" in said_by("verify_events")


def test_both_chains_are_anchored_when_an_auction_ends_and_the_package_fits(auction: Auction) -> None:
    anchor_running_auctions(auction.opens_at)
    close_auction(auction, clock=at(auction.ends_at))
    while advance(READERS["auctions.evidence"], now=timezone.now()):
        pass
    anchors = [json.loads(line) for line in anchor_file().read_text(encoding="utf-8").splitlines()]
    assert {head["chain"] for head in anchors[-1]["document"]["heads"]} == {auction.subject, f"bids:{auction.key}"}
    package = json.loads(signed_evidence(auction))
    assert independent.verify(package, keys=known_keys(), anchors=anchors)["winner"] == 2
    hash_anew(auction)
    with pytest.raises(independent.Flaw, match="made anew"):
        independent.check_anchors(json.loads(signed_evidence(auction))["document"], anchors, known_keys())
    cut = package["document"] | {"bids": package["document"]["bids"][:1]}
    with pytest.raises(independent.Flaw, match="was cut before"):
        independent.check_anchors(cut, anchors, known_keys())


def test_a_notary_is_sent_each_anchor(auction: Auction, settings: Settings) -> None:
    settings.ANCHOR_MAIL_TO = ["notary@notary.example"]
    anchor_running_auctions(timezone.now())
    [message] = mail.outbox
    assert message.to == ["notary@notary.example"]
    assert message.body == anchor_file().read_text(encoding="utf-8").strip()
