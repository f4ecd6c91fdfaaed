"""Who sees whose deposits, and who keeps the market's money?"""

from __future__ import annotations

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from market.accounts.models import Organisation, OrganisationKind
from market.accounts.permissions import acts_for
from market.documents.models import Document
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.payouts import Payout
from market.payments.models.recoveries import Recovery
from market.payments.models.statements import StatementLine
from market.payments.models.stripe import BalanceLine, CardRefund, Checkout, Dispute
from market.payments.states import RECOVERY, RecoveryEvent
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, Refusal

PAYERS = (Role.OWNER, Role.AGENT, Role.FINANCE)


def is_market_finance(actor: Actor) -> bool:
    """True for finance of a government organisation: the market's own till."""
    if not actor.has(Role.FINANCE):
        return False
    return Organisation.objects.filter(pk=actor.organisation or 0, kind=OrganisationKind.GOVERNMENT).exists()


def may_watch_the_till(actor: Actor) -> bool:
    """True for the market's finance, and for supervisors, who look on."""
    return is_market_finance(actor) or (actor.is_official and actor.has(Role.SUPERVISOR))


def require_till_watcher(actor: Actor) -> None:
    """Raises `Forbidden` unless the actor keeps the market's money or watches over it."""
    if not may_watch_the_till(actor):
        raise Forbidden([Refusal("payments.finance_only")])


def visible_deposits(actor: Actor) -> QuerySet[Deposit]:
    """One's organisation's own; all for the market's finance and for supervisors."""
    seen = Q() if may_watch_the_till(actor) else Q(payer_id=actor.organisation or 0)
    return Deposit.objects.filter(seen).select_related("payer", "payment", "guarantee", "policy_row")


def deposit_for(actor: Actor, key: str) -> Deposit:
    """The door: this deposit, or 404."""
    deposit = visible_deposits(actor).filter(key=key).first()
    if deposit is None:
        raise Http404
    return deposit


def line_for(actor: Actor, pk: int) -> StatementLine:
    """The door to a line of the bank's statement: the market's finance only."""
    require_market_finance(actor)
    line = StatementLine.objects.filter(pk=pk).select_related("proposed__payer", "payment", "statement").first()
    if line is None:
        raise Http404
    return line


def may_read_letter(actor: Actor, document: Document) -> bool:
    """A bank's guarantee letter is read by those who may see the deposit it stands for."""
    return visible_deposits(actor).filter(guarantee=document).exists()


def require_mover(actor: Actor, payer_id: int, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by. Nobody confirms money of their own organisation.

    The clock stands for finance where a provider itself says that money came in or went back.
    """
    match by:
        case "payer":
            allowed = acts_for(actor, payer_id, *PAYERS)
        case "finance":
            allowed = actor.is_clock or (is_market_finance(actor) and actor.organisation != payer_id)
        case "supervisor":
            # A default that nobody disputed is found by the clock.
            allowed = actor.is_clock or (actor.is_official and actor.has(Role.SUPERVISOR) and actor.organisation != payer_id)
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


def payment_for(actor: Actor, key: str) -> Payment:
    """The door to a payment: its payer's people and the market's finance; for all others it does not exist."""
    return _found(Payment.objects.select_related("payer"), actor, payer="payer", key=key)


def visible_payouts(actor: Actor) -> QuerySet[Payout]:
    """One's own organisation's, and all for the market's finance and supervisors."""
    payouts = Payout.objects.select_related("payee")
    return payouts if may_watch_the_till(actor) else payouts.filter(payee_id=actor.organisation or 0)


def payout_for(actor: Actor, key: str) -> Payout:
    """The door to a payout: its payee's people, the market's finance and supervisors; for all others it does not exist."""
    return get_object_or_404(visible_payouts(actor), key=key)


def visible_recoveries(actor: Actor) -> QuerySet[Recovery]:
    """What one's own organisation has to pay back, and all for the market's finance and supervisors."""
    recoveries = Recovery.objects.select_related("debtor", "payment", "refund__checkout__payment", "proposed_by")
    return recoveries if may_watch_the_till(actor) else recoveries.filter(debtor_id=actor.organisation or 0)


def recovery_for(actor: Actor, key: str) -> Recovery:
    """The door to money that must come back: its debtor's people, the market's finance and supervisors."""
    return get_object_or_404(visible_recoveries(actor), key=key)


def require_may_write_off(actor: Actor, recovery: Recovery, event: RecoveryEvent) -> None:
    """Raises `Forbidden` or `OutOfTurn` unless the actor may take this step about giving the money up, now."""
    require_mover(actor, recovery.debtor_id, RECOVERY.move(recovery.state, event).by)


def checkout_for(actor: Actor, key: str) -> Checkout:
    """The door to a payment by card or wallet: its payer's people and the market's finance; for all others it does not exist."""
    return _found(Checkout.objects.select_related("payment__payer", "call"), actor, payer="payment__payer", key=key)


def card_refund_for(actor: Actor, key: str) -> CardRefund:
    """The door to a refund to a card or wallet: the market's finance; for all others it does not exist."""
    if not is_market_finance(actor):
        raise Http404
    return get_object_or_404(CardRefund.objects.select_related("checkout__payment__payer"), key=key)


def dispute_for(actor: Actor, key: str) -> Dispute:
    """The door to a disputed payment by card: the market's finance; for all others it does not exist."""
    if not is_market_finance(actor):
        raise Http404
    disputes = Dispute.objects.select_related("checkout__payment__payer", "call", "answered_by")
    return get_object_or_404(disputes, key=key)


def balance_line_for(actor: Actor, number: str) -> BalanceLine:
    """The door to a line of the balance at Stripe: the market's finance; for all others it does not exist."""
    if not is_market_finance(actor):
        raise Http404
    return get_object_or_404(BalanceLine, line_id=number)


def _found[T: Model](things: QuerySet[T], actor: Actor, *, payer: str, key: str) -> T:
    seen = things if is_market_finance(actor) else things.filter(**{payer: actor.organisation or 0})
    return get_object_or_404(seen, key=key)
