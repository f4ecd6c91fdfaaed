"""What is offered: every listing on its way, with intents and objections in each of their states."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from listings.actions.achievements import (
    discard_achievement,
    draft_achievement,
    register_achievement,
    return_achievement,
    revoke_achievement,
    submit_achievement,
)
from listings.actions.deals import close_due_notice
from listings.actions.intents import qualify_intent, register_intent, reject_intent, withdraw_intent
from listings.actions.listings import change_price, discard_listing, draft_listing, publish_listing, withdraw_listing
from listings.actions.objections import (
    comment_objection,
    dismiss_objection,
    raise_objection,
    uphold_objection,
    withdraw_objection,
)
from listings.models.achievements import Achievement
from listings.models.listings import Intent, Listing
from listings.rules.listings import IntentTerms
from market.demonstration.money import give_letters, pay
from market.demonstration.sample import achievement_entry, listing_terms
from market.demonstration.world import World, paper
from market.values.actor import Role
from market.values.money import Money

# Past listings were ordinary licences: the same achievement can be offered again.
_LICENCE = {"route": "listed", "transaction": "ordinary_licence", "term_months": 36, "if_no_intent": "end"}
_CAPACITY = "拥有可用于实施的生产线和配套公用工程，技术团队二十余人，近三年完成过两项同类技术的引进和达产（样例）。"
_FINANCE = "上年度资产负债率低于百分之六十，改造资金已列入年度预算（样例）。"


def enter_achievement(world: World, row: dict[str, Any], number: int) -> Achievement:
    """The achievement has come as far as its row says."""
    agent = world.agent(row["organisation"])
    entered_at = world.now - timedelta(days=150 - number, hours=number % 7)
    if row["stage"] in {"draft", "submitted", "returned"}:
        entered_at = world.now - timedelta(days=9 - number % 4, hours=number % 7)
    organisation = world.organisations[row["organisation"]]
    entry = replace(achievement_entry(row), documents=(paper("评价报告（样例）.pdf", agent, now=entered_at),))
    achievement = draft_achievement(entry, organisation=organisation, actor=agent, now=entered_at, is_sample=True)
    if row["stage"] == "discarded":
        return discard_achievement(achievement, actor=agent, now=entered_at + timedelta(hours=1))
    if row["stage"] == "draft":
        return achievement
    return _examined(world, submit_achievement(achievement, actor=agent, now=entered_at + timedelta(hours=2)), row)


def _examined(world: World, achievement: Achievement, row: dict[str, Any]) -> Achievement:
    assert achievement.submitted_at is not None
    registrar, later = world.official(Role.REGISTRAR), achievement.submitted_at + timedelta(days=3)
    if row["stage"] == "submitted":
        return achievement
    if row["stage"] == "returned":
        return return_achievement(achievement, reason=row["reason"], actor=registrar, now=later)
    achievement = register_achievement(achievement, actor=registrar, now=later)
    if row["stage"] == "revoked":
        revoke_achievement(achievement, reason=row["reason"], actor=registrar, now=later + timedelta(days=40))
    return achievement


def offer(world: World, achievement: Achievement, row: dict[str, Any], number: int) -> Listing:
    """The listing is on notice since one of the last days."""
    days = number % 12 if row["route"] == "negotiated" else number % 20
    published_at = world.now - timedelta(days=days, minutes=number)
    terms = listing_terms(row, named_buyer_id=world.organisations["shuonan-power"].pk)
    return _published(world, achievement, terms, published_at)


def offer_before(world: World, achievement: Achievement, row: dict[str, Any], number: int, **changes: Any) -> Listing:
    """The listing was published some eleven weeks ago, as an ordinary licence."""
    licence = row | _LICENCE | {"price_fen": row["price_fen"] // 4} | changes
    terms = listing_terms(licence, named_buyer_id=None)
    return _published(world, achievement, terms, world.now - timedelta(days=80, hours=number))


def _published(world: World, achievement: Achievement, terms: Any, at: Any) -> Listing:
    agent = world.agent(_key(world, achievement.organisation_id))
    listing = draft_listing(achievement, terms, actor=agent, now=at - timedelta(hours=1), is_sample=True)
    return publish_listing(listing, actor=agent, now=at)


def _key(world: World, organisation_id: int) -> str:
    return next(key for key, organisation in world.organisations.items() if organisation.pk == organisation_id)


def seller_of(world: World, listing: Listing) -> str:
    return _key(world, listing.seller_id)


def intend(world: World, listing: Listing, buyer: str, *, qualified: bool, days: int = 3) -> Intent:
    """This enterprise has registered an intent some days after publication, a little above the price."""
    assert listing.published_at is not None
    at = min(listing.published_at + timedelta(days=days), world.now - timedelta(hours=6))
    actor = world.agent(buyer)
    intent = register_intent(
        listing,
        IntentTerms(
            _CAPACITY,
            _FINANCE,
            listing.price.share(Decimal("1.05")),
            accepts_terms=True,
            internal_decision="总经理办公会决定（样例）",
        ),
        buyer=world.organisations[buyer],
        documents=[paper("营业执照与财务报表（样例）.pdf", actor, now=at)],
        actor=actor,
        now=at,
    )
    if not qualified:
        return intent
    pay(world, intent, at + timedelta(hours=2))
    return qualify_intent(intent, actor=world.agent(seller_of(world, listing)), now=at + timedelta(hours=5))


def close(listing: Listing) -> None:
    """The notice is over at its very end."""
    notice = listing.notices.get(closed_at__isnull=True)
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)


def end_in_every_way(world: World, offers: list[tuple[Achievement, dict[str, Any]]]) -> None:
    """Of four listings of some time ago: one lapsed, one was withdrawn, one terminated, one draft was discarded."""
    (lapsing, row), (withdrawn, row_2), (terminated, row_3), (discarded, row_4) = offers
    close(offer_before(world, lapsing, row, 1))
    listing = offer_before(world, withdrawn, row_2, 2)
    agent = world.agent(seller_of(world, listing))
    at = world.now - timedelta(days=70)
    withdraw_listing(listing, reason="成果完善后重新挂牌，本次撤回。", actor=agent, now=at)
    listing = offer_before(world, terminated, row_3, 3)
    intend(world, listing, world.enterprise(3), qualified=True)
    objection = raise_objection(
        listing,
        statement="公告的许可范围与我公司2023年签订的独占许可合同冲突。",
        actor=world.agent(world.enterprise(4)),
        now=at,
    )
    uphold_objection(
        objection, answer="经核查，独占许可合同仍在有效期内，异议成立。", actor=world.official(Role.SUPERVISOR), now=at
    )
    terms = listing_terms(row_4 | _LICENCE, named_buyer_id=None)
    agent = world.agent(_key(world, discarded.organisation_id))
    discard_listing(draft_listing(discarded, terms, actor=agent, now=at, is_sample=True), actor=agent, now=at)


def prepare_one(world: World, achievement: Achievement) -> Listing:
    """A draft that its owner has not published."""
    row = {"price_fen": 48_000_000, "notice_days": 20, "deposit_percent": "10"} | _LICENCE
    agent = world.agent(_key(world, achievement.organisation_id))
    terms = listing_terms(row, named_buyer_id=None)
    return draft_listing(achievement, terms, actor=agent, now=world.now - timedelta(days=2), is_sample=True)


def open_bidding(world: World, achievement: Achievement, row: dict[str, Any]) -> Listing:
    """Three buyers are qualified at the end of the notice, the demonstration's own enterprise among them."""
    listing = _published(world, achievement, listing_terms(row, named_buyer_id=None), world.now - timedelta(days=45))
    for number, buyer in enumerate(("shuonan-power", *(world.enterprise(n, but="shuonan-power") for n in (1, 2)))):
        intend(world, listing, buyer, qualified=True, days=number + 1)
    close(listing)
    return listing


def take_part(world: World, listings: list[Listing]) -> None:
    """On listings that are still on notice: intents that wait, are qualified, rejected, withdrawn and to be confirmed anew."""
    intend(world, listings[0], "shuonan-power", qualified=False)
    intend(world, listings[1], "shuonan-power", qualified=True)
    seller = world.agent(seller_of(world, listings[2]))
    rejected = intend(world, listings[2], world.enterprise(5), qualified=False)
    at = world.now - timedelta(hours=3)
    reject_intent(rejected, reason="未提供实施场地的证明，不符合受让方条件。", actor=seller, now=at)
    buyer = world.enterprise(6)
    withdraw_intent(intend(world, listings[3], buyer, qualified=False), actor=world.agent(buyer), now=at)
    # Bank's letters instead of money.
    others = [world.enterprise(number, but="shuonan-power") for number in (9, 10, 11)]
    give_letters(world, [intend(world, listings[0], other, qualified=False) for other in others])
    # A changed price leaves it to the buyer to confirm.
    intend(world, listings[4], world.enterprise(8), qualified=True)
    price = Money(listings[4].price_fen).share(Decimal("0.85"))
    seller = world.agent(seller_of(world, listings[4]))
    change_price(listings[4], price, approval="校务会议纪要（样例）第7号", actor=seller, now=at)


def back_out(world: World, listing: Listing) -> None:
    """A buyer has paid and withdrawn; the money should be back by now."""
    assert listing.published_at is not None
    buyer = world.enterprise(12)
    intent = intend(world, listing, buyer, qualified=True, days=1)
    withdraw_intent(intent, actor=world.agent(buyer), now=listing.published_at + timedelta(days=2))


def object_to(world: World, listings: list[Listing]) -> None:
    """One notice stands still; another goes on after the answer; from a third the objection was taken back."""
    first, second, third = listings
    objector, at = world.agent(world.enterprise(7)), world.now - timedelta(days=1)
    objection = raise_objection(first, statement="成果与我公司共同研发，公告未列我公司为共有权人。", actor=objector, now=at)
    seller = world.agent(seller_of(world, first))
    comment_objection(objection, statement="合作协议约定成果归我校所有，协议已提交。", actor=seller, now=at + timedelta(hours=3))
    objection = raise_objection(second, statement="公告的交易价格明显低于评估价。", actor=objector, now=at)
    answer = "评估报告载明的价格低于挂牌价，异议不成立。"
    dismiss_objection(objection, answer=answer, actor=world.official(Role.SUPERVISOR), now=at + timedelta(hours=8))
    objection = raise_objection(third, statement="请说明专利年费是否已经缴纳。", actor=objector, now=at)
    withdraw_objection(objection, actor=objector, now=at + timedelta(hours=2))
