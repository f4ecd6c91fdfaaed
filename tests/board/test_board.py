"""A broker's board: what stands on it, what moves it, and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from brokers.actions.introductions import decide_introduction, object_to_introduction
from brokers.board.actions import add_lead
from brokers.board.models import Lead
from brokers.board.queries import columns_of
from brokers.board.states import LeadEvent
from contracts.settlement.models.settlements import Settlement
from listings.actions.deals import fail_deal
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.events.actions import advance
from market.events.models import Event
from market.events.registry import READERS
from market.values.actor import Role
from search.models import Match
from tests.board.builders import a_lead, a_lead_in_contract
from tests.brokers.builders import a_broker, a_sellers_engagement, an_engagement, an_introduction
from tests.demands.builders import a_demand
from tests.listings.builders import a_deal, a_listing, an_intent
from tests.people import Cast, Member, a_member
from tests.settlement.builders import a_delivered_settlement

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]


def _read(now: datetime) -> None:
    advance(READERS["board.leads"], now=now + timedelta(days=400))


def _states(now: datetime) -> list[str]:
    _read(now)
    return list(Lead.objects.order_by("pk").values_list("state", flat=True))


def test_a_card_follows_the_market_from_the_mandate_to_the_last_payment(cast: Cast, now: datetime) -> None:
    settlement: Settlement = a_delivered_settlement(cast, now, paid=True)
    deal = settlement.contract.dealt
    an_engagement(cast, deal.listing, now)
    read = READERS["board.leads"].handlers
    for name, stands in (
        ("engagement.signed", "found"),
        ("intent.registered", "terms"),
        ("deal.concluded", "contract"),
        ("deal.contracted", "contract"),
        ("settlement.closed", "closed"),
    ):
        read[name](Event.objects.filter(name=name).latest("pk"))
        lead = Lead.objects.get()
        assert lead.state == stands, name
    assert (lead.deal, lead.moved_by) == (deal, "settle")
    assert (lead.engagement is not None, lead.listing) == (True, deal.listing)


def test_a_confirmed_introduction_is_talks_and_so_is_one_that_a_supervisor_let_count(cast: Cast, now: datetime) -> None:
    an_introduction(cast, now)
    assert _states(now) == ["found"]
    an_introduction(cast, now, confirmed=True)
    assert _states(now) == ["found", "talks"]
    objected = an_introduction(cast, now)
    object_to_introduction(objected, objection="并未介绍", actor=cast.university_agent.actor, now=now)
    decide_introduction(objected, counts=True, grounds="有会议签到", actor=cast.supervisor.actor, now=now)
    assert _states(now) == ["found", "talks", "talks"]


def test_nobody_learns_from_the_board_that_others_want_to_buy(cast: Cast, now: datetime) -> None:
    """A buyer's broker hears of the own buyer's intent, not of a rival's."""
    listing = a_listing(cast, now)
    an_engagement(cast, listing, now)
    an_intent(cast, listing, now, buyer=cast.rival_agent)
    assert _states(now) == ["found"]
    an_intent(cast, listing, now)
    assert _states(now) == ["terms"]


def test_a_failed_deal_goes_back_to_the_terms(cast: Cast, now: datetime) -> None:
    lead = a_lead_in_contract(cast, now)
    deal = lead.deal
    assert deal is not None
    late = deal.concluded_at + timedelta(days=200)
    fail_deal(deal, reason="逾期未签订合同", is_buyers_default=True, actor=cast.supervisor.actor, now=late)
    READERS["board.leads"].handlers["deal.failed"](Event.objects.get(name="deal.failed"))
    lead.refresh_from_db()
    assert (lead.state, lead.deal) == ("terms", None)


def test_a_broker_moves_cards_by_hand_until_there_is_a_deal(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    lead = a_lead(cast, now)
    client, move = sign_in(cast.broker), f"/brokers/board/{lead.key}/move/"
    for event, stands in (
        ("forward", "talks"),
        ("forward", "terms"),
        ("back", "talks"),
        ("drop", "dropped"),
        ("take_up", "found"),
    ):
        assert client.post(move, {"event": event}).status_code == 302
        lead.refresh_from_db()
        assert lead.state == stands
    assert client.post(move, {"event": "back"}).status_code == 409
    for event, status in (("deal", 403), ("", 422), ("nonsense", 422)):
        assert client.post(move, {"event": event}).status_code == status
    sealed = a_lead_in_contract(cast, now)
    assert client.post(f"/brokers/board/{sealed.key}/move/", {"event": "drop"}).status_code == 409
    assert client.post(f"/brokers/board/{lead.key}/note/", {"note": "先约技术负责人。"}).status_code == 302
    html = client.get("/brokers/board/").content.decode()
    assert "先约技术负责人。" in html
    assert sealed.deal is not None
    assert sealed.deal.number in html


def test_nobody_else_reads_a_brokers_board(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    """Neither the institution's owner, nor a colleague who is a broker too, nor an official."""
    lead = a_lead(cast, now)
    colleague = a_member("colleague@example.cn", cast.institution, Role.OWNER)
    for member, board in ((colleague, 403), (cast.supervisor, 403), (cast.enterprise_agent, 403)):
        client = sign_in(member)
        assert client.get("/brokers/board/").status_code == board
        assert client.post("/brokers/board/add/", {"demand_number": lead.demand and lead.demand.number}).status_code == board
        assert client.post(f"/brokers/board/{lead.key}/move/", {"event": "drop"}).status_code == 404
        assert client.get(f"/brokers/board/{lead.key}/note/").status_code == 404
    assert Lead.objects.get().state == "found"


def test_a_suggested_match_becomes_a_lead_by_one_click_and_is_not_suggested_again(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    a_broker(cast, now)
    demand, listing = a_demand(cast, now), a_listing(cast, now)
    Match.objects.create(
        demand=demand, kind="listing", pk_of_kind=listing.pk, score=60, reasons=[["industry", "power"]], found_at=now
    )
    client = sign_in(cast.broker)
    page = client.get("/brokers/board/")
    assert [pair.reasons for pair in page.context["panels"][0].context["pairs"]] != [[]]
    assert f'value="{demand.number}"' in page.content.decode()
    typed = {"demand_number": demand.number, "listing_number": listing.number}
    assert client.post("/brokers/board/add/", typed).status_code == 302
    assert client.post("/brokers/board/add/", typed).status_code == 409
    assert client.post("/brokers/board/add/", {}).status_code == 422
    assert client.post("/brokers/board/add/", {"demand_number": "N2026-99999"}).status_code == 404
    html = client.get("/brokers/board/").content.decode()
    assert f'value="{demand.number}"' not in html
    (column,) = [column for column in columns_of(cast.broker.actor) if column.leads]
    assert [lead.title for lead, _by_hand in column.leads] == [demand.title]


def test_a_pair_follows_only_a_deal_with_the_demands_enterprise(cast: Cast, now: datetime) -> None:
    deal: Deal = a_deal(cast, now)
    listing: Listing = deal.listing
    a_broker(cast, now)
    ours = add_lead(a_demand(cast, now), listing, actor=cast.broker.actor, now=now)
    a_sellers_engagement(cast, listing, now)
    READERS["board.leads"].handlers["deal.concluded"](Event.objects.filter(name="deal.concluded").latest("pk"))
    ours.refresh_from_db()
    assert (ours.state, ours.deal) == ("contract", deal)


def test_what_is_done_makes_room_for_the_same_again(cast: Cast, now: datetime) -> None:
    lead = a_lead(cast, now, LeadEvent.DROP)
    again = add_lead(lead.demand, None, actor=cast.broker.actor, now=now)
    assert again.pk != lead.pk
