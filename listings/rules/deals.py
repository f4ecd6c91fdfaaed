"""When is a winner in default, and who may still take the deal?"""

from __future__ import annotations

from datetime import date

from market.values.refusal import Refusal


def is_in_default(*, today: date, default_after: date | None, has_obstacle: bool) -> bool:
    """True when the contract is overdue, the time to state an obstacle is over, and nobody stated one.

    An obstacle leaves it to a supervisor: a clock cannot know whose fault it is.
    Source: exchange practice, 受让方逾期未签约视为违约 (medium); 民法典 arts 563, 577 for a reminder before it (high).
    """
    return default_after is not None and today > default_after and not has_obstacle


def may_answer_offer(*, today: date, due_on: date, is_deposit_due_back: bool) -> list[Refusal]:
    """What speaks against accepting the offer to the next bidder: it is over, or the deposit of before is still on its way back.

    Source: the market's own.
    """
    if today > due_on:
        return [Refusal("listings.next_offer_is_over")]
    return [Refusal("listings.deposit_on_its_way_back")] if is_deposit_due_back else []


def lapses(*, today: date, due_on: date, is_deposit_due_back: bool) -> bool:
    """True when the offer has run out; not while it could not be accepted because the market still owes the deposit of before.

    Source: the market's own.
    """
    return today > due_on and not is_deposit_due_back
