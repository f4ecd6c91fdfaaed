"""Who takes part puts up the deposit; how the intent ends decides what becomes of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from listings.actions.deals import close_due_notice, fail_deal, sign_deal
from listings.actions.intents import qualify_intent, register_intent, reject_intent, withdraw_intent
from listings.actions.listings import withdraw_listing
from listings.models.deals import Deal
from listings.models.listings import Intent, Listing
from market.events.models import Event
from market.payments.models.deposits import Deposit
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.rules.ledger import AccountKey
from market.values.money import ZERO, Money
from market.values.refusal import Refused
from tests.listings.builders import a_deal, a_listing, an_intent, some_intent_terms
from tests.payments.builders import AMOUNT, pay_deposit
from tests.people import Cast


def deposit_of(intent: Intent) -> Deposit:
    return Deposit.objects.get(matter=intent.subject)


def close_notice_of(listing: Listing) -> datetime:
    notice = listing.notices.get(closed_at__isnull=True)
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    return notice.ends_at


def test_registering_an_intent_asks_for_the_deposit(cast: Cast, now: datetime) -> None:
    intent = an_intent(cast, a_listing(cast, now), now)
    deposit = deposit_of(intent)
    assert (deposit.state, deposit.amount, deposit.payer) == ("requested", AMOUNT, cast.enterprise)


def test_a_listing_without_a_deposit_asks_for_none(cast: Cast, now: datetime) -> None:
    an_intent(cast, a_listing(cast, now, deposit=ZERO), now, qualified=True)
    assert not Deposit.objects.exists()


def test_a_refused_intent_asks_for_no_deposit(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    terms = some_intent_terms(offered_price=Money.yuan("1"))
    with pytest.raises(Refused):
        register_intent(listing, terms, buyer=cast.enterprise, actor=cast.enterprise_agent.actor, now=now)
    assert not Deposit.objects.exists()


def test_nobody_is_qualified_before_the_deposit_is_there(cast: Cast, now: datetime) -> None:
    intent = an_intent(cast, a_listing(cast, now), now)
    events = Event.objects.count()
    with pytest.raises(Refused) as refused:
        qualify_intent(intent, actor=cast.university_agent.actor, now=now + timedelta(days=2))
    assert refused.value.refusals[0].code == "listings.deposit_not_held"
    intent.refresh_from_db()
    assert (intent.state, intent.decided_at, Event.objects.count()) == ("registered", None, events)
    pay_deposit(cast, intent.subject, now)
    assert qualify_intent(intent, actor=cast.university_agent.actor, now=now + timedelta(days=2)).state == "qualified"


def test_a_withdrawn_intent_frees_what_was_paid_and_stops_asking_for_what_was_not(cast: Cast, now: datetime) -> None:
    listing, later = a_listing(cast, now), now + timedelta(days=2)
    paid, unpaid = an_intent(cast, listing, now), an_intent(cast, listing, now, buyer=cast.rival_agent)
    pay_deposit(cast, paid.subject, now)
    withdraw_intent(paid, actor=cast.enterprise_agent.actor, now=later)
    withdraw_intent(unpaid, actor=cast.rival_agent.actor, now=later)
    assert (deposit_of(paid).state, deposit_of(paid).due_back_on) == ("due_back", date(2026, 3, 17))
    ended = deposit_of(unpaid)
    assert ended.payment is not None
    assert (ended.state, ended.payment.state) == ("cancelled", "cancelled")


def test_a_rejected_buyer_gets_the_deposit_back(cast: Cast, now: datetime) -> None:
    intent = an_intent(cast, a_listing(cast, now), now)
    pay_deposit(cast, intent.subject, now)
    reject_intent(intent, reason="资质不符", actor=cast.university_agent.actor, now=now + timedelta(days=2))
    assert deposit_of(intent).state == "due_back"


def test_losers_get_it_back_and_the_winners_is_kept_for_the_price(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    winner = an_intent(cast, listing, now, qualified=True)
    loser = an_intent(cast, listing, now, buyer=cast.rival_agent)
    pay_deposit(cast, loser.subject, now)
    ended = close_notice_of(listing)
    assert (deposit_of(winner).state, deposit_of(loser).state) == ("held", "due_back")
    close_due_notice(listing.notices.get(), now=ended)
    assert Event.objects.filter(name="deposit.released").count() == 1
    sign_deal(Deal.objects.get(), actor=cast.university_agent.actor, now=ended)
    assert deposit_of(winner).state == "carried"
    assert balance(AccountKey("escrow", cast.enterprise.pk)) == AMOUNT
    assert ledger_flaws() == []


def test_bidders_deposits_stay_while_they_bid(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    bidders = [an_intent(cast, listing, now, buyer=it, qualified=True) for it in (cast.enterprise_agent, cast.rival_agent)]
    late = an_intent(cast, listing, now, buyer=cast.outsider)
    close_notice_of(listing)
    assert [deposit_of(intent).state for intent in (*bidders, late)] == ["held", "held", "cancelled"]


def test_a_withdrawn_listing_frees_all_deposits(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    intent = an_intent(cast, listing, now, qualified=True)
    withdraw_listing(listing, reason="自行实施", actor=cast.university_agent.actor, now=now + timedelta(days=3))
    assert deposit_of(intent).state == "due_back"


def test_a_buyer_in_default_forfeits_half_to_the_seller(cast: Cast, now: datetime) -> None:
    """Source: the market's rule, half to the seller by default (medium)."""
    deal = a_deal(cast, now)
    fail_deal(deal, reason="逾期未签约", is_buyers_default=True, actor=cast.supervisor.actor, now=deal.concluded_at)
    deposit = deposit_of(deal.intent)
    assert (deposit.state, deposit.reason) == ("forfeited", "逾期未签约")
    assert balance(AccountKey("payable_to_seller", cast.university.pk)) == Money.yuan("60000")


def test_a_deal_that_failed_otherwise_gives_the_deposit_back(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    fail_deal(deal, reason="转让方权属争议", actor=cast.supervisor.actor, now=deal.concluded_at)
    assert deposit_of(deal.intent).state == "due_back"
