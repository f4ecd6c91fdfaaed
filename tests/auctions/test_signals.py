"""Supervisors are shown what should be looked at about two bidders, with what was seen; nothing follows from it by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listings.auctions.actions.auctions import annul_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.actions.signals import conclude_signal, find_signals, note_trace
from listings.auctions.models.auctions import Auction
from listings.auctions.models.signals import BidderTrace, Signal
from listings.auctions.queries.signals import TRACES_KEPT
from listings.auctions.rules.signals import (
    SHORTEST_RUN,
    BidderFacts,
    LadderBid,
    Trace,
    of_bids,
    of_organisations,
    of_traces,
    together,
)
from listings.auctions.tasks import look_for_signals, throw_away_traces
from market.accounts.models import Organisation
from market.events.models import Event
from market.values.actor import Role
from market.values.money import Money
from market.values.refusal import Forbidden, Refused
from tests.auctions.builders import START, STEP, an_auction, at
from tests.people import Cast, Member, a_member

T0 = datetime(2026, 5, 8, 2, 0, tzinfo=UTC)
PLACE = "山西省朔州市朔城区样例街66号"


# --- The rules


def test_a_person_in_common_a_representative_and_an_address() -> None:
    bidders = [
        BidderFacts(3, frozenset({1, 2}), "张 三", "样例路（6）号"),
        BidderFacts(1, frozenset({2, 9}), "张三", "样例路6号"),
        BidderFacts(2, frozenset({7}), "", ""),
        BidderFacts(4, frozenset(), "", " "),
    ]
    found = of_organisations(bidders)
    assert [(finding.kind, finding.first, finding.second) for finding in found] == [
        ("owner", 1, 3),
        ("representative", 1, 3),
        ("address", 1, 3),
    ]
    assert found[0].facts == {"people": [2]}


def a_trace(bidder: int, network: str, device: str) -> Trace:
    return Trace(bidder, network, device, T0, T0 + timedelta(minutes=bidder))


def test_the_same_browser_says_more_than_the_same_address() -> None:
    traces = [a_trace(1, "n", "d"), a_trace(1, "m", "x"), a_trace(2, "n", "d"), a_trace(3, "n", "e"), a_trace(4, "o", "f")]
    assert [(finding.kind, finding.first, finding.second) for finding in of_traces(traces)] == [
        ("device", 1, 2),
        ("network", 1, 3),
        ("network", 2, 3),
    ]


def bids(*bidders: int, jump_at: int = -1) -> list[LadderBid]:
    """Each one step above the one before, but the one at this place, which is two."""
    made, amount = [], START
    for place, bidder in enumerate(bidders):
        amount = amount + STEP + (STEP if place == jump_at else Money(0))
        made.append(LadderBid(place + 1, bidder, amount))
    return made


@pytest.mark.parametrize(
    ("made", "sequences"),
    [
        (bids(*[1, 2] * 4), list(range(1, 9))),
        (bids(*[1, 2] * 4)[: SHORTEST_RUN - 1], None),
        (bids(*[1, 2] * 4, jump_at=4), None),
        (bids(*[1, 2] * 2, 3, *[1, 2] * 2), None),
        (bids(3, *[1, 2] * 4), list(range(2, 10))),
        (bids(*[1, 2] * 4, 3, 3), list(range(1, 9))),
        (bids(*[1, 2] * 4, 3, *[2, 1] * 4), [*range(1, 9), *range(10, 18)]),
        ([], None),
    ],
    ids=["eight", "seven", "a jump", "a third between", "after a third", "before a third", "two runs", "none"],
)
def test_bids_in_turn_one_step_apart(made: list[LadderBid], sequences: list[int] | None) -> None:
    found = of_bids(made, step=STEP)
    assert [finding.facts["bids"] for finding in found] == ([] if sequences is None else [sequences])
    assert all((finding.first, finding.second) == (1, 2) for finding in found)


def test_bids_seen_before_and_now_add_up() -> None:
    assert together({"bids": [1, 2]}, {"bids": [2, 3]}) == {"bids": [1, 2, 3]}
    assert together({"times": 1}, {"times": 2}) == {"times": 2}


# --- The signals


def at_one_address(cast: Cast) -> None:
    Organisation.objects.filter(pk__in=[cast.enterprise.pk, cast.rival.pk]).update(address=PLACE)


def a_signal(cast: Cast, now: datetime) -> Signal:
    at_one_address(cast)
    auction = an_auction(cast, now)
    assert find_signals(auction, now=now) == 1
    return Signal.objects.get()


def pass_of(auction: Auction, member: Member) -> object:
    return auction.passes.select_related("auction").get(organisation=member.organisation)


def test_a_signal_is_seen_once_and_changes_nothing_for_the_bidders(cast: Cast, now: datetime) -> None:
    signal = a_signal(cast, now)
    assert (signal.kind, signal.facts, signal.first.organisation, signal.second.organisation) == (
        "address",
        {"text": PLACE},
        cast.enterprise,
        cast.rival,
    )
    assert find_signals(signal.auction, now=now + timedelta(minutes=1)) == 0
    assert Event.objects.filter(name="auction.signal_seen", subject=signal.subject).count() == 1
    assert not Event.objects.filter(subject=signal.auction.subject, name__contains="signal").exists(), "no part of the evidence"
    clock = at(signal.auction.opens_at + timedelta(minutes=1))
    assert place_bid(signal.auction.key, START, key="key-00001", actor=cast.rival_agent.actor, clock=clock).is_accepted


def test_more_bids_in_turn_open_a_concluded_signal_again(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)

    def bid_until(count: int) -> None:
        for place in range(auction.bids.count(), count):
            member = (cast.enterprise_agent, cast.rival_agent)[place % 2]
            amount, moment = START + Money(STEP.fen * place), auction.opens_at + timedelta(seconds=place)
            assert place_bid(auction.key, amount, key=f"key-{place:05d}", actor=member.actor, clock=at(moment)).is_accepted

    bid_until(SHORTEST_RUN - 1)
    assert find_signals(auction, now=now) == 0
    bid_until(SHORTEST_RUN)
    assert find_signals(auction, now=now) == 1
    signal = conclude_signal(Signal.objects.get(), conclusion="双方竞争正常。", actor=cast.supervisor.actor, now=now)
    assert find_signals(auction, now=now) == 0
    assert signal.concluded_at == now
    bid_until(SHORTEST_RUN + 2)
    assert find_signals(auction, now=now + timedelta(minutes=1)) == 1
    signal.refresh_from_db()
    assert (signal.concluded_at, signal.conclusion) == (None, "")
    assert signal.facts["bids"] == list(range(1, SHORTEST_RUN + 3))
    assert Event.objects.filter(name="auction.signal_concluded", payload__conclusion="双方竞争正常。").count() == 1


def test_traces_are_names_of_one_auction_only_and_go_on(cast: Cast, now: datetime) -> None:
    one, other = an_auction(cast, now), an_auction(cast, now)
    for auction in (one, other):
        for member in (cast.enterprise_agent, cast.rival_agent):
            note_trace(pass_of(auction, member), address="192.0.2.7", browser="Browser/1", clock=at(T0))  # type: ignore[arg-type]
    assert BidderTrace.objects.values("device").distinct().count() == 2
    assert not BidderTrace.objects.filter(device__contains="192.0").exists()
    assert find_signals(one, now=now) == 1
    signal = Signal.objects.get()
    assert signal.kind == "device"
    note_trace(pass_of(one, cast.rival_agent), address="192.0.2.7", browser="Browser/1", clock=at(T0 + timedelta(hours=1)))  # type: ignore[arg-type]
    assert find_signals(one, now=now) == 0, "that both are still there is nothing new"
    signal.refresh_from_db()
    assert signal.facts["times"][1] == [T0.isoformat(), (T0 + timedelta(hours=1)).isoformat()]


def test_traces_are_thrown_away_after_the_auction_and_the_signal_stays(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    for member in (cast.enterprise_agent, cast.rival_agent):
        note_trace(pass_of(auction, member), address="192.0.2.7", browser="Browser/1")  # type: ignore[arg-type]
    find_signals(auction, now=now)
    annul_auction(auction, reason="公告有误", actor=cast.supervisor.actor, clock=at(T0))
    throw_away_traces(T0 + TRACES_KEPT - timedelta(seconds=1))
    assert BidderTrace.objects.count() == 2
    throw_away_traces(T0 + TRACES_KEPT)
    assert not BidderTrace.objects.exists()
    assert Signal.objects.count() == 1


def test_the_worker_looks_at_auctions_and_not_at_rehearsals(cast: Cast, now: datetime) -> None:
    at_one_address(cast)
    auction = an_auction(cast, now, opened=False, rehearsal_at=now + timedelta(days=59, hours=1))
    look_for_signals(now)
    assert [signal.auction for signal in Signal.objects.all()] == [auction]


@pytest.mark.parametrize("who", ["registrar", "administrator", "university_agent", "rival_agent"])
def test_only_a_supervisor_concludes(cast: Cast, now: datetime, who: str) -> None:
    signal = a_signal(cast, now)
    with pytest.raises(Forbidden):
        conclude_signal(signal, conclusion="无异常。", actor=getattr(cast, who).actor, now=now)
    signal.refresh_from_db()
    assert signal.concluded_at is None


def test_a_conclusion_needs_words(cast: Cast, now: datetime) -> None:
    signal = a_signal(cast, now)
    with pytest.raises(Refused) as refused:
        conclude_signal(signal, conclusion="  ", actor=cast.supervisor.actor, now=now)
    assert refused.value.refusals[0].code == "auctions.conclusion_missing"
    assert not Event.objects.filter(name="auction.signal_concluded").exists()


# --- Pages


def test_a_supervisor_finds_the_signal_in_list_room_and_desk_and_concludes(
    cast: Cast, now: datetime, sign_in: Callable[[Member], Client]
) -> None:
    signal = a_signal(cast, now)
    client = sign_in(cast.supervisor)
    address = signal.get_absolute_url()
    for path in ("/auctions/signals/", signal.auction.get_absolute_url()):
        assert address in client.get(path).content.decode()
    assert "1 条监督提示待核查" in client.get(reverse("accounts:workbench")).content.decode()
    page = client.get(address).content.decode()
    assert PLACE in page
    assert client.post(address, {"conclusion": " "}).status_code == 422
    assert client.post(address, {"conclusion": "同一园区，分属不同企业。"}).status_code == 302
    assert "同一园区" in client.get(address).content.decode()
    assert address not in client.get("/auctions/signals/").content.decode()
    assert address in client.get("/auctions/signals/?concluded").content.decode()


def test_nobody_else_hears_of_it(cast: Cast, now: datetime, sign_in: Callable[[Member], Client]) -> None:
    signal = a_signal(cast, now)
    for member in (cast.university_agent, cast.rival_agent, cast.registrar, cast.administrator):
        client = sign_in(member)
        assert client.get(signal.get_absolute_url()).status_code == 404
        assert client.get("/auctions/signals/").status_code == 403
        assert signal.key not in client.get(signal.auction.get_absolute_url()).content.decode()


def test_an_official_of_the_seller_supervises_nothing_there(cast: Cast, now: datetime) -> None:
    signal = a_signal(cast, now)
    Organisation.objects.filter(pk=cast.university.pk).update(kind="government")
    own = a_member("own-supervisor@a.example", Organisation.objects.get(pk=cast.university.pk), Role.SUPERVISOR)
    with pytest.raises(Forbidden):
        conclude_signal(signal, conclusion="无异常。", actor=own.actor, now=now)


def test_the_page_shows_the_bids_in_turn(cast: Cast, sign_in: Callable[[Member], Client]) -> None:
    auction = an_auction(cast, timezone.now() - timedelta(days=60, minutes=1))
    for place in range(SHORTEST_RUN):
        member = (cast.enterprise_agent, cast.rival_agent)[place % 2]
        place_bid(auction.key, START + Money(STEP.fen * place), key=f"key-{place:05d}", actor=member.actor)
    find_signals(auction, now=timezone.now())
    page = sign_in(cast.supervisor).get(Signal.objects.get().get_absolute_url()).content.decode()
    assert f"{auction.get_absolute_url()}#bid-{SHORTEST_RUN}" in page


def test_who_bids_by_the_form_leaves_a_trace_and_who_bids_by_the_script_has_left_it_before(
    cast: Cast, sign_in: Callable[[Member], Client]
) -> None:
    auction = an_auction(cast, timezone.now() - timedelta(days=60, minutes=1))
    client = sign_in(cast.rival_agent)
    typed = {"amount": "1250000", "key": "key-00001"}
    client.post(f"/auctions/{auction.key}/bid/", typed, headers={"Accept": "application/json"})
    assert not BidderTrace.objects.exists()
    client.post(f"/auctions/{auction.key}/bid/", typed)
    assert BidderTrace.objects.get().bidder.organisation == cast.rival
