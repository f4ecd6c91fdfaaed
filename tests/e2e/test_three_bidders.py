"""Money and bids from end to end: three enterprises pay deposits, bid against the clock, and the money goes where it belongs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext_lazy
from pytest_django import Settings

from listings.auctions.actions.auctions import announce_auction
from listings.auctions.models.auctions import Auction
from listings.auctions.states import AuctionState
from listings.models.listings import Intent, Listing, Notice
from listings.states.listings import IntentState, ListingState
from market.payments.models.deposits import Deposit, Payment
from market.payments.queries.ledger import ledger_flaws
from market.payments.states import DepositState
from market.values.actor import Actor
from tests.auctions.builders import auction_terms
from tests.cards.stand_in import KEY, SECRET, StandIn, deliver, stand_in
from tests.e2e.browser import Person, in_words
from tests.e2e.conftest import LiveMarket, may_sign_in
from tests.listings.builders import a_listing
from tests.payments.builders import a_statement, market_finance

pytestmark = pytest.mark.e2e

CYCLE, LAST_SECONDS = timedelta(seconds=15), 4


@pytest.fixture
def stripe(live_market: LiveMarket, settings: Settings) -> Iterator[StandIn]:
    """A Stripe of the test's own, which tells the running site of every event."""
    with stand_in() as it:
        settings.STRIPE_API_KEY, settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_API_BASE = KEY, SECRET, it.address
        it.tell = lambda event: deliver(event, f"{live_market.address}/webhooks/stripe/")
        yield it


def register_intent(buyer: Person, number: str) -> None:
    buyer.open(f"/market/listings/{number}/")
    buyer.follow("/intents/new/")
    buyer.fill(
        capacity="拥有两台低热值煤机组，具备改造场地和专业队伍。",
        finance="上年度资产负债率为百分之四十五，资金已落实。",
        offered_price="1250000",
        accepts_terms=True,
    )
    buyer.submit()
    buyer.reads(IntentState.REGISTERED.label)
    buyer.follow("/payments/deposits/")
    buyer.reads(DepositState.REQUESTED.label)


def pay_by_card(market: LiveMarket, buyer: Person) -> None:
    buyer.press("/begin/")
    market.work()
    buyer.page.locator("main a", has_text="Stripe").first.wait_for()
    buyer.picture("checkout")
    buyer.page.locator("main a", has_text="Stripe").first.click()
    buyer.page.get_by_role("button", name="alipay").click()
    buyer.page.wait_for_url(f"{buyer.site}/**")
    market.work()
    # The page looks again by itself.
    buyer.page.locator("main .alert", has_text=in_words(gettext_lazy("Paid"))).wait_for()
    buyer.picture("paid-by-card")


def pay_by_bank(market: LiveMarket, finance: Person, *buyers: str) -> None:
    """The money of these payers stands in the bank's statement, which finance imports and confirms."""
    payments = market.ask(lambda: list(Payment.objects.select_related("payer").filter(payer__name__in=buyers, received_at=None)))
    today = timezone.localdate().isoformat()
    rows = [
        (today, f"{payment.amount.fen / 100:.2f}", payment.payer.name, payment.reference, f"B{payment.pk:06d}")
        for payment in payments
    ]
    finance.open("/payments/till/statement/")
    finance.fill(statement=[{"name": "对账单.csv", "mimeType": "text/csv", "buffer": a_statement(*rows)}])
    finance.submit()
    finance.picture("statement")
    finance.press("/till/statement/confirm/")
    finance.picture("till")
    finance.press("/till/lines/confirm/")


def end_notice(market: LiveMarket) -> None:
    """The stored end is moved to a moment ago; the worker does the rest."""
    market.ask(lambda: Notice.objects.update(ends_at=timezone.now() - timedelta(seconds=1)))
    market.work(until=lambda: Listing.objects.get().state == ListingState.BIDDING)


def announce(listing: Listing, actor: Actor) -> Auction:
    """Announced yesterday; it opens in a moment, so that what the evidence says of its times is true."""
    now = timezone.now()
    listing.refresh_from_db()
    opens_at = now + timedelta(seconds=2)
    terms = auction_terms(opens_at, free_until=opens_at + timedelta(seconds=20), cycle=CYCLE)
    return announce_auction(listing, terms, actor=actor, now=now - timedelta(days=1))


def bid(bidder: Person, auction: Auction, yuan: int) -> None:
    bidder.fill(amount=str(yuan))
    bidder.page.locator("[data-room=bid-form] button[type=submit]").click()
    bidder.page.locator("[data-room=best]", has_text=f"{yuan:,}").wait_for()


def seconds_left(bidder: Person) -> int:
    hours, minutes, seconds = bidder.page.locator("[data-room=clock]").inner_text().strip().split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def outbid_in_the_last_seconds(bidder: Person, auction: Auction, yuan: int) -> None:
    """The clock runs down to its last seconds, the bid is made, and the clock stands at a full cycle again."""
    wait_until(bidder, lambda left: left <= LAST_SECONDS, seconds=60)
    bid(bidder, auction, yuan)
    wait_until(bidder, lambda left: left > LAST_SECONDS, seconds=2)


def wait_until(bidder: Person, is_reached: Callable[[int], bool], *, seconds: int) -> None:
    deadline = time.monotonic() + seconds
    while not is_reached(seconds_left(bidder)):
        assert time.monotonic() < deadline
        bidder.page.wait_for_timeout(100)


def test_three_enterprises_pay_bid_and_are_settled(
    live_market: LiveMarket, stripe: StandIn, sit_down: Callable[..., Person]
) -> None:
    cast = live_market.cast
    listing = live_market.ask(lambda: a_listing(cast, timezone.now() - timedelta(days=5)))
    till = live_market.ask(lambda: market_finance(cast))
    live_market.ask(lambda: may_sign_in(till))
    agent, finance = sit_down("agent"), sit_down("finance")
    winner, outbid, early = sit_down("winner"), sit_down("outbid", width=360), sit_down("early")
    agent.sign_in(cast.university_agent)
    finance.sign_in(till, with_code=True)
    bidders = {winner: cast.enterprise_agent, outbid: cast.rival_agent, early: cast.outsider}
    for bidder, member in bidders.items():
        bidder.sign_in(member)
        register_intent(bidder, listing.number)
    pay_by_card(live_market, outbid)
    pay_by_bank(live_market, finance, cast.enterprise.name, cast.outside.name)
    assert live_market.ask(lambda: set(Deposit.objects.values_list("state", flat=True))) == {DepositState.HELD}

    for intent in live_market.ask(lambda: [it.get_absolute_url() for it in Intent.objects.all()]):
        agent.open(intent)
        agent.press("/qualify/")
        agent.reads(IntentState.QUALIFIED.label)
    end_notice(live_market)
    auction = live_market.ask(lambda: announce(listing, cast.university_agent.actor))
    for bidder in bidders:
        bidder.open(f"/auctions/{auction.key}/")
    live_market.work(until=lambda: Auction.objects.get().state == AuctionState.OPEN)
    for bidder in bidders:
        # The page turns to the open room by itself.
        bidder.page.locator("[data-room=bid-form] [name=amount]").wait_for()
    bid(early, auction, 1_250_000)
    bid(outbid, auction, 1_260_000)
    outbid_in_the_last_seconds(winner, auction, 1_300_000)
    winner.picture("leading")
    outbid.page.locator("[data-room=best]", has_text="1,300,000").wait_for()
    outbid.picture("outbid")
    time.sleep(CYCLE.total_seconds())
    live_market.work(until=lambda: Auction.objects.get().state == AuctionState.CLOSED)
    winner.page.locator("[data-room=standing]", has_text=cast.enterprise.name).wait_for()

    winner.open(f"/auctions/{auction.key}/result/")
    winner.picture("result")
    evidence = winner.download("/evidence.json")
    kept = winner.pictures / "evidence.json"
    kept.write_bytes(evidence)
    live_market.ask(lambda: call_command("verify_evidence", str(kept)))
    assert winner.page.locator(".room-head").inner_text() in evidence.decode()

    # The losers' money goes back: the card's by itself, the other by finance's order to the bank.
    live_market.work(until=lambda: Deposit.objects.filter(state=DepositState.REFUNDED).exists())
    assert stripe.refunds
    finance.open("/payments/refunds/")
    finance.picture("refunds")
    finance.press("/refund/")
    states = live_market.ask(lambda: dict(Deposit.objects.values_list("payer__name", "state")))
    assert states == {
        cast.enterprise.name: DepositState.HELD,
        cast.rival.name: DepositState.REFUNDED,
        cast.outside.name: DepositState.REFUNDED,
    }
    assert live_market.ask(ledger_flaws) == []
    assert [it for it in troubles(live_market) if stripe.address not in it] == []


def troubles(market: LiveMarket) -> list[str]:
    return [trouble for person in market.people for trouble in person.troubles]
