"""Who sees a claim to relief, who may file it, and who decides on it?"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from contracts.models import TechnologyContract
from contracts.permissions import contract_for
from contracts.relief.models import Claim
from market.accounts.models import Organisation, OrganisationKind
from market.accounts.permissions import acts_for, belongs_to_any, person_of, require_official, require_role
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, Refusal

# Tax is the affair of those who answer for the organisation or keep its books.
CLAIMANTS = (Role.OWNER, Role.FINANCE)


def visible_claims(actor: Actor) -> QuerySet[Claim]:
    """The taxpayer's own, and all for registrars and supervisors."""
    claims = Claim.objects.select_related("contract", "taxpayer", "rule_text")
    if actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        return claims
    return claims.filter(taxpayer_id=actor.organisation) if actor.organisation else claims.none()


def claim_for(actor: Actor, key: str) -> Claim:
    """The door: this claim, or 404."""
    claim = visible_claims(actor).filter(key=key).select_related("contract__registration").first()
    if claim is None:
        raise Http404
    return claim


def taxed_contract_for(actor: Actor, key: str) -> TechnologyContract:
    """The door to the relief on a contract: for its two sides and for officials, 404 for all others."""
    contract = contract_for(actor, key)
    is_side = actor.organisation in (contract.seller_id, contract.buyer_id)
    if not is_side and not actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        raise Http404
    return contract


def may_claim(actor: Actor, contract: TechnologyContract) -> bool:
    """True for whoever answers for one of the two sides, or keeps its books."""
    return any(acts_for(actor, side, *CLAIMANTS) for side in (contract.seller_id, contract.buyer_id))


def is_claimant(actor: Actor) -> bool:
    """True for whoever answers for an organisation that pays tax, or keeps its books; the market's own finance keeps no taxpayer's."""
    if actor.is_official or not actor.has(*CLAIMANTS):
        return False
    if actor.has(Role.OWNER):
        return True
    taxpayers = Organisation.objects.exclude(kind=OrganisationKind.GOVERNMENT)
    return taxpayers.filter(pk=actor.organisation or 0).exists()


def require_claimant(actor: Actor, organisation_id: int | None) -> None:
    """Raises `Forbidden` unless the actor answers for this taxpayer, or keeps its books."""
    require_role(actor, organisation_id, *CLAIMANTS)


def may_decide_claim(actor: Actor, claim: Claim) -> bool:
    """True for a supervisor who has nothing else to do with the case."""
    return actor.has(Role.SUPERVISOR) and not _is_concerned(actor, claim)


def require_decider(actor: Actor, claim: Claim) -> None:
    """Raises `Forbidden` unless the actor is a supervisor who neither entered, filed nor registered it, and is of no side.

    The supervisor enters what the tax office has decided; the registrar, on whose entry the claim rests, does not.
    """
    require_official(actor, Role.SUPERVISOR)
    if _is_concerned(actor, claim):
        raise Forbidden([Refusal("relief.own_case")])


def _is_concerned(actor: Actor, claim: Claim) -> bool:
    person, contract = person_of(actor), claim.contract
    registration = getattr(contract, "registration", None)
    if person in (claim.entered_by_id, claim.filed_by_id, registration and registration.registered_by_id):
        return True
    return belongs_to_any(person, [*contract.side_ids, claim.taxpayer_id])


def require_claim_mover(actor: Actor, claim: Claim, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    if by == "taxpayer":
        require_claimant(actor, claim.taxpayer_id)
    elif by == "official":
        require_decider(actor, claim)
