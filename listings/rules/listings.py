"""On what terms, for how long, and what happens when the notice is over?"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from market.policy.rules import Policy, deadline
from market.values.dates import Calendar, Deadline, Period, Span, Unit
from market.values.money import Money
from market.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ListingTerms:
    """The terms a seller states. `notice_period` counts the unit of the policy row; money in fen."""

    route: str
    transaction: str
    licence_months: int | None
    price: Money
    reserve_price: Money | None
    is_reserve_disclosed: bool
    deposit: Money
    payment_mode: str
    terms: str
    buyer_conditions: str
    named_buyer_id: int | None
    notice_period: int
    if_no_intent: str
    pricing_basis: str = ""
    is_related_party: bool = False


@dataclass(frozen=True, slots=True)
class ListingPolicies:
    """The rows in force that bear on new terms."""

    notice_period: Policy
    deposit_limit: Policy


def may_list(terms: ListingTerms, policies: ListingPolicies, *, seller_id: int, is_registered: bool) -> list[Refusal]:
    """What speaks against listing on these terms; empty when nothing does.

    Source: 促进科技成果转化法 art. 18 (high) for the routes; `listing.*` policy rows for the figures.
    """
    refusals = [] if is_registered else [Refusal("listings.not_registered")]
    return refusals + price_refusals(terms, policies.deposit_limit) + _route_refusals(terms, policies, seller_id)


def price_refusals(terms: ListingTerms, deposit_limit: Policy) -> list[Refusal]:
    """A price above zero, a reserve not below it, a deposit within the limit.

    Source: 拍卖法 arts 28, 50 in analogy for the reserve price (high); exchange practice for the deposit (medium), policy row.
    """
    if terms.price.fen <= 0:
        return [Refusal("listings.price_zero", field="price")]
    refusals = []
    if terms.reserve_price is not None and terms.reserve_price < terms.price:
        refusals.append(Refusal("listings.reserve_below_price", field="reserve_price"))
    largest = largest_deposit(terms.price, deposit_limit)
    if terms.deposit > largest:
        data = {"largest": str(largest), "percent": f"{(deposit_limit.rate * 100).normalize():f}"}
        refusals.append(Refusal("listings.deposit_too_large", field="deposit", data=data))
    return refusals


def _route_refusals(terms: ListingTerms, policies: ListingPolicies, seller_id: int) -> list[Refusal]:
    refusals = []
    if terms.transaction != "transfer" and not terms.licence_months:
        refusals.append(Refusal("listings.licence_term_missing", field="licence_months"))
    if terms.route == "negotiated" and terms.named_buyer_id is None:
        refusals.append(Refusal("listings.named_buyer_missing", field="named_buyer"))
    if terms.route == "negotiated" and not terms.pricing_basis.strip():
        # Source: 国发〔2016〕16号 asks for name and price; the basis shows that the price was not arbitrary (medium).
        refusals.append(Refusal("listings.pricing_basis_missing", field="pricing_basis"))
    if terms.route != "negotiated" and terms.named_buyer_id is not None:
        refusals.append(Refusal("listings.named_buyer_not_here", field="named_buyer"))
    if terms.named_buyer_id == seller_id:
        refusals.append(Refusal("listings.buyer_is_seller", field="named_buyer"))
    shortest = policies.notice_period.count
    if terms.notice_period < shortest:
        data = {"shortest": shortest, "unit": policies.notice_period.measure}
        refusals.append(Refusal("listings.notice_too_short", field="notice_period", data=data))
    return refusals


def asks_second_factor(price: Money, limit: Policy) -> bool:
    """True from the limit on: so much is not put up or agreed on by somebody whose password alone may have been stolen.

    Source: the market's own (low), policy row; GB/T 22239-2019 asks two factors of staff only (medium).
    """
    return price >= limit.money


def largest_deposit(price: Money, limit: Policy) -> Money:
    """The largest deposit that may be asked. Source: exchange practice, 30 % of the price (medium), policy row."""
    return Money(int((Decimal(price.fen) * limit.rate).to_integral_value(rounding="ROUND_FLOOR")))


def notice_policy_kind(route: str) -> str:
    """Which policy row governs the notice: a negotiated price is made public, other listings are announced.

    Source: 国发〔2016〕16号 for the public notice of at least 15 days (high).
    """
    return "listing.public_notice_period" if route == "negotiated" else "listing.announcement_period"


@dataclass(frozen=True, slots=True)
class Extension:
    """Another period added to a notice, with the policy row that set it."""

    period: Period
    policy_row: int
    # The day it was announced: after its notice had ended unnoticed, an extension cannot begin in the past.
    announced_on: date | None = None


def notice_stages(
    opened_on: date,
    period: Period,
    policy_row: int,
    *,
    extensions: Sequence[Extension] = (),
    suspensions: Sequence[Span] = (),
    calendar: Calendar,
) -> list[Deadline]:
    """The end of the notice's own period, then that of each extension, without the days on which it was suspended.

    Source: domain rules 2 and 4 of listing: an objection stops the clock, an extension goes on (medium).
    """
    stages = [deadline(opened_on, period, calendar, suspended=suspensions, policy_row=policy_row)]
    for extension in extensions:
        start = _extended_from(stages[-1].day, extension.announced_on)
        stages.append(deadline(start, extension.period, calendar, suspended=suspensions, policy_row=extension.policy_row))
    return stages


def notice_end(stages: Sequence[Deadline]) -> Deadline:
    """The end of a notice of these stages: counted from the first one's start, provisional when any of them is.

    Source: domain rule 4 of listing (medium).
    """
    first, last = stages[0], stages[-1]
    return Deadline(
        last.day,
        last.ends_at,
        any(stage.provisional for stage in stages),
        first.start,
        first.period,
        tuple(skip for stage in stages for skip in stage.skipped),
        first.policy_row,
    )


def _extended_from(end: date, announced_on: date | None) -> date:
    """The end before, when the extension was announced by the day after it; else the day of its announcement.

    However late the worker was, buyers have the whole extension to come forward.
    """
    return end if announced_on is None or (announced_on - end).days <= 1 else announced_on


class AtNoticeEnd(enum.StrEnum):
    """What happens when a notice is over."""

    CONCLUDE = "conclude"
    OPEN_BIDDING = "open_bidding"
    EXTEND = "extend"
    LAPSE = "lapse"


def at_notice_end(*, qualified: int, if_no_intent: str, extensions: int, limit: int) -> AtNoticeEnd:
    """One qualified intent concludes, two or more bid, none extends (as chosen beforehand, up to the limit) or ends.

    Source: domain rules 4 and 5, after 32号令 and exchange practice (medium).
    """
    if qualified == 1:
        return AtNoticeEnd.CONCLUDE
    if qualified > 1:
        return AtNoticeEnd.OPEN_BIDDING
    if if_no_intent == "extend" and extensions < limit:
        return AtNoticeEnd.EXTEND
    return AtNoticeEnd.LAPSE


def price_change(*, announced: Money, present: Money, new: Money, approval_limit: Policy, approval: str) -> list[Refusal]:
    """What speaks against this new price during a notice: it must be lower than the present one, and more than the limit
    below the price first announced it needs the owner's approval on record.

    Source: 企业国有资产交易监督管理办法 (32号令) art. 18: below 90 % (high), used by analogy.
    """
    if new.fen <= 0:
        return [Refusal("listings.price_zero", field="price")]
    if new >= present:
        return [Refusal("listings.price_not_lower", field="price")]
    floor = Decimal(announced.fen) * (1 - approval_limit.rate)
    if Decimal(new.fen) < floor and not approval.strip():
        percent = f"{(approval_limit.rate * 100).normalize():f}"
        return [Refusal("listings.approval_missing", field="approval", data={"percent": percent})]
    return []


def may_qualify(*, needs_deposit: bool, is_deposit_held: bool) -> list[Refusal]:
    """What speaks against qualifying a buyer: who takes part has put up the deposit.

    Source: exchange practice, 保证金以到账为准 (medium).
    """
    return [Refusal("listings.deposit_not_held")] if needs_deposit and not is_deposit_held else []


@dataclass(frozen=True, slots=True)
class IntentTerms:
    """What a buyer states."""

    capacity: str
    finance: str
    offered_price: Money
    accepts_terms: bool
    internal_decision: str = ""
    contact: str = ""


def may_register_intent(terms: IntentTerms, *, price: Money, is_on_time: bool) -> list[Refusal]:
    """What speaks against this intent: it comes too late, leaves the terms open, or offers less than the price.

    Source: domain rule 5 of listing (medium).
    """
    refusals = []
    if not is_on_time:
        refusals.append(Refusal("listings.notice_is_over"))
    if not terms.accepts_terms:
        refusals.append(Refusal("listings.terms_not_accepted", field="accepts_terms"))
    return [*refusals, *may_offer(terms.offered_price, price=price)]


def may_offer(offered: Money, *, price: Money) -> list[Refusal]:
    """What speaks against offering this: nobody offers less than what the listing asks for.

    Source: domain rule 5 of listing: the listed price or better (medium).
    """
    if offered < price:
        return [Refusal("listings.offer_below_price", field="offered_price", data={"price": str(price)})]
    return []


def period_of(policy: Policy, n: int) -> Period:
    """A period of n in the unit of the policy row. Source: the market's own."""
    return Period(n, Unit(policy.measure))
