"""Can this be the list of a company's shareholders?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from market.values.refusal import Refusal
from market.values.social_code import is_social_code

_WHOLE = 10_000


def may_enter_shareholders(
    code: str, names: Sequence[str], shares: Sequence[int | None], *, as_of: date, today: date
) -> list[Refusal]:
    """What speaks against this list: no such code, a day to come, somebody twice, more than the whole.

    Shares are in hundredths of a percent. Source: the market's own.
    """
    refusals = []
    if not is_social_code(code):
        refusals.append(Refusal("contracts.code_unknown", data={"code": code}))
    if as_of > today:
        refusals.append(Refusal("contracts.extract_of_the_future", field="as_of"))
    if len(set(names)) != len(names):
        refusals.append(Refusal("contracts.shareholder_twice", field="holders"))
    if sum(share or 0 for share in shares) > _WHOLE:
        refusals.append(Refusal("contracts.shares_exceed_whole", field="holders"))
    return refusals
