"""Who may decide on an application, alone or with a second, and what must have been looked at before?"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from market.policy.rules import Policy
from market.values.dates import Span
from market.values.money import Money
from market.values.refusal import Refusal


def needs_second(value: Money, from_value: Policy | None) -> bool:
    """True when two registrars decide on this technology value. Source: the market's own."""
    return from_value is not None and value >= from_value.money


@dataclass(frozen=True, slots=True)
class Hearing:
    """What experts were asked and have said of an application: whether one must be heard, how many were, who is awaited."""

    is_required: bool
    heard: int
    awaited_until: date | None = None


def may_decide(*, flags_open: int, hearing: Hearing, today: date) -> list[Refusal]:
    """What speaks against deciding now: a sign of the radar without an answer, or experts that have not been heard.

    An expert whose time is over holds nothing up, but does not count as heard either.
    Source: the market's own for the signs; draft measures of 2026 art. 14 for the experts (low).
    """
    refusals = [Refusal("contracts.flags_open", data={"count": flags_open})] if flags_open else []
    if hearing.awaited_until is not None and today <= hearing.awaited_until:
        refusals.append(Refusal("contracts.opinion_awaited", data={"last": hearing.awaited_until.isoformat()}))
    elif hearing.is_required and not hearing.heard:
        refusals.append(Refusal("contracts.experts_not_heard"))
    return refusals


def may_be_expert(expert: str, workplace: str, *, people: Collection[str], parties: Collection[str]) -> list[Refusal]:
    """What speaks against asking this expert: one of the inventors or of a side's people, or somebody who works for a side.

    Source: bars of the market S-11: a conflict of interest is barred (high).
    """
    if plain_name(expert) in {plain_name(name) for name in people}:
        return [Refusal("contracts.expert_concerned", field="expert")]
    if plain_name(workplace) in {plain_name(name) for name in parties}:
        return [Refusal("contracts.expert_concerned", field="workplace")]
    return []


def may_give(verdict: str, *, is_free: bool) -> list[Refusal]:
    """An expert says to have no interest in the contract, or gives no opinion. Source: bars of the market S-11 (high)."""
    if is_free or verdict == "declined":
        return []
    return [Refusal("contracts.interest_not_declared", field="is_free")]


def plain_name(text: str) -> str:
    """A name as it is compared: widths, blanks and case do not count. Source: the market's own."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def may_confirm(*, proposed_by: int | None, decides: int | None) -> list[Refusal]:
    """Whoever looks a second time is another than who looked first. Source: bars of the market S-11, ASVS 2.3.5 (high)."""
    return [Refusal("contracts.proposer_confirms")] if proposed_by == decides else []


def away_span(returned_on: date, resubmitted_on: date) -> Span | None:
    """The days with the applicant, which do not count where the rule set does not begin anew; None when back on the same day.

    Source: 国科发政字〔2000〕063号: the time runs from a complete application (medium).
    """
    first = date.fromordinal(returned_on.toordinal() + 1)
    return Span(first, resubmitted_on) if first <= resubmitted_on else None


def registry_region(applicant_region: str, registry: str) -> str:
    """The region whose registrars have the case: the applicant's when it lies within the registry's own, else the registry's.

    Source: REG-03 of both rule sets (high).
    """
    return applicant_region if applicant_region.startswith(region_prefix(registry)) else registry


def region_prefix(region: str) -> str:
    """What the codes of all places within this one begin with. Source: GB/T 2260 (high)."""
    prefix = region
    while prefix.endswith("00"):
        prefix = prefix[:-2]
    return prefix
