"""What became of recognised contracts at the tax office: relief entitled to, filed, granted, refused, and not claimed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import cycle

from contracts.models import Registration
from contracts.relief.actions import drop_claim, enter_claim, file_claim, grant_claim, refuse_claim
from contracts.relief.models import Claim
from contracts.relief.queries import findings_for_contract, first_facts
from contracts.relief.rules.calculator import best
from contracts.relief.rules.facts import Fact, Facts
from contracts.states import RegistrationState
from market.demonstration.world import World
from market.values.actor import Role
from market.values.dates import day_of

_TYPED: dict[str, Fact] = {"has_approval": True, "is_small": True, "cit_rate": Decimal("0.25")}
_ENDS = ("granted", "filed", "entitled", "refused", "dropped")


def claim_as(world: World, registration: Registration, end: str) -> Registration:
    """All that the seller can have on this contract has come as far as `end`."""
    for claim in _entered(world, registration):
        _come(world, claim, end)
    return registration


def claim_relief(world: World) -> None:
    """The sellers of registered contracts claim what they can have, each claim come another way."""
    ends = cycle(_ENDS)
    registrations = Registration.objects.filter(state=RegistrationState.IN_FORCE, contract__seller__isnull=False)
    unclaimed = registrations.filter(contract__relief_claims__isnull=True).select_related("contract__seller")
    for registration in unclaimed.order_by("registered_at", "pk"):
        for claim in _entered(world, registration):
            _come(world, claim, next(ends))


def _entered(world: World, registration: Registration) -> list[Claim]:
    contract = registration.contract
    assert contract.seller is not None
    at = registration.registered_at + timedelta(days=1)
    facts = first_facts(contract, contract.seller, today=day_of(at)) | _TYPED
    entitled = best(findings_for_contract(contract, contract.seller.pk, Facts(facts)))
    actor = world.agent_of(contract.seller.pk)
    return [enter_claim(contract, finding.rule.id, Facts(facts), actor=actor, now=at) for finding in entitled if finding.relief]


def _come(world: World, claim: Claim, end: str) -> None:
    actor, supervisor = world.agent_of(claim.taxpayer_id), world.official(Role.SUPERVISOR)
    at = claim.entered_at + timedelta(hours=2)
    if end == "dropped":
        drop_claim(claim, reason="选择放弃免税以便开具专用发票（样例）。", actor=actor, now=at)
    elif end != "entitled":
        claim = file_claim(claim, filed_on=day_of(at), receipt="税受〔样例〕0125号", actor=actor, now=at)
        later = at + timedelta(hours=3)
        if end == "granted":
            document, granted = "税通〔样例〕0088号", claim.entitled
            grant_claim(claim, amount=granted, granted_on=day_of(later), document=document, actor=supervisor, now=later)
        elif end == "refused":
            refuse_claim(claim, reason="未按规定单独核算免税销售额（样例）。", actor=supervisor, now=later)
