"""Who may give up money that must come back?"""

from __future__ import annotations

from market.values.refusal import Refusal


def may_write_off(*, proposed_by: int | None, decider: int | None) -> list[Refusal]:
    """Whoever proposed to give money up does not decide about it. Source: the market's own."""
    return [Refusal("payments.own_proposal")] if decider is None or decider == proposed_by else []
