"""Which deposits does a payer have, and which refunds are due?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from market.payments.kinds import Instrument, Provider
from market.payments.matters import with_matters
from market.payments.models.bank_accounts import BankAccount
from market.payments.models.deposits import Deposit
from market.payments.queries.bank_accounts import order_to
from market.payments.rules.bank_accounts import BankOrder
from market.payments.states import OPEN_DEPOSIT, DepositState
from market.policy.queries import policy_by_id, working_calendar
from market.policy.rules import deadline
from market.values.actor import Actor
from market.values.dates import Deadline
from market.values.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class DepositSums:
    """An organisation's deposits added up: still to be paid, held, of that free to be had back, and due back by when at first."""

    requested: Money
    held: Money
    free: Money
    due_back: Money
    first_due_back_on: date | None

    @property
    def bound(self) -> Money:
        return self.held - self.free


def deposits_of(actor: Actor) -> QuerySet[Deposit]:
    """The deposits of the organisation one acts for, newest first."""
    return Deposit.objects.filter(payer=actor.organisation).select_related("payment", "policy_row")


def account_for_refunds(actor: Actor) -> BankAccount | None:
    """Where refunds to the organisation one acts for go; None until it says so."""
    return BankAccount.objects.filter(organisation=actor.organisation).first()


def open_deposit(matter: str) -> Deposit | None:
    """The deposit that is asked for, held or due back for this matter; none when there never was one or it has ended."""
    return open_deposits([matter]).first()


def open_deposits(matters: Collection[str]) -> QuerySet[Deposit]:
    """Those that are asked for, held or due back for these matters."""
    return Deposit.objects.filter(matter__in=matters, state__in=OPEN_DEPOSIT).select_related("payer", "payment").order_by("pk")


def latest_deposit(matter: str) -> Deposit | None:
    """The last one that was asked for, whatever became of it; none where none was."""
    return Deposit.objects.filter(matter=matter).select_related("payment").order_by("-requested_at", "-pk").first()


def is_held(matter: str) -> bool:
    """True when money or an accepted letter stands for this matter."""
    return Deposit.objects.filter(matter=matter, state=DepositState.HELD).exists()


def carried_amount(matter: str) -> Money:
    """The money of this matter's deposit that was carried into the price; nothing of a letter, or where there was none."""
    carried = Deposit.objects.filter(matter=matter, state=DepositState.CARRIED, payment__isnull=False)
    return Money(sum(carried.values_list("amount_fen", flat=True)))


def deposit_sums(actor: Actor, *, now: datetime) -> DepositSums:
    """What the organisation one acts for has put up; one query, and some for what it is for."""
    open_ones = deposits_of(actor).filter(state__in=OPEN_DEPOSIT)
    requested, held, due_back = (
        [deposit for deposit in open_ones if deposit.state == state]
        for state in (DepositState.REQUESTED, DepositState.HELD, DepositState.DUE_BACK)
    )
    free = [deposit for deposit, matter in with_matters(held, lambda it: it.matter) if matter.is_open_at(now)]
    days = [deposit.due_back_on for deposit in due_back if deposit.due_back_on]
    return DepositSums(_total(requested), _total(held), _total(free), _total(due_back), min(days, default=None))


def _total(deposits: Iterable[Deposit]) -> Money:
    return sum((deposit.amount for deposit in deposits), ZERO)


def refunds_due() -> QuerySet[Deposit]:
    """What the market's finance has to give back, the most urgent first."""
    due = Deposit.objects.filter(state=DepositState.DUE_BACK)
    return due.select_related("payer", "payment").order_by("due_back_on", "pk")


def refunds_by_hand() -> QuerySet[Deposit]:
    """Of these what finance itself gives back: not what came by card or wallet, which goes back the same way by itself."""
    return refunds_due().exclude(payment__provider=Provider.STRIPE)


def refunds_noted_late() -> QuerySet[Deposit]:
    """Refunds still to be made of which the log says that they are late."""
    return refunds_due().filter(overdue_since__isnull=False)


def letters_to_check() -> QuerySet[Deposit]:
    """Bank's letters that wait for finance, the oldest first."""
    asked = Deposit.objects.filter(state=DepositState.REQUESTED, instrument=Instrument.GUARANTEE)
    return asked.select_related("payer", "guarantee").order_by("requested_at", "pk")


def refund_orders() -> list[BankOrder]:
    """Of all money deposits that the bank has to give back, the most urgent first; payers' account numbers are opened."""
    of_money = refunds_by_hand().filter(payment__isnull=False).select_related("payer__bank_account")
    return [_order(deposit) for deposit in of_money]


def _order(deposit: Deposit) -> BankOrder:
    assert deposit.payment is not None
    return order_to(deposit.payer, deposit.amount, f"退保证金 {deposit.payment.reference}")


def late_refunds(today: date) -> QuerySet[Deposit]:
    """Refunds whose day has passed and of which the log does not know yet."""
    return refunds_due().filter(due_back_on__lt=today, overdue_since__isnull=True)


def due_back_of(deposit: Deposit) -> Deadline | None:
    """The day by which it must be back, with its reasons; none while it is not released."""
    if deposit.released_on is None or deposit.policy_row_id is None:
        return None
    policy = policy_by_id(deposit.policy_row_id)
    return deadline(deposit.released_on, policy.period, working_calendar(), policy_row=policy.id)
