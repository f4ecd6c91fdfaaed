"""The room over HTTP: a receipt for the script, a page for the plain form, and each kind of reader's view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from listings.auctions.actions.auctions import announce_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.queries import room
from tests.auctions.builders import START, STEP, a_listing_in_bidding, an_auction, at, auction_terms
from tests.listings.builders import a_listing
from tests.people import Cast, Member

type SignIn = Callable[[Member], Client]
JSON = {"accept": "application/json"}


@pytest.fixture
def auction(cast: Cast) -> Auction:
    """Open at this very moment: the views ask the database's clock."""
    return an_auction(cast, timezone.now() - timedelta(days=60, minutes=1))


def test_the_script_gets_a_receipt(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    client = sign_in(cast.enterprise_agent)
    answer = client.post(f"/auctions/{auction.key}/bid/", {"amount": "1250000", "key": "key-00000001"}, headers=JSON)
    receipt = answer.json()
    assert (answer.status_code, receipt["isAccepted"], receipt["sequence"]) == (200, True, 1)
    assert receipt["hash"] == Bid.objects.get().hash
    again = client.post(f"/auctions/{auction.key}/bid/", {"amount": "1250000", "key": "key-00000001"}, headers=JSON)
    assert (again.json()["sequence"], again.json()["hash"]) == (1, receipt["hash"])


@pytest.mark.parametrize(
    ("amount", "code"),
    [("1", "auctions.below_minimum"), ("1255000", "auctions.not_whole_step"), ("-5", "auctions.below_minimum")],
)
def test_a_refused_bid_says_why_and_stays_in_the_chain(
    cast: Cast, auction: Auction, sign_in: SignIn, amount: str, code: str
) -> None:
    client = sign_in(cast.enterprise_agent)
    answer = client.post(f"/auctions/{auction.key}/bid/", {"amount": amount, "key": "key-00000001"}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["message"]
    assert Bid.objects.get().refusal == code


@pytest.mark.parametrize("amount", ["", "abc", "1.234", "1" * 40, "1250000 USD"])
def test_what_is_no_amount_is_refused_beside_its_field(cast: Cast, auction: Auction, sign_in: SignIn, amount: str) -> None:
    client = sign_in(cast.enterprise_agent)
    answer = client.post(f"/auctions/{auction.key}/bid/", {"amount": amount, "key": "key-00000001"}, headers=JSON)
    assert answer.status_code == 422
    assert "amount" in answer.json()["errors"]
    page = client.post(f"/auctions/{auction.key}/bid/", {"amount": amount, "key": "key-00000001"})
    assert page.status_code == 422
    assert amount[:30] in page.content.decode()
    assert not Bid.objects.exists()


def test_the_plain_form_bids_and_gives_back_what_was_typed(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    client = sign_in(cast.enterprise_agent)
    accepted = client.post(f"/auctions/{auction.key}/bid/", {"amount": "125万", "key": "key-00000001"})
    assert (accepted.status_code, accepted["Location"]) == (302, f"/auctions/{auction.key}/")
    refused = sign_in(cast.rival_agent).post(f"/auctions/{auction.key}/bid/", {"amount": "1250000", "key": "key-00000002"})
    assert refused.status_code == 422
    assert 'value="1250000"' in refused.content.decode()


def test_a_flood_of_bids_is_stopped(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    client = sign_in(cast.enterprise_agent)
    answers = [
        client.post(f"/auctions/{auction.key}/bid/", {"amount": "1", "key": f"key-{n:08d}"}, headers=JSON) for n in range(30)
    ]
    stopped = [answer for answer in answers if answer.status_code == 409]
    assert stopped
    assert stopped[0].json()["refusals"][0]["code"] == "auctions.too_many_bids"
    assert Bid.objects.count() == 30 - len(stopped)


def test_only_bidders_bid(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    body = {"amount": "1250000", "key": "key-00000001"}
    assert Client().post(f"/auctions/{auction.key}/bid/", body).status_code == 302
    for member in (cast.university_agent, cast.broker, cast.supervisor):
        assert sign_in(member).post(f"/auctions/{auction.key}/bid/", body, headers=JSON).status_code == 403
    assert sign_in(cast.enterprise_agent).post("/auctions/nosuchauction23/bid/", body).status_code == 404
    assert not Bid.objects.exists()


def test_names_and_refused_bids_are_for_those_who_watch_over_it(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    place_bid(auction.key, START, key="key-00000001", actor=cast.enterprise_agent.actor)
    place_bid(auction.key, START, key="key-00000002", actor=cast.rival_agent.actor)
    public = Client().get(f"/auctions/{auction.key}/").content.decode()
    rival = sign_in(cast.rival_agent).get(f"/auctions/{auction.key}/").content.decode()
    for page in (public, rival):
        assert cast.enterprise.name not in page
        assert "is-refused" not in page
    observed = sign_in(cast.supervisor).get(f"/auctions/{auction.key}/").content.decode()
    assert cast.enterprise.name in observed
    assert "is-refused" in observed


def test_the_reserve_price_and_orders_are_nobody_elses(cast: Cast, sign_in: SignIn) -> None:
    reserve = START + STEP + STEP + STEP
    auction = an_auction(cast, timezone.now() - timedelta(days=60, minutes=1), reserve=reserve)
    client = sign_in(cast.enterprise_agent)
    limit = "1,337,000"
    assert client.post(f"/auctions/{auction.key}/order/", {"limit": limit}).status_code == 302
    assert limit in client.get(f"/auctions/{auction.key}/").content.decode()
    for other in (Client(), sign_in(cast.rival_agent), sign_in(cast.supervisor), sign_in(cast.university_agent)):
        page = other.get(f"/auctions/{auction.key}/").content.decode()
        data = other.get(f"/auctions/{auction.key}/since/?after=0").content.decode()
        for secret in (limit, "1337000", "133700000", str(reserve), str(reserve.fen)):
            assert secret not in page
            assert secret not in data


def test_a_watcher_gets_what_was_missed(cast: Cast, auction: Auction) -> None:
    place_bid(auction.key, START, key="key-00000001", actor=cast.enterprise_agent.actor)
    place_bid(auction.key, START + STEP, key="key-00000002", actor=cast.rival_agent.actor)
    frame = Client().get(f"/auctions/{auction.key}/since/?after=1").json()
    assert (frame["after"], frame["sequence"], frame["leader"]) == (1, 2, 2)
    assert [bid["amount"] for bid in frame["bids"]] == [(START + STEP).fen]
    for odd in ("", "-1", "x", "9" * 30, "１"):
        assert Client().get(f"/auctions/{auction.key}/since/?after={odd}").json()["after"] == 0


def test_who_missed_very_many_is_told_the_newest_in_order(cast: Cast, auction: Auction, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_MISSED", 3)
    members = (cast.enterprise_agent, cast.rival_agent)
    for n in range(5):
        amount = START + type(STEP)(STEP.fen * n)
        place_bid(auction.key, amount, key=f"key-{n:08d}", actor=members[n % 2].actor)
    frame = Client().get(f"/auctions/{auction.key}/since/?after=0").json()
    assert [bid["sequence"] for bid in frame["bids"]] == [3, 4, 5]
    assert frame["sequence"] == 5


def test_the_room_asks_the_same_number_of_queries_however_many_bids_there_are(cast: Cast, auction: Auction) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            Client().get(f"/auctions/{auction.key}/")
        return len(captured)

    queries()
    empty = queries()
    members = (cast.enterprise_agent, cast.rival_agent)
    for n in range(60):
        amount = START + type(STEP)(STEP.fen * n)
        place_bid(auction.key, amount, key=f"key-{n:08d}", actor=members[n % 2].actor)
    assert queries() == empty


def test_the_seller_announces_on_the_site(cast: Cast, sign_in: SignIn) -> None:
    listing = a_listing_in_bidding(cast, timezone.now() - timedelta(days=60))
    opens_at = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    typed = {
        "start": "1250000", "step": "0", "opens_at": opens_at, "free_minutes": "60", "cycle": "300", "most_extensions": "5",
        "hard_stop_minutes": "60",
    }  # fmt: skip
    client = sign_in(cast.university_agent)
    refused = client.post(f"/auctions/announce/{listing.number}/", typed)
    assert refused.status_code == 422
    assert 'value="1250000"' in refused.content.decode()
    assert client.post(f"/auctions/announce/{listing.number}/", typed | {"step": "1万"}).status_code == 302
    assert Auction.objects.get(rehearsal_of=None).step_fen == 1_000_000
    assert client.post(f"/auctions/announce/{listing.number}/", typed | {"step": "1万"}).status_code == 409
    assert sign_in(cast.enterprise_agent).get(f"/auctions/announce/{listing.number}/").status_code == 403


def test_a_supervisor_pauses_resumes_and_annuls(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    client = sign_in(cast.supervisor)
    assert client.get(f"/auctions/{auction.key}/pause/").status_code == 200
    assert client.post(f"/auctions/{auction.key}/pause/", {"reason": ""}).status_code == 422
    assert client.post(f"/auctions/{auction.key}/pause/", {"reason": "网络故障"}).status_code == 302
    assert client.post(f"/auctions/{auction.key}/pause/", {"reason": "网络故障"}).status_code == 409
    assert client.post(f"/auctions/{auction.key}/resume/").status_code == 302
    assert sign_in(cast.university_agent).post(f"/auctions/{auction.key}/annul/", {"reason": "x"}).status_code == 403
    assert client.post(f"/auctions/{auction.key}/annul/", {"reason": "公告有误"}).status_code == 302
    auction.refresh_from_db()
    assert auction.state == "annulled"


def test_the_list_and_a_room_that_is_over_name_the_winner(cast: Cast, auction: Auction, now: datetime) -> None:
    from listings.auctions.actions.auctions import close_auction

    place_bid(auction.key, START, key="key-00000001", actor=cast.enterprise_agent.actor)
    close_auction(auction, clock=at(auction.ends_at))
    assert auction.listing.achievement.title in Client().get("/auctions/").content.decode()
    assert cast.enterprise.name in Client().get(f"/auctions/{auction.key}/").content.decode()


def test_a_stale_best_is_refused_with_the_minimum_of_this_moment(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    place_bid(auction.key, START + STEP, key="key-00000001", actor=cast.rival_agent.actor)
    client = sign_in(cast.enterprise_agent)
    answer = client.post(f"/auctions/{auction.key}/bid/", {"amount": "1260000", "key": "key-00000002"}, headers=JSON)
    receipt = answer.json()
    assert (answer.status_code, receipt["code"], receipt["minimum"]) == (422, "auctions.below_minimum", (START + STEP + STEP).fen)
    assert "1,270,000" in receipt["message"]


def test_a_replayed_bid_bids_nothing_and_another_amount_under_its_key_is_refused(
    cast: Cast, auction: Auction, sign_in: SignIn
) -> None:
    client = sign_in(cast.enterprise_agent)
    body = {"amount": "1250000", "key": "key-00000001"}
    first, again = (client.post(f"/auctions/{auction.key}/bid/", body, headers=JSON).json() for _ in range(2))
    assert first["receipt"] == again["receipt"]
    other = client.post(f"/auctions/{auction.key}/bid/", body | {"amount": "1260000"}, headers=JSON)
    assert other.status_code == 409
    assert other.json()["errors"]
    assert Bid.objects.count() == 1


@pytest.mark.parametrize("field", ["organisation", "bidder", "bidder_id", "pass", "person", "sequence", "at", "is_accepted"])
def test_nobody_bids_in_anothers_name(cast: Cast, auction: Auction, sign_in: SignIn, field: str) -> None:
    """Whatever the request says of itself, the bid is of the organisation that the session acts for."""
    forged = {"amount": "1250000", "key": "key-00000001", field: str(cast.rival.pk)}
    client = sign_in(cast.enterprise_agent)
    client.post(f"/auctions/{auction.key}/bid/", forged, headers=JSON | {"X-Organisation": cast.rival.key})
    bid = Bid.objects.get()
    assert (bid.bidder.organisation, bid.person, bid.sequence) == (cast.enterprise, cast.enterprise_agent.person.pk, 1)


def test_who_acts_for_an_organisation_one_does_not_belong_to_bids_nothing(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    client = sign_in(cast.broker)
    session = client.session
    session["acting_organisation"] = cast.rival.key
    session.save()
    answer = client.post(f"/auctions/{auction.key}/bid/", {"amount": "1250000", "key": "key-00000001"}, headers=JSON)
    assert (answer.status_code, answer.json()["refusals"][0]["code"]) == (403, "auctions.no_pass")
    assert not Bid.objects.exists()


@pytest.mark.parametrize("field", ["amount", "key"])
def test_a_message_of_a_megabyte_is_refused_and_the_next_bid_counts(
    cast: Cast, auction: Auction, sign_in: SignIn, field: str
) -> None:
    client = sign_in(cast.enterprise_agent)
    body = {"amount": "1250000", "key": "key-00000001"}
    answer = client.post(f"/auctions/{auction.key}/bid/", body | {field: "9" * 1_000_000}, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["codes"][field]
    assert not Bid.objects.exists()
    assert client.post(f"/auctions/{auction.key}/bid/", body, headers=JSON).status_code == 200


def test_a_body_beyond_all_measure_is_not_read(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    client = sign_in(cast.enterprise_agent)
    body = {"amount": "9" * 3_000_000, "key": "key-00000001"}
    answer = client.post(
        f"/auctions/{auction.key}/bid/", urlencode(body), content_type="application/x-www-form-urlencoded", headers=JSON
    )
    assert answer.status_code in {400, 413}
    assert not Bid.objects.exists()


@pytest.mark.parametrize("amount", ["1250000 USD", "$1250000", "€1250000", "1250000港元", "1.2345万", "1250000.001", "1e6", "١٢"])
def test_another_currency_and_a_fraction_of_a_fen_are_refused_in_the_readers_language(
    cast: Cast, auction: Auction, sign_in: SignIn, amount: str
) -> None:
    client = sign_in(cast.enterprise_agent)
    said = []
    for prefix in ("", "/en"):
        answer = client.post(f"{prefix}/auctions/{auction.key}/bid/", {"amount": amount, "key": "key-00000001"}, headers=JSON)
        assert answer.status_code == 422
        said.append(str(answer.json().get("errors") or answer.json()["message"]))
    assert said[0] != said[1]
    assert not Bid.objects.filter(is_accepted=True).exists()


def test_a_bid_needs_the_token_of_the_page(cast: Cast, auction: Auction, sign_in: SignIn) -> None:
    signed_in = sign_in(cast.enterprise_agent)
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in.cookies
    answer = client.post(f"/auctions/{auction.key}/bid/", {"amount": "1250000", "key": "key-00000001"}, headers=JSON)
    assert answer.status_code == 403
    assert not Bid.objects.exists()


def test_a_listings_page_leads_its_seller_to_the_announcement_and_everybody_to_the_auction(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    listing = a_listing_in_bidding(cast, now)
    page, announce = listing.get_absolute_url(), reverse("auctions:announce_auction", args=[listing.number])
    assert announce in sign_in(cast.university_agent).get(page).content.decode()
    for other in (cast.enterprise_agent, cast.supervisor):
        assert announce not in sign_in(other).get(page).content.decode()
    opens_at = now + timedelta(days=60)
    auction = announce_auction(listing, auction_terms(opens_at), actor=cast.university_agent.actor, now=now + timedelta(days=59))
    for member in (cast.university_agent, cast.enterprise_agent):
        text = sign_in(member).get(page).content.decode()
        assert announce not in text
        assert auction.get_absolute_url() in text


def test_a_listing_on_notice_says_nothing_of_an_auction(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    listing = a_listing(cast, now)
    page = sign_in(cast.university_agent).get(listing.get_absolute_url())
    assert page.context["panels"] == []
