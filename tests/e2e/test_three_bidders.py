"""Money and bids from end to end: three enterprises pay deposits, bid against the clock, and the money goes where it belongs."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy
from pypdf import PdfReader

from brokers.actions.commissions import credit_commissions
from contracts.actions.contracts import agree_contract, draft_contract
from contracts.queries.contracts import digest_of
from contracts.settlement.actions.books import set_inventors_share
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.states import DueState, SettlementState
from contracts.states import ContractState
from listings.actions.intents import qualify_intent
from listings.auctions.actions.auctions import announce_auction
from listings.auctions.models.auctions import Auction
from listings.auctions.states import AuctionState
from listings.models.deals import Deal
from listings.models.listings import Intent, Listing, Notice
from listings.states.listings import IntentState, ListingState
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.payouts import Payout
from market.payments.states import DepositState, PayoutState
from market.values.actor import Actor
from market.values.money import ZERO, Money
from tests.auctions.builders import auction_terms
from tests.brokers.builders import a_sellers_engagement
from tests.cards.stand_in import StandIn
from tests.e2e.browser import Person
from tests.e2e.conftest import LiveMarket
from tests.e2e.paying import pay_by_card
from tests.listings.builders import a_listing, an_intent
from tests.payments.builders import a_statement, market_finance
from tests.people import Cast

pytestmark = pytest.mark.e2e

# The shortest that an auction may have.
FREE, CYCLE, LAST_SECONDS = timedelta(seconds=6), timedelta(seconds=10), 4
PRICE = Money.yuan("1300000")


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
    terms = auction_terms(opens_at, free_until=opens_at + FREE, cycle=CYCLE)
    return announce_auction(listing, terms, actor=actor, now=now - timedelta(days=1))


def bid(bidder: Person, yuan: int) -> None:
    bidder.fill(amount=str(yuan))
    bidder.page.locator("[data-room=bid-form] button[type=submit]").click()
    bidder.page.locator("[data-room=best]", has_text=f"{yuan:,}").wait_for()


def seconds_left(bidder: Person) -> int:
    hours, minutes, seconds = bidder.page.locator("[data-room=clock]").inner_text().strip().split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def outbid_in_the_last_seconds(bidder: Person, yuan: int) -> None:
    """The clock runs down to its last seconds, the bid is made, and the clock stands at a full cycle again."""
    wait_until(bidder, lambda left: left <= LAST_SECONDS, seconds=60)
    bid(bidder, yuan)
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
    listing = live_market.ask(lambda: prepared_listing(cast))
    till = live_market.ask(lambda: market_finance(cast))
    finance = sit_down("finance", signed_in=till)
    winner = sit_down("winner", signed_in=cast.enterprise_agent)
    outbid = sit_down("outbid", signed_in=cast.rival_agent, width=360)
    early = sit_down("early", signed_in=cast.outsider)
    bidders = (winner, outbid, early)

    register_intent(outbid, listing.number)
    pay_by_card(live_market, outbid)
    pay_by_bank(live_market, finance, cast.enterprise.name, cast.outside.name)
    assert live_market.ask(lambda: set(Deposit.objects.values_list("state", flat=True))) == {DepositState.HELD}

    live_market.ask(lambda: qualify_all(cast))
    end_notice(live_market)
    auction = live_market.ask(lambda: announce(listing, cast.university_agent.actor))
    bid_against_the_clock(live_market, auction, *bidders)
    evidence_verifies(live_market, winner, auction)

    refund_the_losers(live_market, stripe, finance)
    settlement = sign_the_contract(live_market, winner)
    pay_the_price(live_market, winner, finance, settlement)
    live_market.ask(
        lambda: set_inventors_share(
            settlement, Decimal("0.5"), pays_apart=True, actor=cast.university_agent.actor, now=timezone.now()
        )
    )
    confirm_delivery(live_market, winner, settlement)
    pay_out(live_market, finance)
    agent = sit_down("agent", signed_in=cast.university_agent)
    statement_adds_up(live_market, agent, settlement)
    live_market.ask(lambda: call_command("verify_ledger"))
    live_market.ask(lambda: call_command("verify_events"))
    assert [it for it in troubles(live_market) if stripe.address not in it] == []


def troubles(market: LiveMarket) -> list[str]:
    return [trouble for person in market.people for trouble in person.troubles]


# --- Before the auction


def prepared_listing(cast: Cast) -> Listing:
    """With a broker of the seller's, and two who registered their intent."""
    now = timezone.now() - timedelta(days=5)
    listing = a_listing(cast, now)
    a_sellers_engagement(cast, listing, now, valid_until=(now + timedelta(days=700)).date())
    for buyer in (cast.enterprise_agent, cast.outsider):
        an_intent(cast, listing, now, buyer=buyer)
    return listing


def qualify_all(cast: Cast) -> None:
    for intent in Intent.objects.all():
        qualify_intent(intent, actor=cast.university_agent.actor, now=timezone.now())


# --- The auction and its evidence


def bid_against_the_clock(market: LiveMarket, auction: Auction, winner: Person, outbid: Person, early: Person) -> None:
    for bidder in (winner, outbid, early):
        bidder.open(f"/auctions/{auction.key}/")
    market.work(until=lambda: Auction.objects.get().state == AuctionState.OPEN)
    for bidder in (winner, outbid, early):
        # The page turns to the open room by itself.
        bidder.page.locator("[data-room=bid-form] [name=amount]").wait_for()
    bid(early, 1_250_000)
    bid(outbid, 1_260_000)
    outbid_in_the_last_seconds(winner, 1_300_000)
    winner.picture("leading")
    outbid.page.locator("[data-room=best]", has_text="1,300,000").wait_for()
    outbid.picture("outbid")
    market.work(until=lambda: Auction.objects.get().state == AuctionState.CLOSED)
    winner.page.locator("[data-room=standing]", has_text=market.cast.enterprise.name).wait_for()


def evidence_verifies(market: LiveMarket, winner: Person, auction: Auction) -> None:
    winner.open(f"/auctions/{auction.key}/result/")
    winner.picture("result")
    evidence = winner.download("/evidence.json")
    kept = winner.pictures / "evidence.json"
    kept.write_bytes(evidence)
    market.ask(lambda: call_command("verify_evidence", str(kept)))
    assert winner.page.locator(".room-head").inner_text() in evidence.decode()


def refund_the_losers(market: LiveMarket, stripe: StandIn, finance: Person) -> None:
    """The card's money goes back by itself, the other by finance's order to the bank."""
    market.work(until=lambda: Deposit.objects.filter(state=DepositState.REFUNDED).exists())
    assert stripe.refunds
    finance.open("/payments/refunds/")
    finance.picture("refunds")
    finance.press("/refund/")
    states = market.ask(lambda: dict(Deposit.objects.values_list("payer__name", "state")))
    cast = market.cast
    assert states == {
        cast.enterprise.name: DepositState.HELD,
        cast.rival.name: DepositState.REFUNDED,
        cast.outside.name: DepositState.REFUNDED,
    }


# --- From the contract to the statement


def sign_the_contract(market: LiveMarket, winner: Person) -> Settlement:
    """The seller has drawn it up and agreed; the buyer reads and agrees, and the price is asked for without the deposit."""
    deal = market.ask(Deal.objects.get)
    market.ask(lambda: half_agreed(market.cast, deal))
    winner.open(deal.get_absolute_url())
    winner.follow("/contracts/")
    winner.reads("1,300,000.00")
    winner.press("/agree/")
    winner.reads(ContractState.AGREED.label)
    winner.picture("contract")
    market.work(until=Settlement.objects.exists)
    return market.ask(Settlement.objects.select_related("contract").get)


def half_agreed(cast: Cast, deal: Deal) -> None:
    actor, now = cast.university_agent.actor, timezone.now()
    contract = draft_contract(deal, actor=actor, now=now)
    agree_contract(contract, digest=digest_of(contract), actor=actor, now=now)
    credit_commissions(deal, contract_value=PRICE, reason="合同登记", now=now)


def pay_the_price(market: LiveMarket, winner: Person, finance: Person, settlement: Settlement) -> None:
    """What the deposit does not cover, under the reference on the page."""
    winner.open("/settlements/")
    winner.follow(settlement.get_absolute_url())
    winner.follow("/settlements/dues/")
    due = market.ask(Due.objects.select_related("payment").get)
    assert due.payment is not None
    assert due.carried + due.payment.amount == PRICE
    winner.reads(due.payment.reference, f"{due.payment.amount}")
    winner.picture("due")
    pay_by_bank(market, finance, market.cast.enterprise.name)
    market.work(until=lambda: Due.objects.get().state == DueState.PAID)


def confirm_delivery(market: LiveMarket, winner: Person, settlement: Settlement) -> None:
    winner.open(settlement.get_absolute_url())
    winner.picture("escrow")
    winner.follow("/confirm/")
    winner.fill(is_delivered=True)
    winner.submit()
    winner.reads(SettlementState.CLOSED.label)
    winner.picture("settled")


def pay_out(market: LiveMarket, finance: Person) -> None:
    """Finance notes under which number the bank has paid each order."""
    finance.open("/payments/payouts/")
    finance.picture("payouts")
    for number, payout in enumerate(market.ask(lambda: list(Payout.objects.all()))):
        finance.open(f"{payout.get_absolute_url()}paid/")
        finance.fill(bank_reference=f"2026061000{number}")
        finance.submit()
        finance.reads(PayoutState.PAID.label)


def statement_adds_up(market: LiveMarket, agent: Person, settlement: Settlement) -> None:
    """The seller's, the broker's, the market's and the inventors' part come to the price: on the screen, on paper, in the ledger."""
    agent.open(f"{settlement.get_absolute_url()}statement/")
    agent.picture("statement")
    seller, fee, commission, reward = (agent.figure(gettext_lazy(row)) for row in ROWS)
    inventors = [agent.figure(name) for name in ("发明人甲", "发明人乙")]
    assert seller + fee + commission + sum(inventors, ZERO) == PRICE
    assert sum(inventors, ZERO) == reward
    assert min(seller, fee, commission, *inventors) > ZERO
    paid = market.ask(lambda: ledger_of(settlement))
    parts = {"payable_to_seller": seller, "platform_fee": fee, "commission_payable": commission, "reward_payable": reward}
    assert paid == {purpose: amount.fen for purpose, amount in parts.items()}

    text = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(agent.download("/statement.pdf"))).pages).split())
    for amount in (PRICE, seller, fee, commission, *inventors):
        assert f"{amount.fen // 100:,}.{amount.fen % 100:02d}" in text


# What the seller gets, in the statement's words.
ROWS = ("To the seller", "Platform fee", "Commission of the brokers", "Inventors' reward, paid out by itself")


def ledger_of(settlement: Settlement) -> dict[str, int]:
    """What left the buyer's escrow for whom, straight from the rows, with nothing of the product in between."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT target.purpose, SUM(entry.amount_fen) FROM payments_entry entry "
            "JOIN payments_posting posting ON posting.id = entry.posting_id "
            "JOIN payments_account source ON source.id = entry.source_id "
            "JOIN payments_account target ON target.id = entry.target_id "
            "WHERE posting.subject = %s AND source.purpose = 'escrow' GROUP BY target.purpose",
            [settlement.subject],
        )
        return {purpose: int(fen) for purpose, fen in cursor.fetchall()}
