"""The dress rehearsal: the same engine with play money and faster, which never touches the listing or the auction."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from listings.auctions.actions.auctions import announce_auction, annul_auction, close_auction, open_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.actions.falling import stop_clock
from listings.auctions.actions.rehearsals import note_round_trip, warn_of_weak_lines
from listings.auctions.actions.sealed import seal_bid
from listings.auctions.envelopes import Context, public_key, seal
from listings.auctions.evidence.documents import signed_evidence
from listings.auctions.models.auctions import Auction
from listings.auctions.models.lines import BidderLine
from listings.auctions.queries.auctions import flaw_of
from listings.auctions.queries.rehearsals import lines_in
from listings.auctions.queries.waiting import auctions_to_bid_in
from listings.auctions.rules.ascending import may_announce
from listings.auctions.rules.falling import FallingTerms
from listings.auctions.rules.rehearsal import (
    LONGEST,
    MOST_KEPT,
    is_weak,
    lesson,
    measured,
    rehearsal_refusals,
    rehearsal_terms,
    rehearsal_time,
)
from listings.auctions.rules.sealed import SealedTerms
from listings.models.deals import Deal
from market.events.models import Event
from market.signatures import known_keys
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refused
from tests.auctions.builders import START, STEP, a_listing_in_bidding, an_auction, at, auction_terms, falling_terms, sealed_terms
from tests.letters.test_letters import deliver
from tests.people import Cast, Member
from tools import verify_evidence as independent

T0 = datetime(2026, 5, 8, 2, 0, tzinfo=UTC)


# --- The rules


@pytest.mark.parametrize(
    ("ahead", "chosen"),
    [
        (timedelta(days=3), timedelta(days=2)),
        (timedelta(days=1, minutes=29), timedelta(hours=12, minutes=14, seconds=30)),
        (timedelta(hours=1), timedelta(minutes=30)),
        (timedelta(minutes=59), None),
    ],
)
def test_the_market_chooses_the_day_before_or_half_way(ahead: timedelta, chosen: timedelta | None) -> None:
    assert rehearsal_time(T0 + ahead, now=T0) == (None if chosen is None else T0 + chosen)


@pytest.mark.parametrize(
    ("at_", "codes"),
    [
        (None, []),
        (T0, ["auctions.rehearsal_in_the_past"]),
        (T0 + timedelta(seconds=1), []),
        (T0 + timedelta(hours=2) - LONGEST, []),
        (T0 + timedelta(hours=2, seconds=1) - LONGEST, ["auctions.rehearsal_too_late"]),
    ],
)
def test_a_rehearsal_is_over_before_its_auction_opens(at_: datetime | None, codes: list[str]) -> None:
    refusals = rehearsal_refusals(at_, T0 + timedelta(hours=2), now=T0)
    assert [refusal.code for refusal in refusals] == codes


def test_the_terms_are_ten_times_as_fast_and_keep_the_reserve_secret() -> None:
    faster = rehearsal_terms(auction_terms(T0, reserve=START + STEP), T0)
    assert faster.reserve is None  # type: ignore[union-attr]
    assert faster == auction_terms(
        T0,
        free_until=T0 + timedelta(minutes=3),
        cycle=timedelta(seconds=30),
        most_extensions=10,
        hard_stop=T0 + timedelta(minutes=13),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"free_until": T0 + timedelta(minutes=10), "cycle": timedelta(seconds=10), "hard_stop": T0 + timedelta(minutes=20)},
        {"free_until": T0 + timedelta(days=7), "cycle": timedelta(hours=1), "hard_stop": T0 + timedelta(days=8)},
    ],
)
def test_whatever_the_terms_a_rehearsal_can_be_announced_and_is_short(changes: dict[str, Any]) -> None:
    faster = rehearsal_terms(auction_terms(T0, **changes), T0)
    assert may_announce(faster, now=T0 - timedelta(hours=1)) == []  # type: ignore[arg-type]
    assert faster.hard_stop - faster.opens_at <= LONGEST  # type: ignore[union-attr]


def test_a_long_falling_clock_and_long_sealed_bidding_become_short() -> None:
    falling = rehearsal_terms(falling_terms(T0, every=timedelta(hours=12), sealed_for=timedelta(days=1)), T0)
    assert isinstance(falling, FallingTerms)
    assert (falling.steps, falling.every) == (12, timedelta(seconds=30))
    assert falling.clock_for + falling.sealed_for + falling.topping_for <= LONGEST
    sealed = rehearsal_terms(sealed_terms(T0, ends_at=T0 + timedelta(days=2)), T0)
    assert isinstance(sealed, SealedTerms)
    assert sealed.ends_at - sealed.opens_at + sealed.tie_for <= LONGEST


@pytest.mark.parametrize(
    ("round_trips", "weak"),
    [
        ([80] * 20, False),
        ([80] * 20 + [3000], False),
        ([80] * 20 + [3001], True),
        ([500] * 5, False),
        ([501] * 5, True),
        ([9000] * 4, False),
        ([], False),
    ],
)
def test_whose_line_is_weak(round_trips: list[int], weak: bool) -> None:
    assert is_weak(round_trips) is weak


def test_median_and_worst() -> None:
    assert measured([]) is None
    assert measured([40, 100, 61]) == (61, 100)


@pytest.mark.parametrize(
    ("state", "phase", "free_until", "due"),
    [
        ("planned", "", None, "planned"),
        ("open", "", T0 + timedelta(seconds=1), "free"),
        ("open", "", T0, "timed"),
        ("open", "clock", None, "clock"),
        ("open", "topping", None, "topping"),
        ("paused", "clock", None, "paused"),
        ("closed", "", T0, "over"),
    ],
)
def test_each_phase_has_its_lesson(state: str, phase: str, free_until: datetime | None, due: str) -> None:
    assert lesson(state, phase, free_until=free_until, now=T0) == due


# --- The rehearsal


def a_rehearsal(cast: Cast, now: datetime, *, opened: bool = True) -> Auction:
    """Of an auction that is announced."""
    auction = an_auction(cast, now, opened=False, rehearsal_at=now + timedelta(days=59, hours=1))
    rehearsal = auction.rehearsals.get()
    return open_auction(rehearsal, clock=at(rehearsal.opens_at)) if opened else rehearsal


def rehearsed(rehearsal: Auction) -> Auction:
    """The auction itself, as it is now."""
    return Auction.objects.get(rehearsals=rehearsal)


def bid(rehearsal: Auction, member: Member, amount: Money, key: str, **after: float) -> None:
    moment = rehearsal.opens_at + timedelta(**(after or {"minutes": 1}))
    assert place_bid(rehearsal.key, amount, key=key, actor=member.actor, clock=at(moment)).is_accepted


def ended(rehearsal: Auction) -> Auction:
    rehearsal.refresh_from_db()
    return close_auction(rehearsal, clock=at(rehearsal.ends_at))


def test_every_bidder_has_a_pass_with_another_number_than_in_the_auction(cast: Cast, now: datetime) -> None:
    numbers = []
    for _ in range(12):
        rehearsal = a_rehearsal(cast, now, opened=False)
        assert {own.organisation_id for own in rehearsal.passes.all()} == {cast.enterprise.pk, cast.rival.pk, cast.outside.pk}
        numbers.append(rehearsal.passes.get(organisation=cast.enterprise).number)
    assert numbers != [1] * 12
    event = Event.objects.get(subject=rehearsal.subject, name="auction.announced")
    assert event.payload["rehearsal"] is True
    assert event.personal is None


def test_a_rehearsal_touches_neither_listing_nor_auction(cast: Cast, now: datetime) -> None:
    rehearsal = a_rehearsal(cast, now)
    auction = rehearsed(rehearsal)
    listing = auction.listing
    before = (vars(auction) | {"_state": None}, listing.state, list(listing.intents.values()))
    events = Event.objects.exclude(subject=rehearsal.subject).count()
    bid(rehearsal, cast.rival_agent, START, "key-00001")
    bid(rehearsal, cast.enterprise_agent, START + STEP, "key-00002")
    over = ended(rehearsal)
    assert (over.state, over.best) == ("closed", START + STEP)
    auction.refresh_from_db()
    auction.listing.refresh_from_db()
    assert (vars(Auction.objects.get(pk=auction.pk)) | {"_state": None}, listing.state, list(listing.intents.values())) == before
    assert not Deal.objects.exists()
    assert Event.objects.exclude(subject=rehearsal.subject).count() == events
    assert not auctions_to_bid_in(cast.rival_agent.actor).exists()


def test_its_record_holds_and_names_nobody(cast: Cast, now: datetime) -> None:
    rehearsal = a_rehearsal(cast, now)
    bid(rehearsal, cast.rival_agent, START, "key-00001")
    rehearsal = ended(rehearsal)
    assert flaw_of(rehearsal) is None
    text = signed_evidence(rehearsal)
    result = independent.verify(json.loads(text), keys=known_keys())
    assert result["rehearsal"] is True
    assert result["winner"] == rehearsal.passes.get(organisation=cast.rival).number
    assert cast.rival.name not in text


def test_a_falling_rehearsal_is_opened_by_the_market_itself(cast: Cast, now: datetime) -> None:
    listing, opens_at = a_listing_in_bidding(cast, now), now + timedelta(days=60)
    announced_at, actor = opens_at - timedelta(days=1), cast.university_agent.actor
    auction = announce_auction(
        listing, falling_terms(opens_at), rehearsal_at=announced_at + timedelta(hours=1), actor=actor, now=announced_at
    )
    rehearsal = auction.rehearsals.get()
    opened = open_auction(rehearsal, clock=at(rehearsal.opens_at))
    stop_clock(opened, START, key="key-00001", actor=cast.enterprise_agent.actor, clock=at(opened.opens_at))
    seal_in(opened, cast.rival_agent, START + STEP)
    over = ended(opened)
    assert (over.state, over.phase, over.best) == ("open", "topping", START + STEP)
    over = ended(over)
    assert over.state == "closed"
    independent.verify(json.loads(signed_evidence(over)), keys=known_keys())


def test_a_tie_in_a_sealed_rehearsal_leads_to_a_second_round(cast: Cast, now: datetime) -> None:
    listing, opens_at = a_listing_in_bidding(cast, now), now + timedelta(days=60)
    announced_at, actor = opens_at - timedelta(days=1), cast.university_agent.actor
    announce_auction(
        listing, sealed_terms(opens_at), rehearsal_at=announced_at + timedelta(hours=1), actor=actor, now=announced_at
    )
    rehearsal = Auction.objects.get(rehearsal_of__listing=listing)
    opened = open_auction(rehearsal, clock=at(rehearsal.opens_at))
    for member in (cast.enterprise_agent, cast.rival_agent):
        seal_in(opened, member, START)
    over = ended(opened)
    assert (over.state, over.round) == ("open", 2)
    assert ended(over).state == "closed"


def seal_in(rehearsal: Auction, member: Member, amount: Money) -> None:
    own = rehearsal.passes.get(organisation=member.organisation)
    holders = {lot_key.seat: public_key(lot_key.public_key) for lot_key in rehearsal.lot_keys.all()}
    envelope = seal(Context(rehearsal.key, 1, own.number), amount.fen, holders)
    clock = at(rehearsal.opens_at + timedelta(seconds=5))
    assert seal_bid(rehearsal, envelope, key=f"key-{own.number:05d}", actor=member.actor, clock=clock).is_accepted


def test_a_rehearsal_at_a_wrong_time_refuses_the_whole_announcement(cast: Cast, now: datetime) -> None:
    listing, opens_at = a_listing_in_bidding(cast, now), now + timedelta(days=60)
    for wrong in (opens_at - timedelta(days=2), opens_at - timedelta(minutes=5)):
        with pytest.raises(Refused):
            announce_auction(
                listing,
                auction_terms(opens_at),
                rehearsal_at=wrong,
                actor=cast.university_agent.actor,
                now=opens_at - timedelta(days=1),
            )
    assert not Auction.objects.exists()


def test_who_annuls_the_auction_annuls_its_rehearsal(cast: Cast, now: datetime) -> None:
    rehearsal = a_rehearsal(cast, now, opened=False)
    auction = rehearsed(rehearsal)
    annul_auction(auction, reason="公告有误", actor=cast.supervisor.actor, clock=at(now + timedelta(days=59)))
    rehearsal.refresh_from_db()
    assert (rehearsal.state, rehearsal.reason) == ("annulled", "公告有误")
    assert Event.objects.filter(subject=rehearsal.subject, name="auction.annulled").count() == 1


def test_an_annulled_rehearsal_leaves_the_auction(cast: Cast, now: datetime) -> None:
    rehearsal = a_rehearsal(cast, now)
    annul_auction(rehearsal, reason="线路检修", actor=cast.supervisor.actor, clock=at(rehearsal.opens_at))
    assert rehearsed(rehearsal).state == "planned"


# --- Lines


def own_pass(auction: Auction, member: Member) -> Any:
    return auction.passes.select_related("auction").get(organisation=member.organisation)


def test_round_trips_are_kept_the_latest_of_many(cast: Cast, now: datetime) -> None:
    rehearsal = a_rehearsal(cast, now)
    own = own_pass(rehearsal, cast.rival_agent)
    note_round_trip(own, None)
    assert BidderLine.objects.get().round_trips == []
    for milliseconds in range(MOST_KEPT + 3):
        line = note_round_trip(own, milliseconds)
    assert (len(line.round_trips), line.round_trips[0], line.round_trips[-1]) == (MOST_KEPT, 3, MOST_KEPT + 2)


def test_nothing_is_measured_in_an_auction_or_after_the_end(cast: Cast, now: datetime) -> None:
    rehearsal = ended(a_rehearsal(cast, now))
    auction = an_auction(cast, now)
    for it in (rehearsal, auction):
        with pytest.raises(OutOfTurn) as refused:
            note_round_trip(own_pass(it, cast.rival_agent), 50)
        assert refused.value.refusals[0].code == "auctions.no_rehearsal"
    assert not BidderLine.objects.exists()


def test_who_has_a_weak_line_is_warned_once_and_nobody_else(cast: Cast, now: datetime) -> None:
    rehearsal = a_rehearsal(cast, now)
    for member, milliseconds in ((cast.rival_agent, 900), (cast.outsider, 60)):
        for _ in range(6):
            note_round_trip(own_pass(rehearsal, member), milliseconds)
    rehearsal = ended(rehearsal)
    assert [warn_of_weak_lines(rehearsal, now=rehearsal.ends_at) for _ in range(2)] == [1, 0]
    event = Event.objects.get(name="auction.line_weak")
    assert (event.payload["bidder"], event.payload["median"]) == (own_pass(rehearsal, cast.rival_agent).number, 900)
    shown = {line.name: (line.is_weak, line.seen_at is not None) for line in lines_in(rehearsal)}
    assert shown == {cast.enterprise.name: (False, False), cast.rival.name: (True, True), cast.outside.name: (False, True)}


# --- Pages


def test_the_room_says_that_it_is_a_rehearsal_and_measures(cast: Cast, sign_in: Callable[[Member], Client]) -> None:
    rehearsal = a_rehearsal(cast, timezone.now() - timedelta(days=59, hours=1, minutes=1))
    client = sign_in(cast.rival_agent)
    page = client.get(rehearsal.get_absolute_url()).content.decode()
    assert "模拟资金" in page
    assert "rehearsal.js" in page
    for milliseconds in ("", *["700"] * 5):
        answer = client.post(f"/auctions/{rehearsal.key}/line/", {"milliseconds": milliseconds}).json()
    assert answer == {"median": 700, "worst": 700, "isWeak": True}
    assert client.post(f"/auctions/{rehearsal.key}/line/", {"milliseconds": "-1"}).status_code == 422
    receipt = client.post(
        f"/auctions/{rehearsal.key}/bid/", {"amount": "1250000", "key": "key-00001"}, headers={"Accept": "application/json"}
    ).json()
    assert receipt["receipt"]["document"]["rehearsal"] is True
    auction = rehearsed(rehearsal)
    assert "彩排中测得贵方网络较弱" in client.get(auction.get_absolute_url()).content.decode()


def test_the_record_shows_all_to_the_seller_and_a_bidder_only_their_own(
    cast: Cast, now: datetime, sign_in: Callable[[Member], Client]
) -> None:
    rehearsal = a_rehearsal(cast, now)
    address = f"/auctions/{rehearsal.key}/rehearsal/"
    assert cast.outside.name in sign_in(cast.university_agent).get(address).content.decode()
    own = sign_in(cast.rival_agent).get(address).content.decode()
    assert cast.rival.name in own
    assert cast.outside.name not in own
    assert sign_in(cast.broker).get(address).status_code == 404
    assert sign_in(cast.rival_agent).get(f"/auctions/{rehearsed(rehearsal).key}/rehearsal/").status_code == 404


def test_the_list_of_auctions_has_no_rehearsals_and_the_auction_leads_there(
    cast: Cast, now: datetime, sign_in: Callable[[Member], Client]
) -> None:
    rehearsal = a_rehearsal(cast, now)
    assert rehearsal.key not in Client().get("/auctions/").content.decode()
    address = rehearsed(rehearsal).get_absolute_url()
    assert rehearsal.key in sign_in(cast.rival_agent).get(address).content.decode()
    assert rehearsal.key not in Client().get(address).content.decode()


def test_the_notice_of_a_rehearsal_names_nobody(cast: Cast, now: datetime) -> None:
    rehearsal = a_rehearsal(cast, now)
    bid(rehearsal, cast.rival_agent, START, "key-00001")
    ended(rehearsal)
    for part in ("", "result/"):
        page = Client().get(f"/auctions/{rehearsal.key}/{part}").content.decode()
        assert cast.rival.name not in page
        assert "模拟资金" in page


def test_the_seller_chooses_the_time_or_leaves_it_to_the_market(cast: Cast, sign_in: Callable[[Member], Client]) -> None:
    now = timezone.now() - timedelta(days=59)
    listing = a_listing_in_bidding(cast, now)
    client = sign_in(cast.university_agent)
    opens_at = (timezone.localtime() + timedelta(days=3)).replace(second=0, microsecond=0)
    typed = {"start": "1250000", "step": "10000", "free_minutes": "240", "cycle": "300"}
    typed |= {"most_extensions": "50", "hard_stop_minutes": "240", "opens_at": opens_at.strftime("%Y-%m-%dT%H:%M")}
    address = f"/auctions/announce/{listing.number}/"
    assert "彩排" in client.post(address, typed | {"preview": "1"}).content.decode()
    late = client.post(address, typed | {"rehearsal_at": opens_at.strftime("%Y-%m-%dT%H:%M")})
    assert late.status_code == 422
    assert "30 分钟" in late.content.decode()
    assert client.post(address, typed).status_code == 302
    assert Auction.objects.get(rehearsal_of__listing=listing).opens_at == opens_at - timedelta(days=1)


def test_letters_of_a_rehearsal_are_an_invitation_and_a_warning(cast: Cast, now: datetime) -> None:
    rehearsal = a_rehearsal(cast, now)
    for _ in range(6):
        note_round_trip(own_pass(rehearsal, cast.rival_agent), 900)
    warn_of_weak_lines(ended(rehearsal), now=now)
    subjects = [letter.subject for letter in deliver()]
    assert sum("彩排邀请" in subject for subject in subjects) == 3
    assert sum("网络较弱" in subject for subject in subjects) == 1
    assert not any("竞价已开始" in subject for subject in subjects)
