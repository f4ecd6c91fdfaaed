"""Who sees a settlement and its money, and who may act on it?"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from contracts.settlement.models.disputes import SettlementDispute
from contracts.settlement.models.royalties import RoyaltyReport
from contracts.settlement.models.settlements import Due, Settlement
from market.accounts.permissions import acts_for, belongs_to_any, person_of, require_official
from market.documents.models import Document
from market.payments.permissions import is_market_finance
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, Refusal

BINDING = (Role.OWNER, Role.AGENT)


def visible_settlements(actor: Actor) -> QuerySet[Settlement]:
    """The parties', and all for supervisors, registrars and the market's finance."""
    settlements = Settlement.objects.select_related("contract__seller", "contract__buyer", "contract__deal")
    if actor.has(Role.SUPERVISOR, Role.REGISTRAR) or is_market_finance(actor):
        return settlements
    if actor.organisation is None:
        return settlements.none()
    own = Q(contract__seller_id=actor.organisation) | Q(contract__buyer_id=actor.organisation)
    return settlements.filter(own)


# What the page and the statement show beside the settlement itself.
_WITH = ("contract__deal__intent", "contract__deal__listing__achievement", "fee_row", "share_row")


def settlement_for(actor: Actor, key: str) -> Settlement:
    """The door: this settlement, or 404."""
    settlement = visible_settlements(actor).filter(key=key).select_related(*_WITH).first()
    if settlement is None:
        raise Http404
    return settlement


def due_for(actor: Actor, key: str) -> Due:
    """The door to a sum that is due: its payer's people, the market's finance and officials; of commissions nobody else's."""
    dues = Due.objects.filter(settlement__in=visible_settlements(actor)).select_related(
        "settlement__contract", "payment", "payer"
    )
    due = dues.filter(key=key).first()
    if due is None or not sees_due(actor, due.settlement, due):
        raise Http404
    return due


def sees_due(actor: Actor, settlement: Settlement, due: Due) -> bool:
    """What one side owes its broker is not the other side's business."""
    return not due.commission or not _is_party(actor, settlement) or acts_for(actor, due.payer_id)


def report_for(actor: Actor, key: str) -> RoyaltyReport:
    """The door: this report on a royalty, or 404."""
    reports = RoyaltyReport.objects.filter(settlement__in=visible_settlements(actor), key=key)
    report = reports.select_related("settlement__contract__seller", "settlement__contract__buyer", "policy_row", "due").first()
    if report is None:
        raise Http404
    return report


def dispute_for(actor: Actor, key: str) -> SettlementDispute:
    """The door: this dispute, or 404."""
    disputes = SettlementDispute.objects.filter(settlement__in=visible_settlements(actor), key=key)
    dispute = disputes.select_related("settlement__contract__seller", "settlement__contract__buyer", "opener").first()
    if dispute is None:
        raise Http404
    return dispute


def side_of(actor: Actor, settlement: Settlement) -> int | None:
    """The party the actor may bind: the organisation's key, or None."""
    contract = settlement.contract
    return next((side for side in (contract.seller_id, contract.buyer_id) if acts_for(actor, side, *BINDING)), None)


def require_side(actor: Actor, settlement: Settlement) -> int:
    """The party the actor binds. Raises `Forbidden` for anybody else."""
    side = side_of(actor, settlement)
    if side is None:
        raise Forbidden([Refusal("accounts.role_missing")])
    return side


def is_seller(actor: Actor, settlement: Settlement) -> bool:
    """True for the people of the seller, in whatever role."""
    return acts_for(actor, settlement.seller_id)


def is_buyer(actor: Actor, settlement: Settlement) -> bool:
    """True for the people of the buyer, in whatever role."""
    return acts_for(actor, settlement.buyer_id)


def _is_party(actor: Actor, settlement: Settlement) -> bool:
    return is_seller(actor, settlement) or is_buyer(actor, settlement)


def sees_sellers_part(actor: Actor, settlement: Settlement) -> bool:
    """What the seller pays its brokers and spends is for the seller, the market's finance and supervisors."""
    return (
        is_seller(actor, settlement)
        or (not is_buyer(actor, settlement) and not actor.has(Role.REGISTRAR))
        or actor.has(Role.SUPERVISOR)
    )


def may_decide(actor: Actor, settlement: Settlement) -> bool:
    """True for a supervisor who belongs to neither side, whichever organisation they act for at the moment."""
    return actor.is_official and actor.has(Role.SUPERVISOR) and not _is_of_a_side(actor, settlement)


def require_decider(actor: Actor, settlement: Settlement) -> None:
    """Raises `Forbidden` unless the actor is a supervisor; nobody decides for their own side."""
    require_official(actor, Role.SUPERVISOR)
    if _is_of_a_side(actor, settlement):
        raise Forbidden([Refusal("settlement.own_settlement")])


def _is_of_a_side(actor: Actor, settlement: Settlement) -> bool:
    deal = settlement.contract.dealt
    return belongs_to_any(person_of(actor), [deal.seller_id, deal.buyer_id])


def require_settlement_mover(actor: Actor, settlement: Settlement, by: str, *, first: int | None = None) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by. `first` is the side that acted before."""
    if by == "supervisor":
        require_decider(actor, settlement)
        return
    side = side_of(actor, settlement)
    match by:
        case "party":
            allowed = side is not None
        case "other_party":
            allowed = side is not None and side != first
        case "opener":
            allowed = side is not None and side == first
        case "seller":
            allowed = side == settlement.seller_id
        case "buyer":
            allowed = side == settlement.buyer_id
        case "clock":
            allowed = actor.is_clock
        case _:
            raise ValueError(f"nobody is called {by}")
    if not allowed:
        raise Forbidden([Refusal("accounts.role_missing")])


def may_read_settlement_document(actor: Actor, document: Document) -> bool:
    """The papers of a report or a dispute are read by whoever sees the settlement, those of a cost by the seller and officials."""
    seen = visible_settlements(actor)
    shared = Q(reports__documents=document) | Q(disputes__documents=document) | Q(disputes__answer_documents=document)
    if seen.filter(shared).exists():
        return True
    settlement = seen.filter(costs__document=document).first()
    return settlement is not None and sees_sellers_part(actor, settlement)
