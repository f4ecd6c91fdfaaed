"""What can happen to money, each by the market's own action, on whatever thing in the right state comes to hand."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from market.accounts.models import Organisation, Person
from market.accounts.permissions import actor_of
from market.payments.actions.deposits import (
    cancel_deposit,
    carry_deposit,
    confirm_payment,
    forfeit_deposit,
    refund_deposit,
    release_deposits,
    request_deposit,
)
from market.payments.actions.ledger import post
from market.payments.actions.payouts import confirm_payout, order_payout, return_payout
from market.payments.kinds import Purpose
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.payouts import Payout
from market.payments.queries.ledger import balance
from market.payments.rules.ledger import AccountKey, Movement
from market.payments.states import DepositState, PayoutState
from market.values.actor import CLOCK, Actor
from market.values.money import ZERO, Money
from market.values.refusal import OutOfTurn, Refusal

# What was booked, by its reference, and how much in all.
type Booked = list[tuple[str, int]]

_NOTHING_THERE = OutOfTurn([Refusal("payments.nothing_to_post")])
# Deposits are asked for and held more often than ended, so that there is always something to end.
_WEIGHTS = {
    "deposit": 6,
    "hold": 6,
    "cancel": 1,
    "void": 3,
    "refund": 3,
    "capture": 3,
    "forfeit": 1,
    "settle": 3,
    "pay_out": 5,
    "come_back": 1,
    "overdraw": 2,
}


class Mover:
    """Somebody for everybody: payers, finance, a supervisor and the clock."""

    def __init__(self, people: dict[str, Any], seed: int) -> None:
        self.random = random.Random(seed)
        self.payers = [_actor(it) for it in people["payers"]]
        self.till, self.supervisor = _actor(people["till"]), _actor(people["supervisor"])
        self.seller, self.broker = people["seller"], people["broker"]

    def choose(self) -> tuple[str, Callable[[], Booked]]:
        """An operation by its name, and the act itself, which gives what was booked."""
        [name] = self.random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
        return name, getattr(self, name)

    def _one(self, things: Any) -> Any:
        """Any of these; refused where there is none."""
        last = things.aggregate(last=Max("pk"))["last"] or 0
        found = things.filter(pk__gte=self.random.randint(1, last + 1)).order_by("pk").first() or things.order_by("pk").first()
        if found is None:
            raise _NOTHING_THERE
        return found

    def _deposit(self, state: DepositState) -> Deposit:
        found: Deposit = self._one(Deposit.objects.select_related("payment").filter(state=state))
        return found

    def _payer(self) -> Actor:
        return self.random.choice(self.payers)

    def deposit(self) -> Booked:
        actor, amount = self._payer(), Money(self.random.randint(1, 5_000_000))
        payer = Organisation.objects.get(pk=actor.organisation)
        request_deposit(payer, amount, matter=f"intent:{secrets.token_hex(6)}", actor=actor, now=timezone.now())
        return []

    def hold(self) -> Booked:
        payment = _payment(self._deposit(DepositState.REQUESTED))
        confirm_payment(payment, actor=self.till, now=timezone.now())
        return [(f"{payment.subject}:received", payment.amount_fen)]

    def cancel(self) -> Booked:
        deposit = self._deposit(DepositState.REQUESTED)
        actor = next(actor for actor in self.payers if actor.organisation == deposit.payer_id)
        cancel_deposit(deposit, actor=actor, now=timezone.now())
        return []

    def void(self) -> Booked:
        release_deposits([self._deposit(DepositState.HELD)], now=timezone.now())
        return []

    def refund(self) -> Booked:
        deposit = self._deposit(DepositState.DUE_BACK)
        refund_deposit(deposit, actor=self.till, now=timezone.now())
        return [(f"{_payment(deposit).subject}:refunded", deposit.amount_fen)]

    def capture(self) -> Booked:
        deposit = self._deposit(DepositState.HELD)
        carry_deposit(deposit, now=timezone.now())
        return [(f"{deposit.subject}:carried", deposit.amount_fen)]

    def forfeit(self) -> Booked:
        deposit = self._deposit(DepositState.HELD)
        seller = Organisation.objects.get(pk=self.seller)
        forfeit_deposit(deposit, seller=seller, reason="违约", actor=self.supervisor, now=timezone.now())
        return [(f"{deposit.subject}:forfeited", deposit.amount_fen)]

    @transaction.atomic
    def settle(self) -> Booked:
        """A part of a payer's escrow: the market's fee, the broker's commission, the seller's rest, each with its order to pay."""
        escrow = AccountKey(Purpose.ESCROW.value, self._payer().organisation or 0)
        amount = Money(self.random.randint(1, max(balance(escrow).fen, 1)))
        fee, commission = amount.share(Decimal("0.01")), amount.share(Decimal("0.03"))
        parts = {
            AccountKey(Purpose.PLATFORM_FEE.value): fee,
            AccountKey(Purpose.COMMISSION_PAYABLE.value, self.broker): commission,
            AccountKey(Purpose.PAYABLE_TO_SELLER.value, self.seller): amount - fee - commission,
        }
        movements = [Movement(escrow, account, part) for account, part in parts.items() if part > ZERO]
        reference, now = f"settlement:{secrets.token_hex(8)}", timezone.now()
        post(reference, movements, subject=reference, now=now)
        for movement in movements:
            if movement.target.organisation:
                payee, purpose = movement.target.organisation, Purpose(movement.target.purpose)
                order_payout(payee, movement.amount, purpose=purpose, matter=reference, actor=CLOCK, now=now)
        return [(reference, amount.fen)]

    def pay_out(self) -> Booked:
        payout = self._one(Payout.objects.filter(state=PayoutState.ORDERED))
        paid = confirm_payout(payout, bank_reference=secrets.token_hex(8), actor=self.till, now=timezone.now())
        return [(f"{paid.subject}:paid-{paid.times_paid}", paid.amount_fen)]

    def come_back(self) -> Booked:
        payout = self._one(Payout.objects.filter(state=PayoutState.PAID))
        back = return_payout(payout, reason="账号有误", actor=self.till, now=timezone.now())
        return [(f"{back.subject}:returned-{back.times_paid}", back.amount_fen)]

    @transaction.atomic
    def overdraw(self) -> Booked:
        """More than is there: always refused."""
        held = AccountKey(Purpose.DEPOSIT_HELD.value, self._payer().organisation or 0)
        movement = Movement(held, AccountKey(Purpose.ESCROW.value, held.organisation), balance(held) + Money(10**12))
        reference = f"overdraw:{secrets.token_hex(8)}"
        post(reference, [movement], subject=reference, now=timezone.now())
        return [(reference, -1)]


def _payment(deposit: Deposit) -> Payment:
    assert deposit.payment is not None
    return deposit.payment


def _actor(keys: list[int]) -> Actor:
    person, organisation = keys
    return actor_of(Person.objects.get(pk=person), Organisation.objects.get(pk=organisation))
