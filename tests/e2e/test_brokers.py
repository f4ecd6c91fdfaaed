"""A broker from the certificate to a year's evaluation, each step by its own person in a browser of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from brokers.board.models import Lead
from brokers.board.states import LeadEvent, LeadState
from brokers.credit.models import Record, Standing
from brokers.credit.states import AppealState
from brokers.evaluation.models import Evaluation, Result
from brokers.evaluation.states import EvaluationState
from brokers.models import Broker, Commission, Engagement, Introduction
from brokers.states import BrokerState, EngagementState, IntroductionState
from contracts.settlement.actions.plans import open_settlement
from contracts.settlement.models.disbursements import CommissionPart
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.states import SettlementState
from listings.actions.deals import close_due_notice
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.accounts.models import Organisation
from market.values.dates import day_of
from market.values.money import Money
from tests.contracts.builders import a_contract
from tests.e2e.browser import Person, a_file
from tests.e2e.conftest import LiveMarket
from tests.listings.builders import a_listing, an_intent
from tests.people import Cast, an_organisation
from tests.settlement.builders import pay_all

pytestmark = pytest.mark.e2e

_SHARES = {"20": "某律师事务所", "10": "某资产评估公司"}


def test_a_broker_is_engaged_paid_reviewed_and_evaluated(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    cast = live_market.cast
    begun = timezone.now() - timedelta(days=40)
    listing: Listing = live_market.ask(lambda: a_listing(cast, begun))
    partners: list[Organisation] = live_market.ask(
        lambda: [an_organisation(name, "service_provider", 70 + n) for n, name in enumerate(_SHARES.values())]
    )
    broker = sit_down("broker", signed_in=cast.broker, width=360)
    seller = sit_down("seller", signed_in=cast.university_agent)
    buyer = sit_down("buyer", signed_in=cast.enterprise_agent, language="en")
    official = sit_down("official", signed_in=cast.supervisor)

    page = become_a_broker(live_market, broker, official)
    mandate = engage(live_market, seller, broker, listing, partners)
    introduce(live_market, broker, seller, buyer, mandate)
    settle(live_market, buyer, broker, listing)
    the_commission_came_in_three_parts(live_market, broker)
    review_and_appeal(live_market, seller, buyer, broker, official, page)
    evaluate(live_market, broker, official)
    assert [trouble for person in live_market.people for trouble in person.troubles] == []


def become_a_broker(market: LiveMarket, broker: Person, official: Person) -> str:
    """Gives the address of the broker's page."""
    broker.open("/brokers/apply/")
    broker.fill(level="senior", certificate_number="JS20240001", valid_until="2099-12-31")
    broker.fill(introduction="从事能源领域技术转移十年。", evidence=[a_file("证书.pdf")])
    broker.submit()
    broker.reads(BrokerState.APPLIED.label)
    page: str = market.ask(lambda: Broker.objects.get().get_absolute_url())
    official.open("/brokers/desk/")
    official.follow(page)
    official.press("/verify/")
    official.reads(BrokerState.VERIFIED.label)
    return page


def engage(market: LiveMarket, seller: Person, broker: Person, listing: Listing, partners: list[Organisation]) -> str:
    """The university proposes, the broker signs; the law firm and the valuer share the commission."""
    seller.open(f"/brokers/engagements/for/{listing.number}/")
    seller.fill(broker=market.ask(lambda: Broker.objects.get().key), scope="寻找受让方，评估技术，协助签约。", rate="3")
    seller.fill(valid_until="2099-12-31", due_when="signing")
    for n, (share, partner) in enumerate(zip(_SHARES, partners, strict=True), 1):
        seller.fill(**{f"partner_{n}": partner.social_credit_code, f"share_{n}": share})
    seller.submit()
    mandate: str = market.ask(lambda: Engagement.objects.get().get_absolute_url())
    broker.open("/brokers/engagements/")
    broker.follow(mandate)
    broker.reads(*_SHARES.values())
    broker.press("/sign/")
    broker.reads(EngagementState.ACTIVE.label)
    return mandate


def introduce(market: LiveMarket, broker: Person, seller: Person, buyer: Person, mandate: str) -> None:
    """Both confirm that the broker brought them together."""
    broker.open(mandate)
    broker.follow("/introduce/")
    today = day_of(timezone.now()).isoformat()
    broker.fill(code=market.cast.enterprise.social_credit_code, introduced_on=today, account="在对接会上介绍双方认识。")
    broker.submit()
    introduction: str = market.ask(lambda: Introduction.objects.get().get_absolute_url())
    for side in (buyer, seller):
        side.open(introduction)
        side.press("/confirm/")
    seller.reads(IntroductionState.CONFIRMED.label)


def settle(market: LiveMarket, buyer: Person, broker: Person, listing: Listing) -> None:
    """Notice, contract and payment are other stories; the buyer confirms the delivery, and the broker's board follows by itself."""
    market.ask(lambda: a_paid_deal(market.cast, listing))
    market.work(until=lambda: CommissionPart.objects.count() == 1 + len(_SHARES))
    buyer.open(market.ask(lambda: Settlement.objects.get().get_absolute_url()))
    buyer.follow("/confirm/")
    buyer.fill(is_delivered=True)
    buyer.submit()
    buyer.reads(SettlementState.CLOSED.label)
    market.work(until=lambda: Lead.objects.filter(state=LeadState.CLOSED).exists())
    broker.open("/brokers/board/")
    broker.reads(LeadEvent.SETTLE.label)
    broker.picture("board")


def a_paid_deal(cast: Cast, listing: Listing) -> None:
    notice = listing.notices.get()
    assert notice.ends_at is not None
    an_intent(cast, listing, notice.ends_at - timedelta(days=9), qualified=True)
    close_due_notice(notice, now=notice.ends_at)
    now = timezone.now()
    contract = a_contract(cast, now, deal=Deal.objects.get(listing=listing))
    pay_all(cast, open_settlement(contract, now=now), now)


def the_commission_came_in_three_parts(market: LiveMarket, broker: Person) -> None:
    broker.open("/brokers/commissions/")
    broker.reads(market.cast.university.name)
    broker.picture("commissions")
    broker.open("/brokers/commissions/statement/")
    # Three per cent of 1,250,000 yuan, seven tenths of it.
    broker.reads("37,500.00", "26,250.00")
    parts = market.ask(lambda: {part["organisation"]: part["fen"] for part in Commission.objects.get().parts})
    whole = Money.yuan("37500").fen
    assert parts == {
        market.cast.institution.name: whole * 7 // 10,
        "某律师事务所": whole * 2 // 10,
        "某资产评估公司": whole // 10,
    }
    broker.open("/payments/payouts/ours/")
    broker.reads("26,250.00")


def review_and_appeal(market: LiveMarket, seller: Person, buyer: Person, broker: Person, official: Person, page: str) -> None:
    """Both parties review the broker; the rating says why it is what it is; the worse review is appealed, and falls."""
    key = page.rstrip("/").rsplit("/", 1)[-1]
    rating = f"/credit/of/broker/{key}/"
    broker.open(rating)
    before = market.ask(lambda: Standing.objects.get(broker__key=key).score)
    reviews = market.ask(lambda: Deal.objects.get().key)
    _review(seller, f"/credit/deals/{reviews}/broker/{key}/", "5", "熟悉业务，按期完成全部工作。")
    _review(buyer, f"/credit/deals/{reviews}/broker/{key}/", "1", "从未到场，资料缺失。")
    market.work(until=lambda: Record.objects.filter(standing__broker__key=key, points__lt=0).exists())
    worse = market.ask(lambda: Standing.objects.get(broker__key=key).score)
    assert worse != before
    broker.open(rating)
    broker.picture("rating")
    bad: str = market.ask(lambda: Record.objects.get(standing__broker__key=key, points__lt=0).get_absolute_url())
    broker.open(bad)
    broker.follow("/appeal/")
    broker.fill(grounds="三次到场均有签到记录。", evidence=[a_file("签到记录.pdf")])
    broker.submit()
    broker.reads(AppealState.FILED.label)
    official.open("/credit/desk/")
    official.follow(bad)
    official.follow("/uphold/")
    official.fill(decision="签到记录属实，评价与事实不符。", published="评价与书面记录不符，予以撤除。")
    official.submit()
    assert market.ask(lambda: Standing.objects.get(broker__key=key).score) > worse
    buyer.open("/credit/decisions/")
    buyer.reads("评价与书面记录不符，予以撤除。")
    buyer.picture("decisions")


def _review(person: Person, address: str, mark: str, text: str) -> None:
    person.open(address)
    person.fill(expertise=mark, timeliness=mark, integrity=mark, text=text)
    person.submit()


def evaluate(market: LiveMarket, broker: Person, official: Person) -> None:
    """Drafted, commented on, answered; published when the time for comments is over."""
    year = day_of(timezone.now()).year
    official.open("/evaluation/draft/")
    official.fill(year=str(year))
    official.submit()
    official.press("/open/")
    own = market.ask(lambda: Result.objects.get(institution=market.cast.institution).get_absolute_url())
    broker.open("/evaluation/")
    broker.follow(f"/evaluation/{year}/")
    broker.follow(own)
    broker.follow("/comment/")
    broker.fill(text="培训人次少计，请核对签到表。")
    broker.submit()
    official.open(f"/evaluation/{year}/")
    official.follow("/evaluation/comments/")
    official.fill(answer="已核对，培训不在自动统计之列，请提交材料。")
    official.submit()
    market.ask(lambda: Evaluation.objects.update(comment_until=day_of(timezone.now()) - timedelta(days=1)))
    official.open(f"/evaluation/{year}/")
    official.press("/publish/")
    official.reads(EvaluationState.PUBLISHED.label)
    broker.open(own)
    broker.reads("已核对，培训不在自动统计之列，请提交材料。")
    assert broker.download("/certificate/").startswith(b"%PDF")
    broker.picture("evaluation")
