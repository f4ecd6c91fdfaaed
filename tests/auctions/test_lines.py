"""The room knows which bidders are there, and pauses itself when too many have lost their line."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections
from django.test import Client
from django.utils import timezone

from listings.auctions.actions.auctions import annul_auction, open_auction, pause_auction, resume_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.actions.lines import note_left, note_seen, pause_for_lost_bidders
from listings.auctions.evidence.course import Mismatch
from listings.auctions.evidence.documents import signed_evidence
from listings.auctions.evidence.replay import replayed
from listings.auctions.models.auctions import Auction
from listings.auctions.models.lines import BidderLine
from listings.auctions.queries.lines import rooms_to_pause
from listings.auctions.rules.lines import Line, LossTerms, is_lost, lost_bidders, most_lost, needs_bidders
from listings.auctions.tasks import pause_lost_rooms
from market.accounts.models import Membership
from market.asgi import application
from market.events.models import Event
from market.signatures import known_keys
from tests.auctions.builders import START, a_falling_lot, a_sealed_lot, an_auction, at
from tests.people import Cast, Member
from tools import verify_evidence as independent

T0 = datetime(2026, 5, 8, 2, 0, tzinfo=UTC)
TERMS = LossTerms(most=1, after=timedelta(seconds=30))


def ago(**time: float) -> datetime:
    return T0 - timedelta(**time)


# --- The rule


@pytest.mark.parametrize(
    ("share", "bidders", "most"), [("0.5", 3, 1), ("0.5", 2, 1), ("0.5", 1, 0), ("0.335", 10, 3), ("1", 4, 4)]
)
def test_a_share_of_the_bidders_is_a_number_of_them(share: str, bidders: int, most: int) -> None:
    assert most_lost(Decimal(share), bidders) == most


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        (Line(ago(seconds=29)), False),
        (Line(ago(seconds=30)), True),
        (Line(ago(hours=1)), True),
        (Line(ago(hours=1, seconds=1)), False),
        (Line(None), False),
        (Line(None, bid_at=ago(minutes=2)), False),
        (Line(ago(minutes=2), bid_at=ago(seconds=3)), False),
        (Line(ago(hours=3), bid_at=ago(minutes=2)), True),
        (Line(ago(minutes=2), left_at=ago(minutes=2)), False),
        (Line(ago(minutes=2), left_at=ago(minutes=9)), True),
    ],
    ids=[
        "not long enough",
        "long enough",
        "an hour",
        "gone for good",
        "never there",
        "bids by the form only",
        "bids by the form meanwhile",
        "bid by the form and is gone since",
        "closed the page",
        "closed the page and came back",
    ],
)
def test_who_is_lost(line: Line, lost: bool) -> None:
    assert is_lost(line, TERMS, now=T0) is lost


def test_the_room_pauses_itself_above_the_share_not_at_it() -> None:
    gone, here = Line(ago(minutes=1)), Line(ago(seconds=1))
    assert lost_bidders([gone, here, here], TERMS, now=T0) == 0
    assert lost_bidders([gone, gone, here], TERMS, now=T0) == 2


def test_who_was_gone_when_an_official_resumed_is_not_lost_again() -> None:
    again = LossTerms(most=0, after=timedelta(seconds=30), since=ago(minutes=1))
    assert lost_bidders([Line(ago(minutes=2))], again, now=T0) == 0
    assert lost_bidders([Line(ago(seconds=40))], again, now=T0) == 1


@pytest.mark.parametrize(
    ("mode", "phase", "step", "timed_from", "needed"),
    [
        ("ascending", "", None, ago(seconds=0), True),
        ("ascending", "", None, T0 + timedelta(seconds=1), False),
        ("falling", "clock", timedelta(minutes=1), None, True),
        ("falling", "clock", timedelta(hours=12), None, False),
        ("falling", "sealed", timedelta(minutes=1), None, False),
        ("sealed", "sealed", None, None, False),
    ],
)
def test_when_bidders_must_be_there(
    mode: str, phase: str, step: timedelta | None, timed_from: datetime | None, needed: bool
) -> None:
    assert needs_bidders(mode, phase, step=step, timed_from=timed_from, now=T0) is needed


# --- The action


def seen(auction: Auction, moment: datetime, *members: Member) -> None:
    for member in members:
        note_seen(auction.passes.get(organisation=member.organisation).pk, clock=at(moment))


def timed(auction: Auction, **after: float) -> datetime:
    """So long after the timed period has begun."""
    assert auction.free_until is not None
    return auction.free_until + timedelta(**after)


def test_the_room_pauses_itself_and_goes_on_with_a_full_cycle(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    seen(auction, timed(auction, seconds=60), cast.enterprise_agent, cast.rival_agent)
    seen(auction, timed(auction, seconds=89), cast.outsider)
    moment = timed(auction, seconds=90)
    paused = pause_for_lost_bidders(auction, clock=at(moment))
    assert (paused.state, paused.lost_bidders, paused.paused_at) == ("paused", 2, moment)
    event = Event.objects.get(subject=auction.subject, name="auction.paused_itself")
    assert {name: event.payload[name] for name in ("lost", "bidders", "seconds", "place")} == {
        "lost": 2,
        "bidders": 3,
        "seconds": 30,
        "place": 0,
    }
    receipt = place_bid(auction.key, START, key="key-00001", actor=cast.outsider.actor, clock=at(moment))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "auctions.paused"
    again = moment + timedelta(minutes=20)
    resumed = resume_auction(auction, actor=cast.supervisor.actor, clock=at(again))
    assert (resumed.ends_at, resumed.lost_bidders) == (again + timedelta(seconds=300), None)
    later = again + timedelta(seconds=200)
    assert pause_for_lost_bidders(auction, clock=at(later)).state == "open", "those who did not come back are lost once"


@pytest.mark.parametrize("who", ["one is lost", "all closed the page", "one bids by the form", "free period", "over", "paused"])
def test_the_room_goes_on(cast: Cast, now: datetime, who: str) -> None:
    auction = an_auction(cast, now)
    begun = timed(auction, seconds=-600 if who == "free period" else 60)
    members = [cast.enterprise_agent] if who == "one is lost" else [cast.enterprise_agent, cast.rival_agent]
    seen(auction, begun, *members)
    moment = begun + timedelta(seconds=40)
    match who:
        case "all closed the page":
            for line in BidderLine.objects.all():
                note_left(line.bidder_id, clock=at(begun + timedelta(seconds=1)))
        case "one bids by the form":
            clock = at(begun + timedelta(seconds=20))
            place_bid(auction.key, START, key="key-00001", actor=cast.rival_agent.actor, clock=clock)
        case "over":
            moment = auction.ends_at
        case "paused":
            pause_auction(auction, reason="线路检修", actor=cast.supervisor.actor, clock=at(moment))
    before = Event.objects.count()
    auction.refresh_from_db()
    assert pause_for_lost_bidders(auction, clock=at(moment)).state == auction.state
    assert Event.objects.count() == before
    assert not rooms_to_pause(moment)


def test_a_falling_clock_stands_still_and_sealed_bidding_never_does(cast: Cast, now: datetime) -> None:
    falling, sealed = a_falling_lot(cast, now), a_sealed_lot(cast, now)
    for lot in (falling, sealed):
        seen(lot.auction, lot.moment(minutes=2)(T0), cast.enterprise_agent, cast.rival_agent)
    assert pause_for_lost_bidders(falling.auction, clock=falling.moment(minutes=3)).state == "paused"
    assert pause_for_lost_bidders(sealed.auction, clock=sealed.moment(minutes=3)).state == "open"


def test_the_worker_pauses_the_rooms_that_need_it_and_asks_twice_in_vain(cast: Cast, now: datetime) -> None:
    began = timezone.now() - timedelta(days=60, hours=1, minutes=2)
    one, other = an_auction(cast, began), an_auction(cast, began)
    seen(one, timezone.now() - timedelta(seconds=50), cast.enterprise_agent, cast.rival_agent)
    seen(other, timezone.now() - timedelta(seconds=50), cast.enterprise_agent)
    for _ in range(2):
        pause_lost_rooms(timezone.now())
    assert [Auction.objects.get(pk=auction.pk).state for auction in (one, other)] == ["paused", "open"]
    assert Event.objects.filter(name="auction.paused_itself").count() == 1


def test_the_pause_is_in_the_evidence_and_a_groundless_one_is_found(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    seen(auction, timed(auction, seconds=60), cast.enterprise_agent, cast.rival_agent)
    pause_for_lost_bidders(auction, clock=at(timed(auction, seconds=120)))
    resume_auction(auction, actor=cast.supervisor.actor, clock=at(timed(auction, seconds=300)))
    annul_auction(auction, reason="公告有误", actor=cast.supervisor.actor, clock=at(timed(auction, seconds=310)))
    text = signed_evidence(auction)
    document = json.loads(text)["document"]
    assert replayed(document).state == "annulled"
    assert independent.verify(json.loads(text), keys=known_keys())["winner"] is None
    for event in document["course"]:
        if event["name"] == "auction.paused_itself":
            event["payload"]["lost"] = 1
    with pytest.raises(Mismatch, match="not so many"):
        replayed(document)


def test_the_room_says_why_it_stands_still(cast: Cast, client: Client) -> None:
    auction = an_auction(cast, timezone.now() - timedelta(days=60, hours=1, minutes=2))
    assert "超过 1 个竞价方断线达" in client.get(auction.get_absolute_url()).content.decode()
    seen(auction, timezone.now() - timedelta(seconds=50), cast.enterprise_agent, cast.rival_agent)
    pause_for_lost_bidders(auction)
    page = client.get(auction.get_absolute_url()).content.decode()
    assert "竞价厅已自动暂停" in page
    assert "3 个竞价方中有 2 个" in page


# --- The socket


async def a_bidder(auction: Auction, member: Member | None) -> WebsocketCommunicator:
    headers = [(b"origin", b"http://testserver"), (b"host", b"testserver")]
    if member is not None:
        client = Client()
        await sync_to_async(client.force_login)(member.person, backend="django.contrib.auth.backends.ModelBackend")
        headers.append((b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode()))
    socket = WebsocketCommunicator(application, f"/ws/auctions/{auction.key}/", headers=headers)
    assert (await socket.connect(timeout=10))[0]
    return socket


async def lines() -> list[dict[str, Any]]:
    # The answer comes after what was said before it has been heard.
    return await sync_to_async(lambda: list(BidderLine.objects.values("bidder__number", "seen_at", "left_at")))()


@pytest_asyncio.fixture
async def room(committed_db: None) -> AsyncIterator[tuple[Cast, Auction]]:
    def build() -> tuple[Cast, Auction]:
        cast = Cast()
        return cast, open_auction(an_auction(cast, timezone.now() - timedelta(days=60, minutes=1)))

    yield await sync_to_async(build)()
    await sync_to_async(connections.close_all)()


async def answered(socket: WebsocketCommunicator) -> None:
    await socket.send_to('{"after": 0}')
    await socket.receive_from(timeout=10)


@pytest.mark.asyncio
async def test_a_socket_tells_who_of_the_bidders_is_there(room: tuple[Cast, Auction]) -> None:
    cast, auction = room
    sockets = [await a_bidder(auction, who) for who in (cast.rival_agent, cast.university_agent, cast.supervisor, None)]
    for socket in sockets:
        await answered(socket)
    assert [line["bidder__number"] for line in await lines()] == [2]
    for socket in sockets:
        await socket.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize(("code", "left"), [(1001, True), (1006, False), (1012, False)])
async def test_who_closes_the_page_has_left_and_a_cut_line_has_not(room: tuple[Cast, Auction], code: int, left: bool) -> None:
    cast, auction = room
    socket = await a_bidder(auction, cast.rival_agent)
    await answered(socket)
    await socket.disconnect(code=code)
    assert [line["left_at"] is not None for line in await lines()] == [left]


@pytest.mark.asyncio
async def test_a_bidder_is_seen_again_and_again_and_looked_at_anew(
    room: tuple[Cast, Auction], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, auction = room
    monkeypatch.setattr("listings.auctions.consumers._SEEN_EVERY", 0)
    socket = await a_bidder(auction, cast.rival_agent)
    await answered(socket)
    first = (await lines())[0]["seen_at"]
    await socket.send_to('{"here": true}')
    await answered(socket)
    assert (await lines())[0]["seen_at"] > first
    monkeypatch.setattr("listings.auctions.consumers._TRUSTED_FOR", 0)
    await answered(socket)
    await sync_to_async(Membership.objects.filter(person=cast.rival_agent.person).delete)()
    await socket.send_to('{"here": true}')
    assert (await socket.receive_output(timeout=10))["code"] == 4403
