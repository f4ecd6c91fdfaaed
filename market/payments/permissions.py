"""Who sees whose deposits, and who keeps the market's money?"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from market.accounts.models import Organisation, OrganisationKind
from market.accounts.permissions import acts_for
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.statements import StatementLine
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


def visible_deposits(actor: Actor) -> QuerySet[Deposit]:
    """One's own organisation's; all for officials and the market's finance."""
    deposits = Deposit.objects.select_related("payer", "payment")
    if actor.is_official or is_market_finance(actor):
        return deposits
    return deposits.filter(payer=actor.organisation) if actor.roles else deposits.none()


def deposit_for(actor: Actor, key: str) -> Deposit:
    """The door: this deposit, or 404."""
    deposit = visible_deposits(actor).filter(key=key).first()
    if deposit is None:
        raise Http404
    return deposit


def line_for(actor: Actor, pk: int) -> StatementLine:
    """The door: this line of a statement, or 404 for whoever does not keep the market's money."""
    line = StatementLine.objects.filter(pk=pk).first() if is_market_finance(actor) else None
    if line is None:
        raise Http404
    return line


def awaited_payment_for(actor: Actor, key: str) -> Payment:
    """The door: this payment, or 404 for whoever does not keep the market's money."""
    payment = Payment.objects.filter(key=key).first() if is_market_finance(actor) else None
    if payment is None:
        raise Http404
    return payment
