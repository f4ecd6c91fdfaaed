"""Whatever was sent from a tab that died before the answer came has its effect once, when the page is loaded and sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Route
from pytest_django import Settings

from listings.auctions.models.auctions import Bid
from market.payments.models.ledger import Posting
from market.payments.models.payouts import Payout
from market.payments.models.stripe import Checkout
from market.payments.states import DepositState
from tests.auctions.hall import open_hall
from tests.cards.stand_in import KEY, SECRET, stand_in
from tests.e2e.browser import Person
from tests.e2e.conftest import LiveMarket
from tests.payments.builders import a_deposit, market_finance
from tests.settlement.builders import a_delivered_settlement

pytestmark = pytest.mark.e2e

TIMES = 2


@contextmanager
def dying(person: Person, *, reaches_the_market: bool) -> Iterator[None]:
    """The tab is killed after a form was sent in it: its request has just left, or it has come to the market and no answer back."""
    sent = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and reaches_the_market:
            route.fetch(max_redirects=0)
        sent.append(route.request.url)
        # No answer: the page is gone.

    person.page.route("**/*", hold)
    yield
    while not sent:
        person.page.wait_for_timeout(20)
    person.page.close()
    person.page = person.context.new_page()


def test_what_was_sent_from_a_tab_that_died_has_its_effect_once(
    live_market: LiveMarket, sit_down: Callable[..., Person], settings: Settings
) -> None:
    bids_count_once(live_market, sit_down)
    money_moves_once(live_market, sit_down, settings)
    assert [it for person in live_market.people for it in person.troubles if "net::ERR" not in it] == []


def bids_count_once(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    cast = live_market.cast
    members = (cast.enterprise_agent, cast.rival_agent)
    auction = live_market.ask(lambda: open_hall(cast, list(members), lasting=timedelta(hours=1)).auction)
    bidders = [sit_down(f"bidder-{number}", signed_in=member) for number, member in enumerate(members)]
    expected = []
    for number in range(TIMES * 2):
        bidder, amount = bidders[number % 2], f"{10_000 + number}"
        bidder.open(f"/auctions/{auction.key}/")
        with dying(bidder, reaches_the_market=number < TIMES):
            bidder.fill(amount=amount)
            bidder.page.locator("[data-room=bid-form] button[type=submit]").click(no_wait_after=True)
        bidder.open(f"/auctions/{auction.key}/")
        # The page remembers the bid and its key.
        assert bidder.page.locator("[data-room=bid-form] [name=amount]").input_value() == amount
        bidder.page.locator("[data-room=bid-form] button[type=submit]").click()
        bidder.page.locator("[data-room=answer][data-refused=false]").wait_for()
        expected.append(int(amount) * 100)
    bids = live_market.ask(lambda: list(Bid.objects.order_by("sequence").values_list("amount_fen", "is_accepted")))
    assert bids == [(fen, True) for fen in expected]


def money_moves_once(live_market: LiveMarket, sit_down: Callable[..., Person], settings: Settings) -> None:
    cast, now = live_market.cast, timezone.now()
    deposit = live_market.ask(lambda: a_deposit(cast, now))
    refunds = [
        live_market.ask(lambda number=number: a_deposit(cast, now, state="due_back", matter=f"intent:{number}"))  # type: ignore[misc]
        for number in range(2)
    ]
    live_market.ask(lambda: a_delivered_settlement(cast, now, paid=True))
    finance = sit_down("finance", signed_in=live_market.ask(lambda: market_finance(cast)))
    with stand_in() as stripe:
        settings.STRIPE_API_KEY, settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_API_BASE = KEY, SECRET, stripe.address
        buyer = sit_down("buyer", signed_in=cast.enterprise_agent)
        for reaches_the_market in (True, False):
            send_twice(buyer, deposit.get_absolute_url(), "/begin/", reaches_the_market=reaches_the_market)
        assert live_market.ask(Checkout.objects.count) == 1
    for number, each in enumerate(refunds):
        send_twice(finance, "/payments/refunds/", f"{each.key}/refund/", reaches_the_market=number == 0)
    payout = live_market.ask(Payout.objects.get)
    send_twice(finance, f"{payout.get_absolute_url()}paid/", "", reaches_the_market=True, bank_reference="20260610001")
    for each in refunds:
        live_market.ask(each.refresh_from_db)
    assert [each.state for each in refunds] == [DepositState.REFUNDED] * 2
    posted = live_market.ask(lambda: list(Posting.objects.values_list("reference", flat=True)))
    assert sum(":refunded" in reference for reference in posted) == len(refunds)
    assert sum(":paid-" in reference for reference in posted) == 1
    live_market.ask(lambda: call_command("verify_ledger"))


def send_twice(person: Person, page: str, action: str, *, reaches_the_market: bool, **typed: str) -> None:
    """From a tab that dies, and again from the page loaded anew, where that still offers it."""
    person.open(page)
    form = f'main form[method=post][action*="{action}"]' if action else "main form[method=post]"
    with dying(person, reaches_the_market=reaches_the_market):
        person.fill(**typed)
        _agree(person, form)
    person.open(page)
    if person.page.locator(form).count():
        person.fill(**typed)
        with person.page.expect_navigation():
            _agree(person, form)


def _agree(person: Person, form: str) -> None:
    button = person.page.locator(f"{form} button").first
    asks = button.get_attribute("data-confirm") is not None
    button.click(no_wait_after=True)
    if asks:
        person.page.locator("[data-confirm-agree]").click(no_wait_after=True)
