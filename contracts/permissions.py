"""Who sees a contract, its application and its registration, and who may act on them?"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.http import Http404

from contracts.models import Application, Registration, TechnologyContract
from contracts.states import OPEN_APPLICATION
from market.accounts.models import Membership
from market.accounts.permissions import acts_for, person_of, require_official
from market.documents.models import Document
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, OutOfTurn, Refusal

_SIGHTS: list[Callable[[Actor], Q]] = []


def grant_sight(sight: Callable[[Actor], Q]) -> None:
    """Lets a higher app add the contracts that its people may see; called once, when the app is ready."""
    _SIGHTS.append(sight)


def visible_contracts(actor: Actor) -> QuerySet[TechnologyContract]:
    """The parties', and all for registrars and supervisors."""
    contracts = TechnologyContract.objects.select_related("deal", "seller", "buyer")
    if actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        return contracts
    if actor.organisation is None:
        return contracts.none()
    seen = Q(seller_id=actor.organisation) | Q(buyer_id=actor.organisation)
    for sight in _SIGHTS:
        seen |= sight(actor)
    return contracts.filter(seen).distinct()


def contract_for(actor: Actor, key: str) -> TechnologyContract:
    """The door: this contract, or 404."""
    found = visible_contracts(actor).filter(key=key)
    contract = found.select_related("registration", "deal__listing__achievement", "deal__intent").first()
    if contract is None:
        raise Http404
    return contract


def visible_applications(actor: Actor) -> QuerySet[Application]:
    """The seller's own, the buyer's for information, and all for registrars and supervisors."""
    applications = Application.objects.select_related("contract__seller", "contract__buyer")
    if actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        return applications
    if actor.organisation is None:
        return applications.none()
    return applications.filter(Q(contract__seller_id=actor.organisation) | Q(contract__buyer_id=actor.organisation))


def application_for(actor: Actor, key: str) -> Application:
    """The door: this application, or 404."""
    found = visible_applications(actor).filter(key=key)
    deal = ("contract__deal__listing__achievement", "contract__deal__intent")
    application = found.select_related("contract__registration", *deal).first()
    if application is None:
        raise Http404
    return application


def registration_for(actor: Actor, number: str) -> Registration:
    """The door: this registration with its contract, or 404."""
    registration = (
        Registration.objects.filter(number=number, contract__in=visible_contracts(actor))
        .select_related("contract__seller", "contract__buyer")
        .first()
    )
    if registration is None:
        raise Http404
    return registration


def side_of(actor: Actor, contract: TechnologyContract) -> int | None:
    """The party the actor may bind: the organisation's id, or None."""
    for organisation_id in (contract.seller_id, contract.buyer_id):
        if acts_for(actor, organisation_id, Role.OWNER, Role.AGENT):
            return organisation_id
    return None


def require_side(actor: Actor, contract: TechnologyContract) -> int:
    """The party the actor binds. Raises `Forbidden` for anybody else."""
    side = side_of(actor, contract)
    if side is None:
        raise Forbidden([Refusal("accounts.role_missing")])
    return side


def require_no_case(contract: TechnologyContract) -> None:
    """Raises `OutOfTurn` while another application is open, and once registered. Source: REG-03, REG-04 (high)."""
    if contract.applications.filter(state__in=OPEN_APPLICATION).exists():
        raise OutOfTurn([Refusal("contracts.application_open")])
    if Registration.objects.filter(contract=contract).exists():
        raise OutOfTurn([Refusal("contracts.registered_before")])


def require_seller(actor: Actor, contract: TechnologyContract) -> None:
    """Raises `Forbidden` unless the actor may bind the seller, who alone applies. Source: REG-02 (high)."""
    if not acts_for(actor, contract.seller_id, Role.OWNER, Role.AGENT):
        raise Forbidden([Refusal("contracts.seller_applies")])


def may_decide(actor: Actor, contract: TechnologyContract) -> bool:
    """True for a registrar who belongs to neither side, whichever organisation they act for at the moment."""
    return actor.has(Role.REGISTRAR) and not _is_of_a_side(actor, contract)


def require_registrar(actor: Actor, contract: TechnologyContract) -> None:
    """Raises `Forbidden` unless the actor is a registrar; nobody decides for their own side."""
    require_official(actor, Role.REGISTRAR)
    if _is_of_a_side(actor, contract):
        raise Forbidden([Refusal("contracts.own_contract")])


def _is_of_a_side(actor: Actor, contract: TechnologyContract) -> bool:
    sides = [contract.seller_id, contract.buyer_id]
    return Membership.objects.filter(person_id=person_of(actor), organisation_id__in=sides).exists()


def require_application_mover(actor: Actor, application: Application, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    if by == "seller":
        require_seller(actor, application.contract)
    else:
        require_registrar(actor, application.contract)


def may_read_application_document(actor: Actor, document: Document) -> bool:
    """What is attached to an application is read by those who may see the application."""
    return visible_applications(actor).filter(documents=document).exists()
