"""May this broker be engaged, what commission is due, and how is it split?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from market.values.money import ZERO, Money
from market.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a figure: what it is, its source, the amount."""

    text: str
    source: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CommissionTerms:
    """What the mandate earns: a rate of the basis or a fixed sum, never both; a cap where one is agreed."""

    rate: Decimal | None
    fixed: Money | None
    cap: Money | None = None


@dataclass(frozen=True, slots=True)
class CommissionDue:
    """The commission with its steps."""

    amount: Money
    steps: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class EngagementFacts:
    """What the rules look at in an engagement.

    `acts_for_other_side`: a mandate of the other side in this matter runs; `both_consent`: each side has consented to that.
    `others_exclusive`: for each other mandate of this side in this matter that is in force, whether it is exclusive.
    """

    terms: CommissionTerms
    scope: str
    valid_until: date
    shares: Sequence[Decimal]
    is_broker_current: bool
    acts_for_other_side: bool
    both_consent: bool
    is_own_organisation: bool
    is_exclusive: bool = False
    others_exclusive: Sequence[bool] = ()


_SOURCE = "民法典 arts 963-964"


def commission_due(basis: Money, terms: CommissionTerms) -> CommissionDue:
    """The commission on this basis: the fixed sum, or the rate's share, not more than the cap.

    Source: 民法典 arts 963-964: due when the contract comes about (high); the figures are the engagement's own.
    """
    if terms.fixed is not None:
        return CommissionDue(terms.fixed, (Line("fixed", _SOURCE, terms.fixed),))
    if terms.rate is None:
        raise ValueError("an engagement states a rate or a fixed sum")
    amount = basis.share(terms.rate)
    steps = [Line("basis", _SOURCE, basis), Line("by_rate", _SOURCE, amount)]
    if terms.cap is not None and amount > terms.cap:
        amount = terms.cap
        steps.append(Line("capped", _SOURCE, amount))
    return CommissionDue(amount, tuple(steps))


def split(amount: Money, shares: Sequence[Decimal]) -> list[Money]:
    """The parts of those who share it; they add up to the fen.

    Source: domain rule 2 of brokers: shares that add up to 100 % (medium); the rounding is the market's own.
    """
    return amount.split(shares)


def may_engage(facts: EngagementFacts, *, today: date, limit: Decimal) -> list[Refusal]:
    """What speaks against this engagement; empty when nothing does.

    Source: domain rules 1 and 2 of brokers (medium); the largest rate is the policy row brokers.commission_limit.
    """
    refusals = may_sign(facts)
    if facts.is_own_organisation:
        refusals.append(Refusal("brokers.own_organisation"))
    if not facts.scope.strip():
        refusals.append(Refusal("brokers.scope_missing", field="scope"))
    if facts.valid_until <= today:
        refusals.append(Refusal("brokers.term_over", field="valid_until"))
    return refusals + _terms_refusals(facts.terms, limit) + _share_refusals(facts.shares)


def may_sign(facts: EngagementFacts) -> list[Refusal]:
    """What may have come between a proposal and its signature: an expired certificate, another mandate.

    Source: domain rules 1 and 2 of brokers (medium).
    """
    refusals = [] if facts.is_broker_current else [Refusal("brokers.not_current")]
    if facts.acts_for_other_side and not facts.both_consent:
        refusals.append(Refusal("brokers.acts_for_other_side", field="both_consent"))
    if any(facts.others_exclusive):
        refusals.append(Refusal("brokers.exclusive"))
    elif facts.is_exclusive and facts.others_exclusive:
        refusals.append(Refusal("brokers.others_engaged", field="is_exclusive"))
    return refusals


def _terms_refusals(terms: CommissionTerms, limit: Decimal) -> list[Refusal]:
    if (terms.rate is None) == (terms.fixed is None):
        return [Refusal("brokers.rate_or_fixed", field="rate")]
    if terms.rate is not None and not 0 < terms.rate <= limit:
        return [Refusal("brokers.rate_too_high", field="rate", data={"percent": f"{(limit * 100).normalize():f}"})]
    if terms.fixed is not None and terms.fixed <= ZERO:
        return [Refusal("brokers.fixed_zero", field="fixed")]
    if terms.cap is not None and terms.cap <= ZERO:
        return [Refusal("brokers.cap_zero", field="cap")]
    return []


def _share_refusals(shares: Sequence[Decimal]) -> list[Refusal]:
    if sum(shares, Decimal(0)) != 1 or any(share <= 0 for share in shares):
        return [Refusal("brokers.shares_not_whole", field="shares")]
    return []


def is_current(*, is_verified: bool, valid_until: date, today: date) -> bool:
    """True for a verified broker whose certificate has not run out.

    Source: domain rule 1 of brokers, after 国家技术转移专业人员能力等级培训大纲 for levels and certificates (medium).
    """
    return is_verified and today <= valid_until
