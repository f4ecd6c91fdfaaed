"""May this broker be engaged, what commission is due, and how is it split?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from market.policy.rules import months_after
from market.values.money import ZERO, Money
from market.values.refusal import Refusal

# Months after a mandate's end in which a deal with somebody introduced still earns; the sides may agree on others.
DEFAULT_TAIL = 6
LONGEST_TAIL = 24


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a figure: what it is, its source, the amount."""

    text: str
    source: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Bracket:
    """The rate of that part of the basis which lies above the bracket before, up to this sum; the last is open."""

    up_to: Money | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class CommissionTerms:
    """What the mandate earns: a rate of the basis, brackets of rates, or a fixed sum; a cap where one is agreed."""

    rate: Decimal | None = None
    fixed: Money | None = None
    cap: Money | None = None
    brackets: tuple[Bracket, ...] = ()


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
    tail_months: int = DEFAULT_TAIL
    principal_share: Decimal = Decimal(1)
    others_exclusive: Sequence[bool] = ()


_SOURCE = "民法典 arts 963-964"


def commission_due(basis: Money, terms: CommissionTerms) -> CommissionDue:
    """The commission on this basis: the fixed sum, or what the rate or the brackets come to, not more than the cap.

    It is rounded once, as a whole; the brackets' steps are parts of that sum by largest remainder, so that they add up.
    Source: 民法典 arts 963-964: due when the contract comes about (high); the figures are the engagement's own.
    """
    if terms.fixed is not None:
        return CommissionDue(terms.fixed, (Line("fixed", _SOURCE, terms.fixed),))
    if terms.brackets:
        amount, steps = _by_brackets(basis, terms.brackets)
    elif terms.rate is not None:
        amount = basis.share(terms.rate)
        steps = [Line("by_rate", _SOURCE, amount)]
    else:
        raise ValueError("an engagement states a rate, brackets or a fixed sum")
    if terms.cap is not None and amount > terms.cap:
        amount = terms.cap
        steps.append(Line("capped", _SOURCE, amount))
    return CommissionDue(amount, (Line("basis", _SOURCE, basis), *steps))


def _by_brackets(basis: Money, brackets: Sequence[Bracket]) -> tuple[Money, list[Line]]:
    earned: list[Decimal] = []
    below = ZERO
    for bracket in brackets:
        top = basis if bracket.up_to is None else min(basis, bracket.up_to)
        if top <= below:
            break
        earned.append(Decimal((top - below).fen) * bracket.rate)
        below = top
    if not earned:
        return ZERO, []
    amount = Money(int(sum(earned, Decimal(0)).quantize(Decimal(1), rounding=ROUND_HALF_UP)))
    # No part is negative: every bracket's rate is above zero, and so is what lies in it.
    return amount, [Line(f"bracket_{n}", _SOURCE, part) for n, part in enumerate(amount.split(earned), 1)]


def split(amount: Money, shares: Sequence[Decimal]) -> list[Money]:
    """The parts of those who share it; they add up to the fen.

    Source: domain rule 2 of brokers: shares that add up to 100 % (medium); the rounding is the market's own.
    """
    return amount.split(shares)


def between_payers(parts: Sequence[Money], principal_share: Decimal) -> list[tuple[Money, Money]]:
    """What of each part the principal pays, and what the other party of the deal: together the part, neither ever negative.

    Rounded over the parts so far, so that the principal's sum is its share of the whole, to the fen.
    Source: domain rule 2 of brokers: who pays is a term of the mandate (medium); the rounding is the market's own.
    """
    paid: list[tuple[Money, Money]] = []
    so_far = ZERO
    for part in parts:
        of_principal = (so_far + part).share(principal_share) - so_far.share(principal_share)
        paid.append((of_principal, part - of_principal))
        so_far += part
    return paid


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
    if not 0 <= facts.tail_months <= LONGEST_TAIL:
        refusals.append(Refusal("brokers.tail_too_long", field="tail_months", data={"months": LONGEST_TAIL}))
    if not 0 <= facts.principal_share <= 1:
        refusals.append(Refusal("brokers.payers_share_out_of_range", field="principal_share"))
    return refusals + _terms_refusals(facts.terms, limit) + _share_refusals(facts.shares)


def tail_end(ended_on: date, months: int) -> date:
    """The last day on which a deal with somebody introduced under the mandate still earns; the end itself where there are no months.

    Source: 民法典 art. 965 for bypassing the intermediary (high); that it is bounded by months is the market's own custom (low).
    """
    return months_after(ended_on, months)


def may_introduce(*, is_principal: bool, introduced_on: date, signed_on: date | None, today: date) -> list[Refusal]:
    """What speaks against stating an introduction: it lies before the mandate or in the future, or names the principal.

    Source: domain rules 2 and 3 of brokers (medium).
    """
    refusals = [Refusal("brokers.introduces_principal", field="code")] if is_principal else []
    if introduced_on > today or signed_on is None or introduced_on < signed_on:
        refusals.append(Refusal("brokers.introduced_outside_mandate", field="introduced_on"))
    return refusals


def may_bear(*, principal_share: Decimal, bears: bool) -> list[Refusal]:
    """What speaks against agreeing to bear a part of the commission: the mandate leaves none, or it was agreed before.

    Source: 民法典 art. 465: a contract binds its parties alone, so nobody pays under a mandate of others unasked (high).
    """
    if principal_share == 1:
        return [Refusal("brokers.nothing_to_bear")]
    return [Refusal("brokers.bears_already")] if bears else []


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
    if sum((terms.rate is not None, terms.fixed is not None, bool(terms.brackets))) != 1:
        return [Refusal("brokers.rate_or_fixed", field="rate")]
    refusals = _bracket_refusals(terms.brackets) if terms.brackets else []
    rates = [bracket.rate for bracket in terms.brackets] if terms.rate is None else [terms.rate]
    if any(not 0 < rate <= limit for rate in rates):
        field = "brackets" if terms.brackets else "rate"
        refusals.append(Refusal("brokers.rate_too_high", field=field, data={"percent": f"{(limit * 100).normalize():f}"}))
    if terms.fixed is not None and terms.fixed <= ZERO:
        refusals.append(Refusal("brokers.fixed_zero", field="fixed"))
    if terms.cap is not None and terms.cap <= ZERO:
        refusals.append(Refusal("brokers.cap_zero", field="cap"))
    return refusals


def _bracket_refusals(brackets: Sequence[Bracket]) -> list[Refusal]:
    *closed, last = [bracket.up_to for bracket in brackets]
    tops = [top for top in closed if top is not None and top > ZERO]
    rise = all(lower < upper for lower, upper in pairwise(tops))
    if last is not None or len(tops) != len(closed) or not tops or not rise:
        return [Refusal("brokers.brackets_not_in_order", field="brackets")]
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


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version of the terms says differently from the one before; either side is None where it says nothing."""

    name: str
    before: object
    after: object


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[Difference]:
    """The terms that changed between two versions, in the order in which the later one states them.

    Source: the market's own.
    """
    names = [*after, *(name for name in before if name not in after)]
    return [
        Difference(name, before.get(name), after.get(name))
        for name in names
        if (before.get(name) or None) != (after.get(name) or None)
    ]
