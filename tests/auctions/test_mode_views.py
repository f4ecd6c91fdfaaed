"""The rooms of the other modes over HTTP: what each reader can do, without a script too, and what is said where a script is needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from listings.auctions.actions.auctions import announce_auction, annul_auction, close_auction
from listings.auctions.desks import auction_desks
from listings.auctions.models.auctions import Auction, Bid
from tests.auctions.builders import (
    PUBLIC_KEY,
    START,
    STEP,
    Lot,
    a_falling_lot,
    a_listing_in_bidding,
    a_lot,
    a_sealed_lot,
    at,
    deal_of,
    sealed_terms,
)
from tests.letters.test_letters import deliver, of, told
from tests.people import Cast, Member, a_member, an_organisation

type SignIn = Callable[[Member], Client]
JSON = {"accept": "application/json"}


@pytest.fixture
def began() -> datetime:
    """The views ask the database's clock: an auction built from this moment has just opened."""
    return timezone.now() - timedelta(days=60, seconds=30)


def typed(**terms: str) -> dict[str, str]:
    opens_at = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    return {"start": "1250000", "opens_at": opens_at, **terms}


FALLING = {"floor": "850000", "step": "1万", "every": "60", "sealed_minutes": "10", "topping_minutes": "5"}
SEALED = {"minutes": "60", "tie_minutes": "10"}


@pytest.mark.parametrize(("mode", "terms"), [("falling", FALLING), ("sealed", SEALED)])
def test_the_seller_previews_and_announces_each_mode(
    cast: Cast, began: datetime, sign_in: SignIn, mode: str, terms: dict[str, str]
) -> None:
    listing = a_listing_in_bidding(cast, began)
    client, path = sign_in(cast.university_agent), f"/auctions/announce/{listing.number}/?mode={mode}"
    assert client.get(path).status_code == 200
    preview = client.post(path, typed(**terms, preview="1"))
    assert (preview.status_code, Auction.objects.count()) == (200, 0)
    assert 'class="timetable"' in preview.content.decode()
    chosen = str(listing.intents.get(buyer=cast.outside).pk)
    assert client.post(path, typed(**terms, preemptor=chosen, match_minutes="15")).status_code == 302
    auction = Auction.objects.get(rehearsal_of=None)
    assert auction.preemptor is not None
    assert (auction.mode, auction.preemptor.organisation, auction.match_seconds) == (mode, cast.outside, 900)
    assert [lot_key.seat for lot_key in auction.lot_keys.all()] == [1, 2, 3]


def test_the_seller_finds_the_way_to_the_announcement(cast: Cast, began: datetime, sign_in: SignIn) -> None:
    listing = a_listing_in_bidding(cast, began)
    address = f"/auctions/announce/{listing.number}/"
    assert waiting(cast.university_agent) == 1
    assert address in sign_in(cast.university_agent).get("/auctions/").content.decode()
    for other in (Client(), sign_in(cast.enterprise_agent), sign_in(cast.university_finance), sign_in(cast.supervisor)):
        assert address not in other.get("/auctions/").content.decode()
    announce_auction(listing, sealed_terms(timezone.now() + timedelta(days=1)), actor=cast.university_agent.actor, now=began)
    assert address not in sign_in(cast.university_agent).get("/auctions/").content.decode()


def test_wrong_terms_come_back_beside_their_fields(cast: Cast, began: datetime, sign_in: SignIn) -> None:
    listing = a_listing_in_bidding(cast, began)
    path = f"/auctions/announce/{listing.number}/?mode=falling"
    page = sign_in(cast.university_agent).post(path, typed(**FALLING | {"floor": "1250000"}))
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"floor"}


def test_the_clock_is_stopped_without_a_script(cast: Cast, began: datetime, sign_in: SignIn) -> None:
    lot = a_falling_lot(cast, began)
    client, key = sign_in(cast.enterprise_agent), lot.auction.key
    page = client.get(f"/auctions/{key}/")
    form = page.context["form"]
    body = {"amount": str(form["amount"].value()), "key": form["key"].value()}
    assert client.post(f"/auctions/{key}/stop/", body).status_code == 302
    lot.auction.refresh_from_db()
    assert (lot.auction.phase, lot.auction.best) == ("sealed", START)
    late = sign_in(cast.rival_agent).post(f"/auctions/{key}/stop/", {"amount": "1250000", "key": "key-00001"})
    assert late.status_code == 422
    # The page is the one of the sealed bids by now, and says why.
    assert "failed" in late.context
    assert late.context["page"].own_act == "seal"


def test_a_sealed_bid_is_never_sent_in_the_clear_by_a_plain_form(cast: Cast, began: datetime, sign_in: SignIn) -> None:
    lot = a_sealed_lot(cast, began)
    page = sign_in(cast.enterprise_agent).get(f"/auctions/{lot.auction.key}/").content.decode()
    field = page[page.index('<input id="sealed-amount"') :]
    assert "name=" not in field[: field.index(">")]
    assert "<noscript>" in page
    assert "JavaScript" in page
    refused = sign_in(cast.enterprise_agent).post(f"/auctions/{lot.auction.key}/seal/", {"amount": "1300000", "key": "key-00001"})
    assert refused.status_code == 422
    assert not Bid.objects.exists()


@pytest.mark.parametrize("envelope", ["", "x", "[]", "{}", '{"amount": 1}', "9" * 400_000, "9" * 3_999, "[" * 3_999])
def test_what_is_no_envelope_is_refused(cast: Cast, began: datetime, sign_in: SignIn, envelope: str) -> None:
    lot = a_sealed_lot(cast, began)
    body = {"envelope": envelope, "key": "key-00001"}
    answer = sign_in(cast.enterprise_agent).post(f"/auctions/{lot.auction.key}/seal/", body, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert not Bid.objects.exists()


def test_each_sees_what_they_can_do(cast: Cast, began: datetime, sign_in: SignIn) -> None:
    lot = a_falling_lot(cast, began)
    path = f"/auctions/{lot.auction.key}/"
    assert sign_in(cast.enterprise_agent).get(path).context["page"].own_act == "stop"
    for watcher in (Client(), sign_in(cast.supervisor), sign_in(cast.university_agent)):
        assert watcher.get(path).context["page"].own_act == ""
    sign_in(cast.enterprise_agent).post(f"{path}stop/", {"amount": "1250000", "key": "key-00001"})
    assert sign_in(cast.enterprise_agent).get(path).context["page"].own_act == ""
    assert sign_in(cast.rival_agent).get(path).context["page"].own_act == "seal"


def test_the_right_is_used_without_a_script(cast: Cast, began: datetime, sign_in: SignIn) -> None:
    lot = a_sealed_lot(cast, began, preemptor=cast.outsider)
    lot.bid(cast.rival_agent, START + STEP, clock=lot.moment(seconds=1))
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    lot.bring(1, 2, clock=at(timezone.now()))
    client, path = sign_in(cast.outsider), f"/auctions/{lot.auction.key}/"
    page = client.get(path)
    assert page.context["page"].own_act == "match"
    assert client.post(f"{path}match/", {"key": page.context["form"]["key"].value()}).status_code == 302
    deal = deal_of(lot.auction)
    assert (deal.buyer, deal.price) == (cast.outside, START + STEP)


def test_the_bid_of_another_mode_is_out_of_turn(cast: Cast, began: datetime, sign_in: SignIn) -> None:
    lot = a_sealed_lot(cast, began)
    body = {"amount": "1250000", "key": "key-00001"}
    for act in ("bid", "stop", "top"):
        answer = sign_in(cast.rival_agent).post(f"/auctions/{lot.auction.key}/{act}/", body)
        assert answer.status_code == 409, act
    assert not Bid.objects.exists()


# --- The keys -------------------------------------------------------------------------------------------------------


def test_a_holder_makes_and_keeps_a_key(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    lot = a_lot(cast, now, sealed_terms(now + timedelta(days=60)), keys=False)
    client, path = sign_in(cast.supervisor), f"/auctions/{lot.auction.key}/key/"
    assert "<noscript>" in client.get(path).content.decode()
    assert client.post(f"{path}make/", {"public_key": "x"}).status_code == 422
    assert client.post(f"{path}make/", {"public_key": PUBLIC_KEY}).status_code == 302
    assert client.post(f"{path}keep/", {"public_key": PUBLIC_KEY[:-4] + "AAA="}).status_code == 422
    assert client.post(f"{path}keep/", {"public_key": PUBLIC_KEY}).status_code == 302
    assert lot.auction.lot_keys.get(seat=2).kept_at is not None
    assert client.post(f"{path}make/", {"public_key": PUBLIC_KEY}).status_code == 409


def test_ascending_bidding_has_no_keys(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    from tests.auctions.builders import an_auction

    auction = an_auction(cast, now)
    assert sign_in(cast.supervisor).get(f"/auctions/{auction.key}/key/").status_code == 404
    assert Client().get(f"/auctions/{auction.key}/protocol/").status_code == 404


def unopened(cast: Cast, began: datetime) -> Lot:
    lot = a_sealed_lot(cast, began)
    lot.bid(cast.enterprise_agent, START + STEP, clock=lot.moment(seconds=1))
    lot.bid(cast.rival_agent, START - STEP, clock=lot.moment(seconds=1))
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    return lot


def test_two_holders_open_on_the_public_page(cast: Cast, began: datetime, sign_in: SignIn) -> None:
    lot = unopened(cast, began)
    path = f"/auctions/{lot.auction.key}/protocol/"
    assert 'id="bring-key"' not in Client().get(path).content.decode()
    for seat in (2, 3):
        client = sign_in(lot.holders[seat])
        assert 'id="bring-key"' in client.get(path).content.decode()
        assert client.post(f"{path}bring/", {"shares": json.dumps(lot.shares(seat))}).status_code == 302
    page = Client().get(path).content.decode()
    assert cast.supervisor.person.name in page
    assert str(START + STEP) in page
    assert "密封报价低于最低有效价。" in page
    # The loser is ranked nowhere.
    (shown,) = Client().get(path).context["page"].rounds
    assert [(bid.place, bid.amount) for bid in shown.bids] == [(1, START + STEP), (None, START - STEP)]


@pytest.mark.parametrize(
    "shares", ["", "x", "[]", "{}", '{"x": null}', '{"1": 1, "2": null}', '{"1": "ab", "2": null}', "[" * 200_000]
)
def test_what_are_no_shares_is_refused(cast: Cast, began: datetime, sign_in: SignIn, shares: str) -> None:
    lot = unopened(cast, began)
    answer = sign_in(cast.supervisor).post(f"/auctions/{lot.auction.key}/protocol/bring/", {"shares": shares})
    assert answer.status_code == 422
    assert not lot.auction.bids.filter(kind="opened").exists()


def test_the_room_asks_the_same_number_of_queries_however_many_seal(cast: Cast, began: datetime, sign_in: SignIn) -> None:
    more = [
        a_member(f"bidder-{n}@a.example", an_organisation(f"Bidder {n}", "enterprise", 60000000 + n), *cast.outsider.actor.roles)
        for n in range(5)
    ]
    listing = a_listing_in_bidding(cast, began, *more)
    assert listing.intents.count() == 8

    def queries(lot: Lot) -> int:
        client = sign_in(cast.enterprise_agent)
        client.get(f"/auctions/{lot.auction.key}/protocol/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/auctions/{lot.auction.key}/")
            client.get(f"/auctions/{lot.auction.key}/protocol/")
        return len(captured)

    lot = a_sealed_lot(cast, began)
    lot.bid(cast.enterprise_agent, START, clock=lot.moment(seconds=1))
    few = queries(lot)
    for member in (cast.enterprise_agent, cast.rival_agent, cast.outsider) * 3:
        lot.bid(member, START + STEP, clock=lot.moment(seconds=2))
    assert queries(lot) == few


# --- What is told ---------------------------------------------------------------------------------------------------


def test_bidders_are_invited_and_holders_asked_for_their_keys(cast: Cast, now: datetime) -> None:
    bidders = (cast.enterprise_agent, cast.rival_agent, cast.outsider)
    lot = a_sealed_lot(cast, now)
    lot.bid(cast.enterprise_agent, START)
    lot.bid(cast.rival_agent, START)
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    deliver()
    assert told("auction.opened") == of("auction.opened", *bidders)
    assert told("auction.sealed") == of("auction.sealed", *lot.holders.values())
    lot.bring(1, 2)
    deliver()
    seller = (cast.university_owner, cast.university_agent)
    assert told("auction.bids_opened") == of("auction.bids_opened", *bidders, *seller)
    assert told("auction.tied") == of("auction.tied", cast.enterprise_agent, cast.rival_agent)


def test_who_is_not_asked_any_more_gets_no_letter_about_keys(cast: Cast, now: datetime) -> None:
    lot = a_lot(cast, now, sealed_terms(now + timedelta(days=60)), keys=False)
    deliver()
    asked = (cast.registrar, cast.supervisor, cast.university_owner)
    assert of("auction.announced", *asked) <= told("auction.announced")
    assert of("auction.announced", cast.enterprise_agent, cast.rival_agent, cast.outsider) <= told("auction.announced")
    assert lot.auction.keys_ready_at is None


def waiting(member: Member) -> int:
    return sum(desk.waiting for desk in auction_desks(member.actor))


def test_the_workbench_says_whose_key_and_whose_bid_is_awaited(cast: Cast, now: datetime) -> None:
    lot = a_lot(cast, now, sealed_terms(now + timedelta(days=60)), keys=False)
    everybody = (*lot.holders.values(), cast.enterprise_agent, cast.broker)
    assert [waiting(member) for member in everybody] == [1, 1, 1, 0, 0]
    assert list(auction_desks(cast.administrator.actor)) == []
    # Annulled, the listing waits for another auction by its seller.
    annul_auction(lot.auction, reason="公告有误", actor=cast.supervisor.actor, clock=lot.moment())
    assert [waiting(member) for member in everybody] == [0, 0, 1, 0, 0]
    lot = a_sealed_lot(cast, now)
    lot.bid(cast.enterprise_agent, START)
    assert [waiting(member) for member in everybody] == [0, 0, 1, 1, 0]
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    assert [waiting(member) for member in everybody] == [1, 1, 2, 0, 0]
    lot.bring(1)
    assert [waiting(member) for member in everybody] == [0, 1, 2, 0, 0]


def test_the_letters_of_the_falling_clock(cast: Cast, now: datetime, began: datetime, sign_in: SignIn) -> None:
    lot = a_falling_lot(cast, began, preemptor=cast.outsider)
    stop: dict[str, Any] = {"amount": "1250000", "key": "key-00001"}
    sign_in(cast.enterprise_agent).post(f"/auctions/{lot.auction.key}/stop/", stop)
    lot.bid(cast.rival_agent, START + STEP, clock=lot.moment(minutes=1))
    lot.auction.refresh_from_db()
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    lot.bring(1, 2)
    lot.auction.refresh_from_db()
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    deliver()
    assert told("auction.topping_opened") == of("auction.topping_opened", cast.enterprise_agent)
    assert told("auction.match_opened") == of("auction.match_opened", cast.outsider)
    assert of("auction.clock_stopped", cast.rival_agent, cast.outsider) <= told("auction.clock_stopped")
