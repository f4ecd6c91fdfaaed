"""Who sees whose deposits, and who keeps the market's money?"""

from __future__ import annotations

from market.accounts.models import Organisation, OrganisationKind
from market.accounts.permissions import acts_for
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, Refusal

PAYERS = (Role.OWNER, Role.AGENT, Role.FINANCE)


def is_market_finance(actor: Actor) -> bool:
    """True for finance of a government organisation: the market's own till."""
    if not actor.has(Role.FINANCE):
        return False
    return Organisation.objects.filter(pk=actor.organisation or 0, kind=OrganisationKind.GOVERNMENT).exists()


def require_mover(actor: Actor, payer_id: int, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by. Nobody confirms money of their own organisation."""
    match by:
        case "payer":
            allowed = acts_for(actor, payer_id, *PAYERS)
        case "finance":
            allowed = is_market_finance(actor) and actor.organisation != payer_id
        case "supervisor":
            allowed = actor.is_official and actor.has(Role.SUPERVISOR) and actor.organisation != payer_id
        case "clock":
            allowed = actor.is_clock
        case _:
            raise ValueError(f"nobody is called {by}")
    if not allowed:
        raise Forbidden([Refusal("accounts.role_missing")])


def require_market_finance(actor: Actor) -> None:
    """Raises `Forbidden` unless the actor keeps the market's money."""
    if not is_market_finance(actor):
        raise Forbidden([Refusal("payments.finance_only")])
