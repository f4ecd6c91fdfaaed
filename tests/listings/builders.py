"""Achievements, listings, intents and deals in a given state, built through the actions that lead there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from listings.actions.achievements import AchievementEntry, draft_achievement, register_achievement, submit_achievement
from listings.actions.deals import close_due_notice, conclude_bidding, fail_deal
from listings.actions.intents import qualify_intent, register_intent
from listings.actions.listings import draft_listing, publish_listing
from listings.actions.next_offers import accept_next_offer, make_next_offer
from listings.models.achievements import Achievement
from listings.models.deals import Deal, NextOffer
from listings.models.listings import Intent, Listing
from listings.rules.achievements import InventorFacts, PatentFacts
from listings.rules.listings import IntentTerms, ListingTerms
from market.values.money import Money
from tests.payments.builders import pay_deposit, refund_deposit_of
from tests.people import Cast, Member

ABSTRACT = (
    "针对低热值煤循环流化床锅炉燃烧不稳定、灰渣含碳量高的问题，提出分级布风与床温协同控制方法，"
    "在七十五吨每小时试验炉上连续运行一千二百小时，锅炉热效率提高百分之二点一，飞灰含碳量由百分之八降至百分之三点五，"
    "氮氧化物原始排放浓度低于每立方米一百毫克，适用于煤矸石与煤泥混烧机组的改造，改造周期短，投资回收期不超过两年。"
)


def an_entry(**changes: object) -> AchievementEntry:
    entry = AchievementEntry(
        title="低热值煤循环流化床稳燃技术",
        kind="applied",
        abstract=ABSTRACT,
        keywords=("循环流化床", "低热值煤", "稳燃"),
        industry="power",
        gbt4754="44",
        maturity="pilot_scale",
        completed_on=date(2025, 6, 30),
        is_publicly_funded=True,
        funding_source="province",
        inventors=(InventorFacts("发明人甲", Decimal("0.6")), InventorFacts("发明人乙", Decimal("0.4"))),
        patents=(
            PatentFacts("ZL201910123456.X", "invention", "循环流化床锅炉布风装置", "F23C 10/00", date(2023, 5, 9), "in_force"),
        ),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def a_patent(number: int, **changes: object) -> PatentFacts:
    """An invention patent in force with a number of its own, its check digit right."""
    digits = f"20191{number + 5000000:07d}"
    check = "0123456789X"[
        sum(int(digit) * weight for digit, weight in zip(digits, (2, 3, 4, 5, 6, 7, 8, 9) * 2, strict=False)) % 11
    ]
    patent = PatentFacts(f"ZL{digits}.{check}", "invention", "循环流化床锅炉布风装置", "F23C 10/00", date(2023, 5, 9), "in_force")
    return replace(patent, **changes)  # type: ignore[arg-type]


def some_terms(**changes: object) -> ListingTerms:
    terms = ListingTerms(
        route="listed",
        transaction="transfer",
        licence_months=None,
        price=Money.yuan("1200000"),
        reserve_price=Money.yuan("1300000"),
        is_reserve_disclosed=False,
        deposit=Money.yuan("120000"),
        payment_mode="lump_sum",
        terms="合同生效后三十日内一次付清。",
        buyer_conditions="",
        named_buyer_id=None,
        notice_period=20,
        if_no_intent="extend",
        pricing_basis="参照资产评估报告（样例评字第12号）协商确定。",
    )
    return replace(terms, **changes)  # type: ignore[arg-type]


def an_achievement(cast: Cast, now: datetime, *, registered: bool = True, **changes: object) -> Achievement:
    """Each of its own: the register takes the same title or patent only once."""
    actor = cast.university_agent.actor
    if number := Achievement.objects.count():
        changes = {"title": f"低热值煤循环流化床稳燃技术（{number}）", "patents": (a_patent(number),)} | changes
    achievement = draft_achievement(an_entry(**changes), organisation=cast.university, actor=actor, now=now)
    if not registered:
        return achievement
    achievement = submit_achievement(achievement, actor=actor, now=now)
    return register_achievement(achievement, actor=cast.registrar.actor, now=now)


def a_listing(
    cast: Cast, now: datetime, *, on_notice: bool = True, achievement: Achievement | None = None, **terms: object
) -> Listing:
    actor = cast.university_agent.actor
    achievement = achievement or an_achievement(cast, now)
    listing = draft_listing(achievement, some_terms(**terms), actor=actor, now=now)
    return publish_listing(listing, actor=actor, now=now) if on_notice else listing


def some_intent_terms(**changes: object) -> IntentTerms:
    terms = IntentTerms(
        capacity="拥有两台低热值煤机组，具备改造场地和专业队伍。",
        finance="上年度资产负债率为百分之四十五，资金已落实。",
        offered_price=Money.yuan("1250000"),
        accepts_terms=True,
    )
    return replace(terms, **changes)  # type: ignore[arg-type]


def an_intent(
    cast: Cast, listing: Listing, now: datetime, *, buyer: Member | None = None, qualified: bool = False, **changes: object
) -> Intent:
    buyer = buyer or cast.enterprise_agent
    intent = register_intent(
        listing, some_intent_terms(**changes), buyer=buyer.organisation, actor=buyer.actor, now=now + timedelta(days=1)
    )
    if not qualified:
        return intent
    pay_deposit(cast, intent.subject, now + timedelta(days=1))
    return qualify_intent(intent, actor=cast.university_agent.actor, now=now + timedelta(days=2))


def a_deal(cast: Cast, now: datetime, **terms: object) -> Deal:
    """Concluded at the end of the notice with the one qualified intent."""
    listing = a_listing(cast, now, **terms)
    an_intent(cast, listing, now, qualified=True)
    notice = listing.notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    return Deal.objects.get(listing=listing)


def a_next_offer(cast: Cast, now: datetime, *, state: str = "made", refunded: bool = True, **terms: object) -> NextOffer:
    """The enterprise won the bidding and did not sign; the rival, whose deposit is back, is asked to take the deal."""
    listing = a_listing(cast, now, **terms)
    winner, loser = (an_intent(cast, listing, now, buyer=it, qualified=True) for it in (cast.enterprise_agent, cast.rival_agent))
    notice = listing.notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    deal = conclude_bidding(listing, winner=winner, price=Money.yuan("1400000"), now=notice.ends_at)
    assert deal is not None
    if refunded:
        refund_deposit_of(cast, loser.subject, notice.ends_at)
    at = datetime.combine(deal.contract_due_on, time(12), UTC)
    fail_deal(deal, reason="逾期未签约", is_buyers_default=True, actor=cast.supervisor.actor, now=at)
    deal.refresh_from_db()
    loser.refresh_from_db()
    offer = make_next_offer(deal, loser, Money.yuan("1390000"), now=at)
    if state == "accepted":
        accept_next_offer(offer, actor=cast.rival_agent.actor, now=at)
    offer.refresh_from_db()
    return offer
