"""Who may decide on an application, alone or with a second, and what must have been looked at before?"""

from __future__ import annotations

from datetime import date

from market.policy.rules import Policy
from market.values.dates import Span
from market.values.money import Money
from market.values.refusal import Refusal


def needs_second(value: Money, from_value: Policy | None) -> bool:
    """True when two registrars decide on this technology value. Source: the market's own."""
    return from_value is not None and value >= from_value.money


def may_decide(*, flags_open: int) -> list[Refusal]:
    """What speaks against deciding now: a sign of the radar that has no answer yet. Source: the market's own."""
    return [Refusal("contracts.flags_open", data={"count": flags_open})] if flags_open else []


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
