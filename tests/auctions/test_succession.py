"""When the winner of an auction does not sign, the next bidder in rank is asked at their own bid, by the worker alone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from listings.actions.deals import fail_deal
from listings.actions.next_offers import accept_next_offer, decline_next_offer
from listings.auctions.actions.auctions import close_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.actions.succession import ask_next_bidder
from listings.auctions.models.auctions import Auction
from listings.auctions.rules.offers import Offer, next_in_rank, ranked
from listings.models.deals import Deal, NextOffer
from listings.tasks import watch_deals
from market.accounts.models import Organisation
from market.events.actions import advance, skip_history
from market.events.models import Event
from market.events.registry import READERS
from market.payments.models.deposits import Deposit
from market.payments.queries.ledger import ledger_flaws
from market.policy.models import PolicyRow
from market.values.money import Money
from tests.auctions.builders import START, STEP, an_auction, at, deal_of
from tests.listings.builders import a_deal
from tests.payments.builders import pay_deposit, refund_deposit_of
from tests.people import Cast

pytestmark = pytest.mark.django_db
OTHERS = ("listings.next_offers", "auctions.succession")


@pytest.fixture(autouse=True)
def _from_now_on() -> None:
    for name in OTHERS:
        skip_history(READERS[name])


def work(now: datetime) -> None:
    """What the worker does for deals, until it has nothing to do."""
    watch_deals(now)
    for name in OTHERS:
        while advance(READERS[name], now=now):
            pass


def offer(bidder: int, yuan: int) -> Offer:
    return Offer(bidder, Money.yuan(str(yuan)))


def test_bidders_follow_one_another_by_their_best_amount_and_then_by_time() -> None:
    offers = [offer(1, 100), offer(2, 110), offer(1, 120), offer(3, 110), offer(2, 105)]
    assert ranked(offers) == [offer(1, 120), offer(2, 110), offer(3, 110)]
    assert next_in_rank(offers, passed_over={1}, floor=None) == offer(2, 110)
    assert next_in_rank(offers, passed_over={1, 2}, floor=Money.yuan("110")) == offer(3, 110)
    assert next_in_rank(offers, passed_over={1}, floor=Money.yuan("111")) is None
    assert next_in_rank([], passed_over=set(), floor=None) is None


def a_closed_auction(cast: Cast, now: datetime, **terms: object) -> Deal:
    """The enterprise has it, the rival was one step below, the outsider two."""
    auction = an_auction(cast, now, **terms)
    for place, member in enumerate((cast.outsider, cast.rival_agent, cast.enterprise_agent)):
        moment = auction.opens_at + timedelta(minutes=place + 1)
        amount = START + Money(STEP.fen * place)
        assert place_bid(auction.key, amount, key=f"key-{place:05d}", actor=member.actor, clock=at(moment)).is_accepted
    auction.refresh_from_db()
    close_auction(auction, clock=at(auction.ends_at))
    return deal_of(auction)


def in_default(cast: Cast, deal: Deal) -> datetime:
    """The losers have their deposits back, and the worker has found the winner in default; gives when."""
    for intent in deal.listing.intents.exclude(pk=deal.intent_id):
        refund_deposit_of(cast, intent.subject, deal.concluded_at)
    day = datetime.combine(deal.contract_due_on, time(4), UTC)
    for days in (1, 9):
        work(day + timedelta(days=days))
    return day + timedelta(days=9)


def state_of(organisation: Organisation) -> list[str]:
    return list(Deposit.objects.filter(payer=organisation).order_by("pk").values_list("state", flat=True))


def ask_up_to(most: int) -> None:
    PolicyRow.objects.filter(kind="deal.next_offers").update(value=most)


def test_losers_deposits_are_due_back_within_the_period_and_the_winners_is_kept(cast: Cast, now: datetime) -> None:
    """Source: rules.md LS-11, three working days (low)."""
    deal = a_closed_auction(cast, now)
    kept = Deposit.objects.get(payer=cast.enterprise)
    due = [Deposit.objects.get(payer=organisation) for organisation in (cast.rival, cast.outside)]
    assert (kept.state, [deposit.state for deposit in due]) == ("held", ["due_back", "due_back"])
    for deposit in due:
        assert deposit.due_back_on is not None
        assert 3 <= (deposit.due_back_on - deal.concluded_at.date()).days <= 5


def test_from_default_to_the_second_deal_by_the_worker(cast: Cast, now: datetime) -> None:
    deal = a_closed_auction(cast, now)
    when = in_default(cast, deal)
    deal.refresh_from_db()
    asked = NextOffer.objects.get()
    assert (deal.state, state_of(cast.enterprise)) == ("failed", ["forfeited"])
    assert (asked.intent.buyer, asked.price, asked.deal) == (cast.rival, START + STEP, deal)
    work(when)
    assert NextOffer.objects.count() == 1
    accept_next_offer(asked, actor=cast.rival_agent.actor, now=when)
    pay_deposit(cast, asked.intent.subject, when)
    work(when)
    second = Deal.objects.get(state="concluded")
    assert (second.buyer, second.price, second.listing) == (cast.rival, START + STEP, deal.listing)
    assert Auction.objects.get().state == "closed"
    assert ledger_flaws() == []


@pytest.mark.parametrize("how", ["declined", "lapsed"])
def test_who_does_not_want_it_makes_room_for_the_next_until_nobody_is_left(cast: Cast, now: datetime, how: str) -> None:
    ask_up_to(5)
    when = in_default(cast, a_closed_auction(cast, now))
    for buyer in (cast.rival_agent, cast.outsider):
        asked = NextOffer.objects.get(state="made")
        assert asked.intent.buyer == buyer.organisation
        if how == "declined":
            decline_next_offer(asked, actor=buyer.actor, now=when)
        else:
            when = datetime.combine(asked.due_on, time(4), UTC) + timedelta(days=1)
        work(when)
    assert list(NextOffer.objects.values_list("state", flat=True)) == [how, how]
    assert Event.objects.filter(name="listing.nobody_left").count() == 1
    assert Deal.objects.get().state == "failed"


def test_no_more_are_asked_than_the_policy_says(cast: Cast, now: datetime) -> None:
    when = in_default(cast, a_closed_auction(cast, now))
    decline_next_offer(NextOffer.objects.get(), actor=cast.rival_agent.actor, now=when)
    work(when)
    assert NextOffer.objects.count() == 1
    assert Event.objects.filter(name="listing.nobody_left").count() == 1


def test_who_takes_the_place_and_does_not_sign_either_is_in_default_too(cast: Cast, now: datetime) -> None:
    ask_up_to(2)
    deal = a_closed_auction(cast, now)
    when = in_default(cast, deal)
    accept_next_offer(NextOffer.objects.get(), actor=cast.rival_agent.actor, now=when)
    pay_deposit(cast, NextOffer.objects.get().intent.subject, when)
    work(when)
    in_default(cast, Deal.objects.get(state="concluded"))
    assert (state_of(cast.enterprise), state_of(cast.rival)) == (["forfeited"], ["refunded", "forfeited"])
    assert NextOffer.objects.get(state="made").intent.buyer == cast.outside


def test_bids_below_the_reserve_and_barred_bidders_are_passed_over(cast: Cast, now: datetime) -> None:
    ask_up_to(5)
    deal = a_closed_auction(cast, now, reserve=START + STEP)
    Organisation.objects.filter(pk=cast.rival.pk).update(state="suspended")
    in_default(cast, deal)
    assert NextOffer.objects.count() == 0
    assert Event.objects.filter(name="listing.nobody_left").count() == 1


def test_nobody_is_asked_when_the_buyer_was_not_to_blame(cast: Cast, now: datetime) -> None:
    deal = a_closed_auction(cast, now)
    fail_deal(deal, reason="权属争议", actor=cast.supervisor.actor, now=deal.concluded_at)
    work(deal.concluded_at)
    assert not NextOffer.objects.exists()
    assert state_of(cast.enterprise) == ["due_back"]


def test_without_an_auction_nobody_is_asked(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    in_default(cast, deal)
    assert ask_next_bidder(deal, now=now) is None
    assert not Event.objects.filter(name__in=["next_offer.made", "listing.nobody_left"]).exists()
