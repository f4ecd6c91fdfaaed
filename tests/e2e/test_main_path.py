"""From achievement to certificate, each step by its own person, in a real browser on whichever services this run has."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from brokers.models import Commission
from brokers.states import BrokerState, CommissionState, EngagementState
from contracts.models import Registration
from contracts.states import ApplicationState, ContractState
from listings.models.achievements import Achievement
from listings.models.deals import Deal
from listings.models.listings import Listing, Notice
from listings.states.achievements import AchievementState
from listings.states.listings import IntentState, ListingState, ObjectionState
from tests.e2e.browser import Person, a_file
from tests.e2e.conftest import LiveMarket
from tests.listings.builders import ABSTRACT, a_listing

pytestmark = pytest.mark.e2e

TITLE = "低热值煤循环流化床稳燃技术"


def test_one_deal_from_achievement_to_certificate(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    cast = live_market.cast
    agent, buyer = sit_down("agent"), sit_down("buyer")
    broker = sit_down("broker", width=360)
    registrar, supervisor, rival = sit_down("registrar"), sit_down("supervisor"), sit_down("rival")
    agent.sign_in(cast.university_agent)
    registrar.sign_in(cast.registrar, with_code=True)
    supervisor.sign_in(cast.supervisor, with_code=True)

    register_achievement(live_market, agent, registrar)
    number = publish_listing(live_market, agent)
    rival.sign_in(cast.rival_agent)
    objection_stops_and_releases(rival, supervisor, agent, number)
    live_market.work()
    buyer.sign_in(cast.enterprise_agent)
    find_and_intend(buyer, number)
    broker.sign_in(cast.broker, with_code=True)
    engage_broker(live_market, broker, supervisor, buyer, number)
    qualify(agent, live_market.ask(lambda: Listing.objects.get().intents.get().get_absolute_url()))
    deal = end_notice(live_market)
    agree_contract(agent, buyer, deal)
    recognise(live_market, agent, registrar)
    certificate_and_verification(live_market, agent, sit_down("anybody"))
    commission_is_credited(live_market, broker, buyer, deal)
    everybody_sees_what_happened((agent, buyer, registrar, supervisor), deal)
    rival.open(deal)
    assert TITLE not in rival.text
    live_market.ask(lambda: call_command("verify_events"))
    assert [trouble for person in live_market.people for trouble in person.troubles] == []


def register_achievement(market: LiveMarket, agent: Person, registrar: Person) -> None:
    agent.open("/market/achievements/new/")
    agent.fill(
        title=TITLE,
        kind="applied",
        industry="power",
        gbt4754="44",
        abstract=ABSTRACT,
        keywords="循环流化床，低热值煤",
        maturity="pilot_scale",
        completed_on="2025-06-30",
        is_publicly_funded=True,
        funding_source="province",
        documents=[a_file("鉴定报告.pdf")],
        inventors__0__name="发明人甲",
        inventors__0__share="60",
        inventors__1__name="发明人乙",
        inventors__1__share="30",
        patents__0__number="ZL201910123456.X",
        patents__0__title="循环流化床锅炉布风装置",
        patents__0__ipc="F23C 10/00",
        patents__0__granted_on="2023-05-09",
    )
    # The shares make 90 %: said at the rows, and nothing of what was typed or chosen is lost.
    agent.submit(refused=True)
    agent.reads("鉴定报告.pdf")
    agent.fill(inventors__1__share="40")
    agent.submit()
    agent.press("/submit/")
    agent.picture("achievement")
    registrar.open("/market/achievements/desk/")
    registrar.follow(market.ask(lambda: Achievement.objects.get().get_absolute_url()))
    registrar.reads(TITLE, "鉴定报告.pdf", "发明人乙")
    registrar.press("/register/")
    registrar.reads(AchievementState.REGISTERED.label)
    registrar.picture("registered")
    agent.page.reload()
    agent.reads(market.ask(lambda: Achievement.objects.get().certificate_number))


def publish_listing(market: LiveMarket, agent: Person) -> str:
    agent.follow("/list/")
    agent.fill(
        route="listed",
        transaction="transfer",
        price="120万",
        reserve_price="130万",
        deposit="0",
        payment_mode="lump_sum",
        terms="合同生效后三十日内一次付清，卖方提供三次现场培训。",
        if_no_intent="extend",
    )
    agent.submit()
    agent.press("/publish/")
    agent.reads(ListingState.ON_NOTICE.label)
    agent.picture("listing")
    return market.ask(lambda: Listing.objects.get().number)


def objection_stops_and_releases(rival: Person, supervisor: Person, agent: Person, number: str) -> None:
    rival.open(f"/market/listings/{number}/")
    assert "1,300,000" not in rival.text
    rival.follow("/objections/new/")
    rival.fill(statement="该专利的布风装置与本单位在先申请存在重合，请核查。")
    rival.submit()
    rival.reads(ObjectionState.RAISED.label)
    agent.page.reload()
    agent.reads(ListingState.SUSPENDED.label)
    supervisor.open("/market/objections/")
    supervisor.follow("/objections/")
    supervisor.follow("/answer/")
    supervisor.fill(answer="经核查，两件专利的权利要求不同，异议不成立。", outcome="dismiss")
    supervisor.submit()
    supervisor.reads(ObjectionState.DISMISSED.label)
    supervisor.picture("objection")
    agent.page.reload()
    agent.reads(ListingState.ON_NOTICE.label)


def find_and_intend(buyer: Person, number: str) -> None:
    buyer.page.locator('main [name="q"]').first.fill("循环流化床 稳燃")
    with buyer.page.expect_navigation():
        buyer.page.keyboard.press("Enter")
    buyer.picture("search")
    buyer.follow(f"{number}/")
    buyer.picture("found")
    if "/market/listings/" not in buyer.page.url:
        buyer.open(f"/market/listings/{number}/")
    buyer.follow("/intents/new/")
    buyer.type_with_keyboard(
        {
            "capacity": "拥有两台低热值煤机组，具备改造场地和专业队伍。",
            "finance": "上年度资产负债率为百分之四十五，资金已落实。",
            "offered_price": "1250000",
            "accepts_terms": True,
        }
    )
    buyer.reads(IntentState.REGISTERED.label)
    buyer.picture("intent")


def engage_broker(market: LiveMarket, broker: Person, supervisor: Person, buyer: Person, number: str) -> None:
    broker.open("/brokers/")
    broker.follow("/brokers/apply/")
    valid_until = (timezone.now() + timedelta(days=700)).date().isoformat()
    broker.fill(
        level="senior", certificate_number="JS20240001", valid_until=valid_until, introduction="从事能源领域技术转移十年。"
    )
    broker.fill(evidence=[a_file("证书.pdf")])
    broker.submit()
    broker.reads(BrokerState.APPLIED.label)
    broker.picture("broker")
    supervisor.open("/brokers/desk/")
    supervisor.page.locator("main table a").first.click()
    supervisor.press("/verify/")
    supervisor.reads(BrokerState.VERIFIED.label)
    buyer.open(f"/market/listings/{number}/")
    buyer.follow("/brokers/engagements/for/")
    buyer.page.locator('main [name="broker"]').select_option(index=1)
    buyer.fill(scope="寻找并评估技术，参加洽谈，协助签约。", valid_until=valid_until, rate="3", cap="3万")
    buyer.submit()
    buyer.reads(EngagementState.PROPOSED.label)
    broker.open("/brokers/engagements/")
    broker.follow("/brokers/engagements/")
    broker.press("/sign/")
    broker.reads(EngagementState.ACTIVE.label)
    broker.picture("engagement")


def qualify(agent: Person, intent: str) -> None:
    agent.open(intent)
    agent.press("/qualify/")
    agent.reads(IntentState.QUALIFIED.label)


def end_notice(market: LiveMarket) -> str:
    """The stored end is moved to a moment ago; the worker does the rest. Gives the deal's address."""
    market.ask(lambda: Notice.objects.update(ends_at=timezone.now() - timedelta(seconds=1)))
    market.work(until=Deal.objects.exists)
    return market.ask(lambda: Deal.objects.get().get_absolute_url())


def agree_contract(agent: Person, buyer: Person, deal: str) -> None:
    agent.open(deal)
    agent.picture("deal")
    agent.press("/contracts/from-deal/")
    agent.reads(TITLE, "1,250,000.00")
    agent.follow("/change/")
    agent.fill(equipment="5万", ownership="后续改进成果归完成方所有。", liability="双方对技术资料保密五年。")
    agent.submit()
    agent.press("/agree/")
    agent.reads(ContractState.HALF_AGREED.label)
    buyer.open(deal)
    buyer.follow("/contracts/")
    buyer.reads("1,200,000.00", "双方对技术资料保密五年。")
    buyer.press("/agree/")
    buyer.reads(ContractState.AGREED.label)
    buyer.picture("contract")


def recognise(market: LiveMarket, agent: Person, registrar: Person) -> None:
    agent.page.reload()
    agent.press("/form/")
    agent.picture("registration-form")
    agent.follow("/details/")
    # The price and the terms were changed in the contract: the form asks why.
    agent.fill(contact="技术转移办公室", contact_phone="0349-1234567", explanation="设备单列，成交价随之调整。")
    agent.submit()
    agent.fill(documents=[a_file("技术转让合同.pdf", b"MZ not what its name says")], is_undertaken=True)
    agent.submit(refused=True)
    agent.fill(documents=[a_file("技术转让合同.pdf")], is_undertaken=True)
    agent.submit()
    agent.press("/submit/")
    agent.reads(ApplicationState.SUBMITTED.label)
    agent.picture("application")
    registrar.open("/contracts/desk/")
    registrar.picture("desk")
    registrar.follow("/contracts/applications/")
    registrar.reads("技术转让合同.pdf")
    registrar.follow("/recognise/")
    registrar.submit()
    registrar.reads(ApplicationState.RECOGNISED.label, market.ask(lambda: Registration.objects.get().number))
    registrar.picture("recognised")


def certificate_and_verification(market: LiveMarket, agent: Person, anybody: Person) -> None:
    registration = market.ask(lambda: Registration.objects.select_related("contract__buyer").get())
    agent.page.reload()
    page = PdfReader(BytesIO(agent.download("certificate.pdf"))).pages[0]
    text = "".join(page.extract_text().split())
    assert registration.number in text
    assert TITLE in text
    assert "1,200,000.00" in text
    fonts = [str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert any("CJK" in font for font in fonts), fonts
    address = re.search(rf"{re.escape(market.address)}/contracts/verify/\d{{16}}/[a-z0-9]{{16}}/", text)
    assert address is not None, text
    anybody.open(address.group())
    anybody.reads(registration.number, TITLE)
    assert "1,200,000" not in anybody.text
    assert registration.contract.buyer.name in anybody.text
    anybody.picture("verification")
    anybody.open(f"/contracts/verify/{registration.number}/{'a' * 16}/")
    assert TITLE not in anybody.text


def commission_is_credited(market: LiveMarket, broker: Person, buyer: Person, deal: str) -> None:
    market.work(until=Commission.objects.exists)
    buyer.open(deal)
    buyer.reads("30,000.00", CommissionState.CREDITED.label)
    broker.open(deal)
    broker.reads("30,000.00")
    broker.picture("deal")
    broker.open("/brokers/commissions/")
    broker.reads("30,000.00", CommissionState.CREDITED.label)
    broker.picture("commission")


def everybody_sees_what_happened(people: tuple[Person, ...], deal: str) -> None:
    for person in people:
        person.open(deal)
        assert person.page.locator("main .timeline li").count() >= 8, person.text
        person.follow("/contracts/")
        assert person.page.locator("main .timeline li").count() >= 12, person.text
    people[0].picture("timeline")


def test_the_same_site_in_english(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    listing = live_market.ask(lambda: a_listing(live_market.cast, timezone.now()))
    live_market.work()
    buyer = sit_down("buyer", language="en")
    buyer.sign_in(live_market.cast.enterprise_agent)
    buyer.page.locator('main [name="q"]').first.fill("循环流化床")
    with buyer.page.expect_navigation():
        buyer.page.keyboard.press("Enter")
    buyer.follow(f"{listing.number}/")
    buyer.open(f"/market/listings/{listing.number}/")
    buyer.follow("/intents/new/")
    buyer.fill(capacity="Two units of our own.", finance="Sound.", offered_price="1")
    buyer.submit(refused=True)
    assert buyer.page.locator('main [name="capacity"]').input_value() == "Two units of our own."
    buyer.picture("refused")
    buyer.fill(offered_price="125万", accepts_terms=True)
    buyer.submit()
    buyer.reads(IntentState.REGISTERED.label)
    buyer.picture("intent")
    assert buyer.page.locator("html").get_attribute("lang") == "en"
    assert buyer.troubles == []
