"""Receipts, the notice of the result and the evidence on the site: to whom they are given, and that they are what was signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from listings.auctions.actions.auctions import annul_auction, close_auction
from listings.auctions.actions.bids import place_bid, set_proxy
from listings.auctions.actions.evidence import keep_evidence
from listings.auctions.evidence.documents import signed_evidence
from listings.auctions.models.auctions import Auction, Bid, Evidence
from listings.auctions.rules.offers import told_later
from market.accounts.models import Organisation
from market.events.actions import advance
from market.events.chain import commitment
from market.events.models import Event
from market.events.registry import READERS
from market.refusals import sentence
from market.signatures import is_signed, known_keys
from tests.auctions.builders import START, STEP, an_auction, at
from tests.people import Cast, Member
from tools import verify_evidence as independent

type SignIn = Callable[[Member], Client]
JSON = {"accept": "application/json"}


@pytest.fixture
def auction(cast: Cast) -> Auction:
    """Open at this very moment: the views ask the database's clock."""
    return an_auction(cast, timezone.now() - timedelta(days=60, minutes=1))


def bid(client: Client, auction: Auction, amount: str, key: str) -> Any:
    return client.post(f"/auctions/{auction.key}/bid/", {"amount": amount, "key": key}, headers=JSON).json()


def closed(cast: Cast, auction: Auction) -> Auction:
    place_bid(auction.key, START, key="key-00000001", actor=cast.enterprise_agent.actor)
    place_bid(auction.key, START + STEP, key="key-00000002", actor=cast.rival_agent.actor)
    return close_auction(auction, clock=at(auction.ends_at))


def test_every_bid_is_answered_with_a_signed_receipt(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    client = sign_in(cast.enterprise_agent)
    rival = sign_in(cast.rival_agent)
    accepted, refused = bid(client, auction, "1250000", "key-00000001"), bid(rival, auction, "1", "key-00000002")
    for answer in (accepted, refused):
        receipt = answer["receipt"]
        stored = Bid.objects.get(sequence=answer["sequence"])
        assert is_signed(receipt, known_keys())
        assert receipt["document"]["hash"] == stored.hash
        assert receipt["document"]["previous_hash"] == stored.previous_hash
        assert receipt["document"]["refusal"] == stored.refusal
    # Sent again, the same bid has the same receipt; a refused one too, though its moment's figures are gone.
    assert bid(client, auction, "1250000", "key-00000001")["receipt"] == accepted["receipt"]
    again = bid(rival, auction, "1", "key-00000002")
    assert (again["receipt"], again["code"]) == (refused["receipt"], "auctions.below_minimum")
    assert again["message"]


@pytest.mark.parametrize(
    ("code", "later"),
    [
        ("auctions.below_minimum", "auctions.below_minimum_then"),
        ("auctions.not_whole_step", "auctions.not_whole_step_then"),
        ("auctions.price_not_reached", "auctions.price_not_reached_then"),
        ("auctions.you_lead", "auctions.you_lead"),
    ],
)
def test_a_recorded_refusal_is_told_without_the_figures_of_its_moment(code: str, later: str) -> None:
    refusal = told_later(code)
    assert refusal is not None
    assert refusal.code == later
    assert "{" not in sentence(refusal)
    assert told_later("") is None


def test_bidders_find_their_own_receipts_again_and_nobody_elses(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    client, rival = sign_in(cast.enterprise_agent), sign_in(cast.rival_agent)
    given = bid(client, auction, "1250000", "key-00000001")["receipt"]
    bid(client, auction, "1250000", "key-00000002")
    bid(rival, auction, "1260000", "key-00000003")
    address = f"/auctions/{auction.key}/receipts/"
    assert address in client.get(f"/auctions/{auction.key}/").content.decode()
    page = client.get(address).content.decode()
    assert given["document"]["hash"][:12] in page
    assert f"{address}1.json" in page
    assert f"{address}3.json" not in page
    file = client.get(f"{address}1.json")
    assert file.json() == given
    assert "attachment" in file["Content-Disposition"]
    assert client.get(f"{address}3.json").status_code == 404
    everything = client.get(f"/auctions/{auction.key}/receipts.json").json()
    assert [receipt["document"]["sequence"] for receipt in everything["receipts"]] == [1, 2]
    for other in (sign_in(cast.university_agent), sign_in(cast.supervisor), sign_in(cast.broker)):
        assert other.get(address).status_code == 404
        assert other.get(f"{address}1.json").status_code == 404
        assert other.get(f"/auctions/{auction.key}/receipts.json").status_code == 404


def test_a_bidder_can_show_the_limit_of_an_order_and_the_evidence_never_does(
    cast: Cast, auction: Auction, sign_in: SignIn
) -> None:
    limit = START + STEP + STEP
    set_proxy(auction, limit, actor=cast.enterprise_agent.actor)
    [order] = sign_in(cast.enterprise_agent).get(f"/auctions/{auction.key}/receipts.json").json()["orders"]
    assert order["facts"] == {"limit_fen": limit.fen}
    event = Event.objects.get(subject=auction.subject, sequence=order["event"])
    assert commitment(order["salt"], order["facts"]) == event.personal_digest
    assert sign_in(cast.rival_agent).get(f"/auctions/{auction.key}/receipts.json").json()["orders"] == []
    close_auction(auction, clock=at(auction.ends_at))
    assert str(limit.fen) not in signed_evidence(auction)


def test_the_parties_and_officials_get_the_evidence_after_the_end(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    address = f"/auctions/{auction.key}/evidence.json"
    assert sign_in(cast.university_agent).get(address).status_code == 404
    closed(cast, auction)
    texts = set()
    for member in (
        cast.university_agent,
        cast.enterprise_agent,
        cast.rival_agent,
        cast.outsider,
        cast.supervisor,
        cast.registrar,
    ):
        answer = sign_in(member).get(address)
        assert answer.status_code == 200
        texts.add(answer.content.decode())
    assert len(texts) == 1
    found = independent.verify(json.loads(texts.pop()), keys=known_keys())
    assert (found["winner"], found["price_fen"]) == (2, (START + STEP).fen)
    refused = sign_in(cast.broker).get(address, headers=JSON)
    assert (refused.status_code, refused.json()["refusals"][0]["code"]) == (403, "auctions.no_party")
    assert Client().get(address).status_code == 302


def test_there_is_one_package_however_often_it_is_made(cast: Cast, auction: Auction) -> None:
    closed(cast, auction)
    text = signed_evidence(auction)
    while advance(READERS["auctions.evidence"], now=timezone.now()):
        pass
    kept = Evidence.objects.get()
    assert kept.text == text
    # Whatever is renamed or refused later, the package stays as it is, and is made the same.
    Organisation.objects.filter(pk=cast.rival.pk).update(name="改名公司")
    place_bid(auction.key, START, key="key-too-late", actor=cast.enterprise_agent.actor)
    assert keep_evidence(auction, now=timezone.now()).pk == kept.pk
    assert signed_evidence(auction) == text


def test_the_notice_names_winner_price_and_head(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    address = f"/auctions/{auction.key}/result/"
    assert Client().get(address).status_code == 404
    closed(cast, auction)
    auction.refresh_from_db()
    page = Client().get(address).content.decode()
    for said in (cast.rival.name, "1,260,000", auction.head_hash, auction.listing.number, cast.university.name):
        assert said in page
    assert "evidence.json" not in page
    assert "evidence.json" in sign_in(cast.outsider).get(address).content.decode()
    assert address in Client().get(f"/auctions/{auction.key}/").content.decode()


def test_the_notice_of_an_annulled_auction_says_why(cast: Cast, auction: Auction) -> None:
    annul_auction(auction, reason="公告有误", actor=cast.supervisor.actor)
    page = Client().get(f"/auctions/{auction.key}/result/").content.decode()
    assert "公告有误" in page
    assert cast.enterprise.name in page


def test_the_page_that_checks_brings_the_published_keys_and_takes_no_file(client: Client, db: None) -> None:
    page = client.get("/auctions/verify/")
    assert page.status_code == 200
    published = client.get("/.well-known/signing-keys.json").json()["keys"]
    assert published[0]["public_key"] in page.content.decode()
    assert client.post("/auctions/verify/", {}).status_code == 405
