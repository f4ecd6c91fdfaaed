"""What went back in Stripe's own pages although it was not due comes back, is set off, or is given up by two persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from market.accounts.models import Membership
from market.accounts.permissions import actor_of
from market.payments.actions.deposits import confirm_payment, release_deposits
from market.payments.actions.recoveries import approve_write_off, propose_write_off, reject_write_off
from market.payments.actions.statements import confirm_line
from market.payments.actions.stripe.checkouts import begin_checkout
from market.payments.actions.stripe.facts import apply_facts
from market.payments.models.payouts import Payout
from market.payments.models.recoveries import Recovery
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.rules.ledger import AccountKey
from market.payments.rules.recoveries import may_write_off
from market.payments.tasks import give_back_cards
from market.values.money import ZERO, Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.cards.builders import PART, SITE, a_recovery, by_hand, said_of
from tests.cards.stand_in import StandIn
from tests.house.rows import everything
from tests.payments.builders import AMOUNT, bring, market_finance
from tests.people import Cast, Member

type SignIn = Callable[[Member], Client]


def on(purpose: str, cast: Cast | None = None) -> Money:
    return balance(AccountKey(purpose, cast.enterprise.pk if cast else 0))


def test_it_is_asked_back_under_a_reference_and_the_banks_statement_clears_it(cast: Cast, now: datetime) -> None:
    recovery = a_recovery(cast, now)
    assert (recovery.state, on("claims", cast), on("deposit_held", cast)) == ("open", -PART, AMOUNT)
    row = ("2026-03-11", "50", cast.enterprise.name, f"退回 {recovery.payment.reference}", "B9")
    (line,) = bring(cast, now, row)
    confirm_line(line, actor=market_finance(cast).actor, now=now)
    recovery.refresh_from_db()
    assert (recovery.state, on("claims", cast), on("bank"), ledger_flaws()) == ("paid", ZERO, -PART, [])


def test_finance_proposes_and_a_supervisor_gives_it_up(cast: Cast, now: datetime) -> None:
    recovery, finance = a_recovery(cast, now), market_finance(cast).actor
    for actor in (cast.supervisor.actor, cast.enterprise_agent.actor):
        with pytest.raises(Forbidden):
            propose_write_off(recovery, reason="金额小", actor=actor, now=now)
    with pytest.raises(Refused) as refused:
        propose_write_off(recovery, reason=" ", actor=finance, now=now)
    assert refused.value.refusals[0].code == "payments.reason_missing"
    with pytest.raises(OutOfTurn):
        approve_write_off(recovery, actor=cast.supervisor.actor, now=now)
    propose_write_off(recovery, reason="追偿成本高于金额", actor=finance, now=now)
    with pytest.raises(Forbidden):
        approve_write_off(recovery, actor=finance, now=now)
    recovery = approve_write_off(recovery, actor=cast.supervisor.actor, now=now)
    recovery.payment.refresh_from_db()
    assert (recovery.state, recovery.payment.state) == ("written_off", "cancelled")
    assert (on("claims", cast), on("payment_costs"), ledger_flaws()) == (ZERO, -PART, [])


def test_nobody_gives_up_what_they_proposed_to_give_up(cast: Cast, now: datetime) -> None:
    """Not even somebody who is both finance and supervisor; and the database says so too."""
    finance = market_finance(cast)
    Membership.objects.create(person=finance.person, organisation=cast.bureau, role="supervisor")
    both = actor_of(finance.person, cast.bureau)
    recovery = propose_write_off(a_recovery(cast, now), reason="金额小", actor=both, now=now)
    before = everything()
    with pytest.raises(Refused) as refused:
        approve_write_off(recovery, actor=both, now=now)
    assert refused.value.refusals[0].code == "payments.own_proposal"
    assert everything() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.update(state="written_off", decided_by=finance.person)
    assert may_write_off(proposed_by=1, decider=2) == []


def test_a_supervisor_insists_and_it_is_still_asked_for(cast: Cast, now: datetime) -> None:
    recovery = propose_write_off(a_recovery(cast, now), reason="金额小", actor=market_finance(cast).actor, now=now)
    recovery = reject_write_off(recovery, grounds="付款方有能力退回", actor=cast.supervisor.actor, now=now)
    assert (recovery.state, recovery.payment.state, on("claims", cast)) == ("open", "awaited", -PART)
    confirm_payment(recovery.payment, actor=market_finance(cast).actor, now=now)
    recovery.refresh_from_db()
    assert recovery.state == "paid"


@pytest.mark.parametrize(("part", "rest"), [(PART, AMOUNT - PART), (AMOUNT, ZERO)], ids=["a part", "the whole"])
def test_it_is_set_off_when_the_deposit_is_due_back_and_the_rest_goes_by_bank(
    part: Money, rest: Money, cast: Cast, now: datetime
) -> None:
    recovery = a_recovery(cast, now, amount=part)
    deposit = recovery.refund.checkout.payment.deposit
    give_back_cards(now)
    release_deposits([deposit], now=now)
    give_back_cards(now + timedelta(minutes=1))
    for each in (recovery, deposit, recovery.payment):
        each.refresh_from_db()
    assert (recovery.state, deposit.state, recovery.payment.state) == ("set_off", "refunded", "cancelled")
    assert [payout.amount for payout in Payout.objects.all()] == ([rest] if rest else [])
    assert (on("claims", cast), on("deposit_held", cast), on("refunds", cast)) == (ZERO, ZERO, rest)
    assert ledger_flaws() == []


def test_what_was_paid_back_before_leaves_the_whole_deposit_to_the_bank(cast: Cast, now: datetime) -> None:
    recovery = a_recovery(cast, now)
    confirm_payment(recovery.payment, actor=market_finance(cast).actor, now=now)
    release_deposits([recovery.refund.checkout.payment.deposit], now=now)
    give_back_cards(now)
    assert (Payout.objects.get().amount, on("refunds", cast), ledger_flaws()) == (AMOUNT, AMOUNT, [])


def test_nothing_is_owed_when_the_refund_fails_after_all(cast: Cast, now: datetime) -> None:
    recovery = a_recovery(cast, now)
    checkout = recovery.refund.checkout
    apply_facts(checkout, said_of(checkout, by_hand(checkout, PART, has_failed=True)), now=now)
    recovery.refresh_from_db()
    assert (recovery.state, on("claims", cast), on("refunds", cast)) == ("void", ZERO, ZERO)
    assert (on("stripe_clearing"), ledger_flaws()) == (-AMOUNT, [])


def test_it_is_not_paid_back_by_card(cast: Cast, stripe: StandIn, now: datetime) -> None:
    recovery = a_recovery(cast, now)
    with pytest.raises(Refused) as refused:
        begin_checkout(recovery.payment, site=SITE, actor=cast.enterprise_agent.actor, now=now)
    assert refused.value.refusals[0].code == "payments.back_by_bank"


def test_each_sees_what_there_is_to_do(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    recovery, till = a_recovery(cast, now), market_finance(cast)
    finance, supervisor, debtor = (sign_in(it) for it in (till, cast.supervisor, cast.enterprise_agent))
    page, listed = recovery.get_absolute_url(), reverse("payments:recoveries")
    assert recovery.payment.reference in debtor.get(page).content.decode()
    assert "6200 0000 0000 0000 018" in debtor.get(page).content.decode()
    assert page in debtor.get(reverse("accounts:workbench")).content.decode()
    assert page in finance.get(listed).content.decode()
    assert debtor.get(listed).status_code == 403
    assert sign_in(cast.rival_agent).get(page).status_code == 404

    write_off, approve, reject = (
        reverse(f"payments:{name}_write_off", args=[recovery.key]) for name in ("propose", "approve", "reject")
    )
    assert write_off in finance.get(page).content.decode()
    assert finance.post(write_off, {"reason": "金额小"}).status_code == 302
    assert approve in supervisor.get(page).content.decode()
    assert supervisor.post(reject, {"reason": "付款方有能力退回"}).status_code == 302
    assert "付款方有能力退回" in finance.get(page).content.decode()
    assert "付款方有能力退回" not in debtor.get(page).content.decode()
    assert finance.post(write_off, {"reason": "已核实，无法追回"}).status_code == 302
    assert supervisor.post(approve).status_code == 302
    assert page in finance.get(listed).content.decode()
    assert finance.get(f"/en{page}").status_code == 200
