"""Cards stand beside the bank: on the payer's page, at the till, in what finance orders at the bank, and in the letters."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime

from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from market.accounts.desks import desks_of
from market.events.actions import advance, skip_history
from market.events.models import Event
from market.events.registry import READERS
from market.letters.models import Letter
from market.payments.actions.deposits import confirm_payment, release_deposits
from market.payments.providers import ways_to_pay
from market.payments.queries.deposits import refund_orders, refunds_due
from market.values.money import Money
from tests.cards.builders import a_checkout, a_paid_deposit, paid, tell, work
from tests.cards.stand_in import StandIn
from tests.payments.builders import a_deposit, market_finance
from tests.people import Cast, Member

type SignIn = Callable[[Member], Client]


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_payer_is_offered_both_ways(cast: Cast, now: datetime, stripe: StandIn, sign_in: SignIn) -> None:
    deposit = a_deposit(cast, now)
    assert deposit.payment is not None
    begin = reverse("cards:begin", args=[deposit.payment.key])
    shown = page(sign_in(cast.enterprise_agent), deposit.get_absolute_url())
    assert begin in shown
    assert deposit.payment.reference in shown


def test_the_button_on_the_payers_page_works(cast: Cast, now: datetime, stripe: StandIn) -> None:
    """With the check for forged requests on, which other tests leave out."""
    stripe.clock = lambda: int(datetime.now().timestamp())
    deposit = a_deposit(cast, now)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.enterprise_agent.person)
    shown = page(browser, deposit.get_absolute_url())
    assert deposit.payment is not None
    form = shown.partition(reverse("cards:begin", args=[deposit.payment.key]))[2].partition("</form>")[0]
    token = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    begin = reverse("cards:begin", args=[deposit.payment.key])
    assert browser.post(begin).status_code == 403
    assert browser.post(begin, {"csrfmiddlewaretoken": token}).status_code == 302
    assert len(stripe.sessions) == 1


def test_what_is_too_much_for_a_card_and_a_market_without_stripe_offer_the_bank_only(
    cast: Cast, now: datetime, stripe: StandIn, settings: Settings
) -> None:
    payment = a_deposit(cast, now).payment
    assert payment is not None
    assert len(ways_to_pay(payment)) == 2
    payment.amount_fen = Money.yuan("1000000").fen
    assert len(ways_to_pay(payment)) == 1
    payment.amount_fen = Money.yuan("999999.99").fen
    assert len(ways_to_pay(payment)) == 2
    settings.STRIPE_API_KEY = ""
    assert len(ways_to_pay(payment)) == 1


def test_what_came_by_card_is_not_ordered_at_the_bank(cast: Cast, now: datetime, stripe: StandIn, sign_in: SignIn) -> None:
    """Otherwise it would go back twice."""
    by_card = a_paid_deposit(cast, stripe, now, is_due_back=True).payment
    by_bank = release_deposits([a_deposit(cast, now, state="held", matter="intent:bank")], now=now)[0].payment
    assert by_bank is not None
    assert refunds_due().count() == 2
    (order,) = refund_orders()
    assert by_bank.reference in order.remark
    finance = sign_in(market_finance(cast))
    shown = page(finance, reverse("payments:refunds"))
    assert reverse("payments:confirm_refund", args=[by_bank.deposit.key]) in shown
    assert reverse("payments:confirm_refund", args=[by_card.deposit.key]) not in shown
    orders = finance.post(reverse("payments:refund_orders")).content.decode()
    assert [row for row in csv.reader(orders.splitlines()) if by_card.reference in "".join(row)] == []


def test_the_deposit_leads_to_its_card_payment_and_back(cast: Cast, now: datetime, stripe: StandIn, sign_in: SignIn) -> None:
    checkout = a_paid_deposit(cast, stripe, now, is_due_back=True)
    buyer = sign_in(cast.enterprise_agent)
    deposit = checkout.payment.deposit
    assert checkout.get_absolute_url() in page(buyer, deposit.get_absolute_url())
    assert deposit.get_absolute_url() in page(buyer, checkout.get_absolute_url())


def finance_desk(cast: Cast) -> dict[str, int]:
    return {desk.url: desk.waiting for desk in desks_of(market_finance(cast).actor)}


def test_the_workbench_of_finance_counts_what_needs_a_person(
    cast: Cast, now: datetime, stripe: StandIn, settings: Settings
) -> None:
    checkout = a_paid_deposit(cast, stripe, now, is_due_back=True)
    till, cards = reverse("payments:till"), reverse("cards:desk")
    # What goes back by itself is nobody's work.
    assert {till: 0, cards: 0}.items() <= finance_desk(cast).items()
    stripe.refunds_take_time = True
    work(now)
    stripe.finish_refund(max(stripe.refunds), failure="expired_or_canceled_card")
    stripe.open_dispute(checkout.intent_id or "")
    tell(stripe.events, now)
    assert finance_desk(cast)[cards] == 2
    settings.STRIPE_API_KEY = ""
    assert cards not in finance_desk(cast)


def told(name: str, now: datetime) -> dict[str, str]:
    """What was written about events of this name, by address."""
    while advance(READERS["letters"], now=now):
        pass
    events = Event.objects.filter(name=name).values("pk")
    return {letter.person.email: letter.text for letter in Letter.objects.filter(event__in=events).select_related("person")}


def test_finance_hears_of_what_needs_it_and_payers_of_what_goes_back(cast: Cast, now: datetime, stripe: StandIn) -> None:
    skip_history(READERS["letters"])
    finance, buyer = market_finance(cast), cast.enterprise_agent.person.email
    failed = a_paid_deposit(cast, stripe, now, is_due_back=True).payment.reference
    stripe.refunds_take_time = True
    work(now)
    stripe.finish_refund(max(stripe.refunds), failure="expired_or_canceled_card")
    disputed = a_checkout(cast, now, a_deposit(cast, now, matter="intent:disputed"))
    dispute = stripe.open_dispute(paid(stripe, disputed)["id"])
    stripe.close_dispute(dispute["id"], is_lost=True)
    twice = a_checkout(cast, now, a_deposit(cast, now, matter="intent:twice"))
    paid(stripe, twice)
    confirm_payment(twice.payment, actor=finance.actor, now=now)
    tell(stripe.events, now)
    for name, reference, detail in (
        ("card_refund.failed", failed, "expired_or_canceled_card"),
        ("dispute.opened", disputed.payment.reference, "120,000.00"),
        ("dispute.lost", disputed.payment.reference, "120,000.00"),
    ):
        (address, text), *others = told(name, now).items()
        assert (address, others) == (finance.person.email, []), name
        assert detail in text, name
        assert reference in text or name == "card_refund.failed", name
    ((address, text),) = told("checkout.surplus", now).items()
    assert address == buyer
    assert twice.payment.reference in text
