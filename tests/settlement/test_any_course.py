"""Whatever buyers, sellers, finance and supervisors do in whatever order: no fen is lost, made, or paid twice."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from brokers.actions.commissions import credit_commissions, reverse_commissions
from contracts.settlement.actions.books import set_inventors_share
from contracts.settlement.actions.delivery import confirm_delivery
from contracts.settlement.actions.disputes import decide_dispute, open_dispute, withdraw_dispute
from contracts.settlement.actions.escrow import receive_payment_of_due
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.queries.money import sums_of
from contracts.settlement.rules.escrow import Outcome
from market.payments.actions.deposits import confirm_payment, forfeit_deposit, refund_deposit, release_deposits, request_deposit
from market.payments.actions.payouts import confirm_payout, return_payout
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.payouts import Payout
from market.payments.queries.ledger import ledger_flaws
from market.values.money import Money
from market.values.refusal import Refused
from tests.brokers.builders import an_engagement
from tests.payments.builders import market_finance
from tests.people import Cast
from tests.settlement.builders import PRICE, a_settlement, an_agreed_plan

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
WHICH = st.integers(0, 1)
FEN = st.integers(1, PRICE.fen)


class AnyCourse(RuleBasedStateMachine):
    """Two contracts of the same parties, whose money lies on the same accounts: one paid at once, one in three instalments."""

    @initialize()
    def begin(self) -> None:
        self.scope = transaction.atomic()
        self.scope.__enter__()
        self.cast = Cast()
        self.now = NOW
        self.till = market_finance(self.cast).actor
        self.settlements = [a_settlement(self.cast, NOW), an_agreed_plan(self.cast, NOW)]
        for settlement in self.settlements:
            an_engagement(self.cast, settlement.contract.deal.listing, NOW)
        self.serial = 0

    def _try(self, act: Callable[[], object]) -> None:
        """Refused acts leave nothing behind, which the invariants see."""
        self.now += timedelta(hours=1)
        with contextlib.suppress(Refused), transaction.atomic():
            act()

    @rule(nth=st.integers(0, 9), is_heard=st.booleans())
    def a_payment_comes_in(self, nth: int, is_heard: bool) -> None:
        awaited = list(Payment.objects.filter(state="awaited").order_by("pk"))
        if awaited:
            payment = awaited[nth % len(awaited)]
            self._try(lambda: confirm_payment(payment, actor=self.till, now=self.now))
            if is_heard:
                receive_payment_of_due(payment, now=self.now)

    @rule()
    def the_worker_hears_of_all_payments(self) -> None:
        for payment in Payment.objects.filter(state="received"):
            receive_payment_of_due(payment, now=self.now)

    @rule(which=WHICH)
    def delivery_is_confirmed(self, which: int) -> None:
        actor = self.cast.enterprise_agent.actor
        self._try(lambda: confirm_delivery(self.settlements[which], actor=actor, now=self.now))

    @rule(which=WHICH, by_buyer=st.booleans())
    def a_dispute_is_opened(self, which: int, by_buyer: bool) -> None:
        actor = (self.cast.enterprise_agent if by_buyer else self.cast.university_agent).actor
        settlement = self.settlements[which]
        self._try(lambda: open_dispute(settlement, reason="有争议。", documents=[], actor=actor, now=self.now))

    @rule(which=WHICH)
    def the_dispute_is_withdrawn(self, which: int) -> None:
        for dispute in self.settlements[which].disputes.filter(state="open"):
            members = (self.cast.enterprise_agent, self.cast.university_agent)
            actor = next(member.actor for member in members if member.organisation.pk == dispute.opener_id)
            self._try(lambda dispute=dispute, actor=actor: withdraw_dispute(dispute, actor=actor, now=self.now))  # type: ignore[misc]

    @rule(which=WHICH, outcome=st.sampled_from(Outcome), fen=FEN)
    def the_dispute_is_decided(self, which: int, outcome: Outcome, fen: int) -> None:
        actor = self.cast.supervisor.actor
        part = Money(fen) if outcome is Outcome.SPLIT else None
        for it in self.settlements[which].disputes.filter(state="open"):
            self._try(lambda it=it: decide_dispute(it, outcome, to_seller=part, grounds="裁定。", actor=actor, now=self.now))  # type: ignore[misc]

    @rule(which=WHICH, percent=st.integers(50, 100), pays_apart=st.booleans())
    def the_seller_sets_the_inventors_share(self, which: int, percent: int, pays_apart: bool) -> None:
        actor, rate = self.cast.university_agent.actor, Decimal(percent) / 100
        settlement = self.settlements[which]
        self._try(lambda: set_inventors_share(settlement, rate, pays_apart=pays_apart, actor=actor, now=self.now))

    @rule(which=WHICH)
    def the_commission_is_credited(self, which: int) -> None:
        deal = self.settlements[which].contract.deal
        self._try(lambda: credit_commissions(deal, contract_value=PRICE, reason="合同登记", now=self.now))

    @rule(which=WHICH)
    def the_commission_is_reversed(self, which: int) -> None:
        self._try(lambda: reverse_commissions(self.settlements[which].contract.deal, now=self.now))

    @rule(nth=st.integers(0, 9))
    def finance_pays_out(self, nth: int) -> None:
        self.serial += 1
        number = f"bank-{self.serial}"
        for payout in list(Payout.objects.filter(state="ordered"))[nth : nth + 1]:
            self._try(lambda payout=payout: confirm_payout(payout, bank_reference=number, actor=self.till, now=self.now))  # type: ignore[misc]

    @rule()
    def the_bank_gives_a_payout_back(self) -> None:
        for payout in Payout.objects.filter(state="paid")[:1]:
            self._try(lambda payout=payout: return_payout(payout, reason="退汇", actor=self.till, now=self.now))  # type: ignore[misc]

    @rule(fen=FEN)
    def a_deposit_of_another_matter_is_asked_for(self, fen: int) -> None:
        self.serial += 1
        actor, matter = self.cast.enterprise_agent.actor, f"intent:other-{self.serial}"
        self._try(lambda: request_deposit(self.cast.enterprise, Money(fen), matter=matter, actor=actor, now=self.now))

    @rule(what=st.sampled_from(("release", "refund", "forfeit")), nth=st.integers(0, 3))
    def a_deposit_comes_to_its_end(self, what: str, nth: int) -> None:
        others = list(Deposit.objects.filter(matter__startswith="intent:other-", state__in=["held", "due_back"]))
        for it in others[nth : nth + 1]:
            acts: dict[str, Callable[[], object]] = {
                "release": lambda it=it: release_deposits([it], now=self.now)[0],  # type: ignore[misc]
                "refund": lambda it=it: refund_deposit(it, actor=self.till, now=self.now),  # type: ignore[misc]
                "forfeit": lambda it=it: forfeit_deposit(  # type: ignore[misc]
                    it, seller=self.cast.university, reason="违约", actor=self.cast.supervisor.actor, now=self.now
                ),
            }
            self._try(acts[what])

    @invariant()
    def the_ledger_holds(self) -> None:
        if hasattr(self, "settlements"):
            assert ledger_flaws() == []

    @invariant()
    def each_settlement_accounts_for_all_its_money(self) -> None:
        if not hasattr(self, "settlements"):
            return
        held = 0
        for settlement in map(_now, self.settlements):
            sums = sums_of(settlement)
            assert sums.carried + sums.paid == sums.held + sums.released + sums.refunded
            assert min(sums.held.fen, sums.earned.fen, sums.credit.fen, sums.released.fen, sums.refunded.fen) >= 0
            assert sums.released.fen <= PRICE.fen
            if settlement.state != "ended":
                # Only a decision may part what stands for a sum not paid in full.
                in_full = settlement.dues.filter(state="paid").exclude(kind="commission").values_list("amount_fen", flat=True)
                assert sums.released.fen <= sum(in_full)
            if settlement.state in {"closed", "ended"}:
                assert sums.held.fen == 0
            held += sums.held.fen
        unheard = Due.objects.filter(state="awaited", payment__state="received").values_list("payment__amount_fen", flat=True)
        # Straight from the rows, with nothing of the product in between.
        assert _raw(f"{_BALANCE} AND a.purpose = 'escrow'") == held + sum(unheard)

    @invariant()
    def what_was_received_is_held_paid_or_returned(self) -> None:
        if not hasattr(self, "settlements"):
            return
        received = _raw("SELECT SUM(amount_fen) FROM payments_payment WHERE state IN ('received', 'refunded')")
        returned = _raw("SELECT SUM(amount_fen) FROM payments_payment WHERE state = 'refunded'")
        paid = _raw("SELECT SUM(amount_fen) FROM payments_payout WHERE state = 'paid'")
        owed = _raw(f"{_BALANCE} AND a.purpose NOT IN ('bank', 'stripe_clearing', 'claims', 'payment_costs')")
        assert received == owed + paid + returned
        # Every order to pay out has its money lying ready.
        ordered = _raw("SELECT SUM(amount_fen) FROM payments_payout WHERE state = 'ordered'")
        ready = _raw(f"{_BALANCE} AND a.purpose IN ('payable_to_seller', 'commission_payable', 'reward_payable', 'refunds')")
        assert ordered == ready

    def teardown(self) -> None:
        if hasattr(self, "scope"):
            transaction.set_rollback(True)
            self.scope.__exit__(None, None, None)


_BALANCE = (
    "SELECT SUM(CASE WHEN e.target_id = a.id THEN e.amount_fen ELSE -e.amount_fen END) FROM payments_entry e "
    "JOIN payments_account a ON a.id IN (e.source_id, e.target_id) WHERE 1 = 1"
)


def _raw(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0] or 0)


def _now(settlement: Settlement) -> Settlement:
    return Settlement.objects.select_related("contract").get(pk=settlement.pk)


@pytest.mark.django_db
def test_any_course_of_settlements_accounts_for_every_fen() -> None:
    few = settings(
        max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    run_state_machine_as_test(AnyCourse, settings=few)
