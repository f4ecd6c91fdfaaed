"""Claims to relief, built through the actions that lead there."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from contracts.models import Registration
from contracts.relief.actions import enter_claim, file_claim, grant_claim
from contracts.relief.models import Claim
from contracts.relief.rules.facts import Fact, Facts
from market.values.dates import day_of
from tests.contracts.builders import a_registration
from tests.people import Cast

# What people are asked beside the register, for a sound transfer of a university's patent.
TYPED: dict[str, Fact] = {
    "grant": "ownership",
    "taxpayer": "public_university",
    "vat_payer": "general",
    "separate_accounting": True,
    "is_publicly_funded": True,
    "has_approval": True,
    "cit_rate": Decimal("0.25"),
}


def typed(now: datetime, **changes: Fact) -> Facts:
    return Facts({**TYPED, "day": day_of(now), **changes})


def a_claim(
    cast: Cast,
    now: datetime,
    rule: str = "CIT-TT-OWN",
    *,
    registration: Registration | None = None,
    **changes: Fact,
) -> Claim:
    """Entered a day after the registration, by the university's finance."""
    contract = (registration or a_registration(cast, now)).contract
    return enter_claim(contract, rule, typed(now, **changes), actor=cast.university_finance.actor, now=now)


def a_filed_claim(cast: Cast, now: datetime, **changes: Fact) -> Claim:
    claim = a_claim(cast, now, **changes)
    return file_claim(claim, filed_on=day_of(now), receipt="税受〔2026〕1号", actor=cast.university_finance.actor, now=now)


def a_granted_claim(cast: Cast, now: datetime, **changes: Fact) -> Claim:
    claim = a_filed_claim(cast, now, **changes)
    assert claim.filed is not None
    granted_on, document = day_of(now), "税通〔2026〕8号"
    return grant_claim(claim, amount=claim.filed, granted_on=granted_on, document=document, actor=cast.supervisor.actor, now=now)


def later(now: datetime, days: int) -> datetime:
    return now + timedelta(days=days)
