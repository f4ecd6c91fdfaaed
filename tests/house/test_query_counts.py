"""How many questions does a page ask the database? No more than `query_counts.yaml` says, however many cards it shows.

Since no template may ask, the number does not grow with the rows. To pin them anew after a change that was meant:
`QUERY_COUNTS=write pytest tests/house/test_query_counts.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Site

from brokers.board.states import LeadEvent
from brokers.evaluation.models import Evaluation
from brokers.models import Engagement
from brokers.rooms.actions.talk import say
from contracts.settlement.models.settlements import Settlement
from listings.actions.objections import raise_objection
from listings.models.listings import Intent
from market.payments.actions.deposits import offer_guarantee
from market.payments.actions.statements import import_statement
from market.payments.queries.deposits import open_deposit
from tests.board.builders import a_lead
from tests.brokers.builders import a_broker, an_engagement
from tests.cards.builders import a_recovery
from tests.contracts.builders import a_contract, a_registration, an_application
from tests.credit.builders import a_record, an_appeal, read_log
from tests.demands.builders import a_demand, a_proposal
from tests.documents_made import a_document
from tests.evaluation.builders import an_evaluation, own_result
from tests.listings.builders import a_deal, a_listing, an_achievement, an_intent
from tests.payments.builders import a_deposit, a_statement, market_finance
from tests.people import Cast, Member
from tests.relief.builders import a_claim
from tests.rooms.builders import a_meeting, a_paper, a_room, a_task, circle_of
from tests.settlement.builders import a_delivered_settlement, a_dispute

FILE = Path(__file__).with_name("query_counts.yaml")
# What costs most to build is grown less far.
SIZES = ((1, 1), (20, 4), (50, 8))
# How often a page of each kind may ask at most, whatever is pinned for it. The cache is none of it: on real services it
# is not in the database.
LIMITS = {"list": 12, "detail": 18, "search": 8, "dashboard": 25}

type SignIn = Callable[[Member], Client]
type Addresses = dict[str, tuple[Client, str]]


@pytest.fixture
def site(built_site: int, search_index: Callable[[], None]) -> Site:
    return Site.objects.get(pk=built_site)


class Market:
    """A market that grows: so many listings, demands and intents; so many disputes, deals and applications."""

    def __init__(self, cast: Cast, now: datetime) -> None:
        self.cast, self.now = cast, now
        self.many = self.few = 0
        self.first: dict[str, str] = {}

    def grow(self, many: int, few: int) -> None:
        for number in range(self.many, many):
            listing = a_listing(self.cast, self.now)
            intent = an_intent(self.cast, listing, self.now)
            demand = a_demand(self.cast, self.now)
            proposal = a_proposal(self.cast, demand, self.now)
            an_achievement(self.cast, self.now, registered=False)
            if not number:
                self.first |= {"listing": listing.number, "intent": intent.key, "demand": demand.number}
                self.first["proposal"] = proposal.key
                self.first["achievement"] = listing.achievement.key
            self._money(intent, number)
        for number in range(self.few, few):
            self._trade(is_first=not number)
        read_log(self.now)
        self.many, self.few = many, few

    def _money(self, intent: Intent, number: int) -> None:
        """A refund that is due, a line of the statement to look at, and a letter to check."""
        finance = market_finance(self.cast).actor
        a_deposit(self.cast, self.now, state="due_back", matter=f"{intent.subject}-back")
        letter = a_document(self.cast.enterprise_agent.actor, f"保函{number}.pdf")
        asked = open_deposit(intent.subject)
        assert asked is not None
        offer_guarantee(asked, letter, actor=self.cast.enterprise_agent.actor, now=self.now)
        if not number:
            self.first["deposit"] = asked.key
        content = a_statement(("2026-03-10", f"{number + 1}00", "无名公司", "货款", f"B{number}"))
        import_statement(f"{number}.csv", content, actor=finance, now=self.now)

    def _trade(self, *, is_first: bool) -> None:
        disputed = a_listing(self.cast, self.now)
        objection = raise_objection(disputed, statement="权属不清", actor=self.cast.rival_agent.actor, now=self.now)
        engagement = an_engagement(self.cast, a_listing(self.cast, self.now), self.now)
        for events in ((), (LeadEvent.FORWARD,), (LeadEvent.DROP,)):
            a_lead(self.cast, self.now, *events)
        deal = a_deal(self.cast, self.now)
        contract = a_contract(self.cast, self.now + timedelta(days=60), deal=deal)
        application = an_application(self.cast, self.now + timedelta(days=60), contract=contract)
        claim = a_claim(self.cast, self.now)
        a_dispute(self.cast, self.now)
        a_delivered_settlement(self.cast, self.now, paid=True)
        an_appeal(self.cast, self.now)
        record = a_record(self.cast, self.now)
        recovery = a_recovery(self.cast, self.now, deposit=a_deposit(self.cast, self.now, matter=f"{deal.subject}-by-hand"))
        self._room(engagement, is_first=is_first)
        if is_first:
            self.first["recovery"] = recovery.key
            result = own_result(self.cast, an_evaluation(self.cast, self.now, state="comments"))
            self.first |= {"record": record.key, "result": result.key, "broker": a_broker(self.cast, self.now).key}
            self.first |= {"claim": claim.key, "registered": a_registration(self.cast, self.now).contract.key}
            self.first |= {"objection": objection.key, "engagement": engagement.key, "deal": deal.key}
            self.first |= {"contract": contract.key, "application": application.key}

    def _room(self, engagement: Engagement, *, is_first: bool) -> None:
        """A deal room for each mandate; the first one grows."""
        if is_first:
            self.room = a_room(self.cast, self.now, engagement=engagement)
            self.first["room"] = self.room.key
        else:
            a_room(self.cast, self.now, engagement=engagement)
        task = a_task(self.cast, self.now, room=self.room)
        circle = circle_of(self.room, "mandate")
        for where in (circle, task.circle):
            a_paper(where, self.cast.broker, self.now)
            a_meeting(where, self.cast.broker, self.now)
            say(where, "请周五前答复。", actor=self.cast.enterprise_agent.actor, now=self.now)
        self.first |= {"circle": circle.key} | ({"task": task.key} if is_first else {})


def addresses(cast: Cast, sign_in: SignIn, first: dict[str, str]) -> Addresses:
    """Every page that is counted: who looks at it, and where."""
    anybody = Client()
    seller, buyer, broker = sign_in(cast.university_agent), sign_in(cast.enterprise_agent), sign_in(cast.broker)
    registrar, supervisor = sign_in(cast.registrar), sign_in(cast.supervisor)
    finance = sign_in(market_finance(cast))
    seller_finance = sign_in(cast.university_finance)
    workbench = reverse("accounts:workbench")
    number, key = first["listing"], first
    now_year = Evaluation.objects.get().year
    settlement = Settlement.objects.earliest("pk")
    return {
        "dashboard: home": (anybody, "/"),
        "dashboard: workbench of a seller": (seller, workbench),
        "dashboard: workbench of a buyer": (buyer, workbench),
        "dashboard: workbench of a broker": (broker, workbench),
        "dashboard: workbench of a registrar": (registrar, workbench),
        "dashboard: workbench of a supervisor": (supervisor, workbench),
        "dashboard: workbench of the market's finance": (finance, workbench),
        "dashboard: workbench of an administrator": (sign_in(cast.administrator), workbench),
        "list: catalogue": (anybody, "/catalogue/"),
        "list: demands": (anybody, "/demands/"),
        "search: catalogue": (anybody, "/catalogue/?" + urlencode({"q": "循环流化床"})),
        "search: catalogue in English": (anybody, "/en/catalogue/?" + urlencode({"q": "循环流化床"})),
        "search: everything": (anybody, "/search/?" + urlencode({"q": "循环流化床"})),
        "list: saved searches": (buyer, reverse("search:saved_searches")),
        "list: matches": (buyer, reverse("search:matches")),
        "list: matches of a broker": (broker, reverse("search:matches")),
        "detail: around a listing": (anybody, reverse("search:related_to_listing", args=[number])),
        "detail: around a listing, by its seller": (seller, reverse("search:related_to_listing", args=[number])),
        "detail: around a demand": (anybody, reverse("search:related_to_demand", args=[first["demand"]])),
        "detail: comparison": (anybody, reverse("search:compare") + "?" + urlencode({"n": number})),
        "search: demands": (anybody, "/demands/?" + urlencode({"q": "飞灰"})),
        "detail: listing, by anybody": (anybody, f"/catalogue/{number}/"),
        "detail: listing, by a buyer": (buyer, f"/catalogue/{number}/"),
        "detail: demand, by anybody": (anybody, f"/demands/{first['demand']}/"),
        "list: my achievements": (seller, reverse("listings:my_achievements")),
        "list: my listings": (seller, reverse("listings:my_listings")),
        "list: my intents": (buyer, reverse("listings:my_intents")),
        "list: my demands": (buyer, reverse("demands:my_demands")),
        "list: my proposals": (seller, reverse("demands:my_proposals")),
        "detail: proposal, by the enterprise": (buyer, reverse("demands:proposal_page", args=[first["proposal"]])),
        "list: objections": (supervisor, reverse("listings:objections")),
        "list: my deals": (seller, reverse("listings:my_deals")),
        "list: relief ledger": (seller_finance, reverse("relief:claims")),
        "list: relief ledger of officials": (supervisor, reverse("relief:claims")),
        "detail: claim": (seller_finance, reverse("relief:claim_page", args=[key["claim"]])),
        "detail: relief on a contract": (seller_finance, reverse("relief:contract_relief", args=[key["registered"]])),
        "detail: relief calculator": (anybody, reverse("relief:what_if")),
        "list: my contracts": (buyer, reverse("contracts:my_contracts")),
        "list: register of contracts": (registrar, reverse("contracts:register")),
        "dashboard: statistics of contracts": (supervisor, reverse("contracts:statistics") + "?year=2026"),
        "list: my deposits": (buyer, reverse("payments:my_deposits")),
        "list: the market's till": (finance, reverse("payments:till")),
        "list: refunds": (finance, reverse("payments:refunds")),
        "list: settlements": (seller, reverse("settlement:my_settlements")),
        "list: disputes about money": (supervisor, reverse("settlement:dispute_desk")),
        "list: money to get back": (finance, reverse("payments:recoveries")),
        "detail: money to get back": (buyer, reverse("payments:recovery_page", args=[key["recovery"]])),
        "list: payouts": (finance, reverse("payments:payouts")),
        "list: what we are paid": (seller, reverse("payments:my_payouts")),
        "detail: settlement, by the seller": (seller, settlement.get_absolute_url()),
        "detail: settlement, by the buyer": (buyer, settlement.get_absolute_url()),
        "detail: dispute about money": (supervisor, settlement.disputes.get().get_absolute_url()),
        "dashboard: ledger": (finance, reverse("payments:ledger")),
        "detail: deposit": (buyer, reverse("payments:deposit_page", args=[key["deposit"]])),
        "list: achievements to examine": (registrar, reverse("listings:examine_achievements")),
        "list: applications": (registrar, reverse("contracts:application_desk")),
        "list: brokers": (anybody, reverse("brokers:directory")),
        "dashboard: a broker's board": (broker, reverse("board:board")),
        "dashboard: my credit": (broker, reverse("credit:my_credit")),
        "list: credit appeals and repair": (supervisor, reverse("credit:credit_desk")),
        "list: decisions on credit appeals": (anybody, reverse("credit:appeal_decisions")),
        "detail: credit of a broker": (anybody, reverse("credit:rating_page", args=["broker", key["broker"]])),
        "detail: credit of an organisation": (
            seller,
            reverse("credit:rating_page", args=["organisation", cast.university.key]),
        ),
        "detail: credit record": (supervisor, reverse("credit:record_page", args=[key["record"]])),
        "detail: yearly evaluation": (supervisor, reverse("evaluation:evaluation_page", args=[now_year])),
        "detail: result of an evaluation": (supervisor, reverse("evaluation:result_page", args=[now_year, key["result"]])),
        "dashboard: my deal rooms": (broker, reverse("rooms:my_rooms")),
        "dashboard: deal room": (broker, reverse("rooms:room_page", args=[key["room"]])),
        "dashboard: task in a deal room": (broker, reverse("rooms:task_page", args=[key["task"]])),
        "dashboard: circle of a deal room": (broker, reverse("rooms:circle_page", args=[key["circle"]])),
        "list: my engagements": (broker, reverse("brokers:my_engagements")),
        "list: my commissions": (broker, reverse("brokers:my_commissions")),
        "detail: achievement": (seller, reverse("listings:achievement_page", args=[key["achievement"]])),
        "detail: listing, by its seller": (seller, reverse("listings:listing_page", args=[number])),
        "detail: intent": (seller, reverse("listings:intent_page", args=[key["intent"]])),
        "detail: objection": (supervisor, reverse("listings:objection_page", args=[key["objection"]])),
        "detail: deal": (seller, reverse("listings:deal_page", args=[key["deal"]])),
        "detail: contract": (buyer, reverse("contracts:contract_page", args=[key["contract"]])),
        "detail: application": (registrar, reverse("contracts:application_page", args=[key["application"]])),
        "detail: engagement": (broker, reverse("brokers:engagement_page", args=[key["engagement"]])),
    }


def count(client: Client, address: str) -> int:
    """The queries of the second visit, when what is kept for everybody is in the cache."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    queries = queries_of(client, address)
    # Once a minute a visit also notes in its session that somebody is there; the next one does not.
    return len(queries_of(client, address) if any(map(writes_session, queries)) else queries)


def queries_of(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return [query["sql"] for query in captured.captured_queries]


def writes_session(query: str) -> bool:
    return query.startswith("UPDATE") and "django_session" in query


def test_no_page_asks_more_the_more_it_shows(
    site: Site, cast: Cast, now: datetime, sign_in: SignIn, search_index: Callable[[], None]
) -> None:
    market = Market(cast, now)
    counted: dict[str, list[int]] = {}
    pages: Addresses = {}
    for many, few in SIZES:
        market.grow(many, few)
        search_index()
        pages = pages or addresses(cast, sign_in, market.first)
        for name, (client, address) in pages.items():
            counted.setdefault(name, []).append(count(client, address))
    growing = {name: counts for name, counts in counted.items() if counts[1] != counts[2]}
    assert growing == {}, "a page asks once for each row"
    found = {name: max(counts) for name, counts in counted.items()}
    if os.environ.get("QUERY_COUNTS") == "write":
        FILE.write_text(
            "# Written by tests/house/test_query_counts.py.\n" + yaml.safe_dump(found, allow_unicode=True), encoding="utf-8"
        )
    pinned = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert set(found) == set(pinned)
    # Not more than is written there; fewer are welcome, and a search server is asked over another line.
    assert {name: (pinned[name], number) for name, number in found.items() if number > pinned[name]} == {}


def over_limit(kind: str) -> dict[str, int]:
    """The pages of this kind pinned above its limit. What is pinned is what was counted, so this is quick."""
    pinned: dict[str, int] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    of_kind = {name: number for name, number in pinned.items() if name.startswith(f"{kind}: ")}
    assert of_kind, f"no page is a {kind}"
    return {name: number for name, number in of_kind.items() if number > LIMITS[kind]}


def test_no_list_asks_more_than_12_times() -> None:
    assert over_limit("list") == {}


def test_no_detail_page_asks_more_than_18_times() -> None:
    assert over_limit("detail") == {}


def test_no_search_asks_more_than_8_times() -> None:
    assert over_limit("search") == {}


def test_no_dashboard_asks_more_than_25_times() -> None:
    assert over_limit("dashboard") == {}


def test_every_page_counted_is_of_a_kind_with_a_limit() -> None:
    pinned = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert {name.partition(":")[0] for name in pinned} == set(LIMITS)


def test_a_page_that_asks_for_each_row_is_found(cast: Cast, now: datetime) -> None:
    """What the counting would see of a template that follows a relation row by row."""
    from listings.models.listings import Listing

    counts = []
    for _ in range(3):
        a_listing(cast, now)
        with CaptureQueriesContext(connection) as captured:
            [listing.achievement.title for listing in Listing.objects.all()]
        counts.append(len(captured))
    assert counts[0] < counts[1] < counts[2]
