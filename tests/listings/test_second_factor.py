"""From a price on, who binds the seller must sign in with more than a password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from contracts.actions.contracts import agree_contract
from contracts.queries.contracts import digest_of
from listings.actions.intents import qualify_intent, reject_intent
from listings.actions.listings import change_price, publish_listing
from listings.models.listings import Listing
from listings.rules.listings import asks_second_factor
from listings.states.listings import IntentState, ListingState
from market.policy.actions import PolicyTerms, approve_policy_row, propose_policy_row
from market.policy.rules import Policy
from market.refusals import sentence
from market.values.actor import CLOCK, Actor, Channel
from market.values.money import Money
from market.values.refusal import Forbidden, Refusal
from tests.contracts.builders import a_contract
from tests.listings.builders import a_deal, a_listing, an_intent
from tests.people import Cast, Member
from tests.refused import refused_with
from tests.second_factor import set_up_second_factor

LIMIT = Money.yuan("5000000")
NEEDED = "accounts.second_factor_needed"


def dear(cast: Cast, now: datetime, *, price: Money = LIMIT, on_notice: bool = False) -> Listing:
    return a_listing(cast, now, on_notice=on_notice, price=price, reserve_price=None)


@pytest.mark.parametrize(("fen", "asks"), [(499_999_999, False), (500_000_000, True), (500_000_001, True)])
def test_the_limit_itself_asks_for_it(fen: int, asks: bool) -> None:
    limit = Policy(1, "listing.second_factor_from", "", Decimal(500_000_000), "fen", "", "low", date(2020, 1, 1))
    assert asks_second_factor(Money(fen), limit) is asks


def test_a_dear_listing_is_published_with_a_second_factor_only(cast: Cast, now: datetime) -> None:
    listing, actor = dear(cast, now), cast.university_agent.actor
    with refused_with(NEEDED, Forbidden):
        publish_listing(listing, actor=actor, now=now)
    set_up_second_factor(cast.university_agent.person)
    assert publish_listing(listing, actor=actor, now=now).state == ListingState.ON_NOTICE


def test_below_the_limit_the_password_is_enough(cast: Cast, now: datetime) -> None:
    assert dear(cast, now, price=Money(LIMIT.fen - 1), on_notice=True).state == ListingState.ON_NOTICE


def test_another_members_second_factor_does_not_help(cast: Cast, now: datetime) -> None:
    listing = dear(cast, now)
    set_up_second_factor(cast.university_owner.person)
    with refused_with(NEEDED, Forbidden):
        publish_listing(listing, actor=cast.university_agent.actor, now=now)


def test_a_command_at_the_servers_own_console_has_no_sign_in(cast: Cast, now: datetime) -> None:
    agent = cast.university_agent.actor
    actor = Actor(person=agent.person, organisation=agent.organisation, roles=agent.roles, channel=Channel.COMMAND)
    assert publish_listing(dear(cast, now), actor=actor, now=now).state == ListingState.ON_NOTICE


def _on_notice_by_the_owner(cast: Cast, now: datetime, price: Money = LIMIT) -> Listing:
    """Published by one who has a second factor; the agent has none."""
    set_up_second_factor(cast.university_owner.person)
    return publish_listing(dear(cast, now, price=price), actor=cast.university_owner.actor, now=now)


def test_lowering_a_dear_price_asks_for_it_too(cast: Cast, now: datetime) -> None:
    listing = _on_notice_by_the_owner(cast, now, Money.yuan("5500000"))
    with refused_with(NEEDED, Forbidden):
        change_price(listing, LIMIT, approval="", actor=cast.university_agent.actor, now=now)
    assert change_price(listing, Money(LIMIT.fen - 1), approval="", actor=cast.university_agent.actor, now=now)


def test_a_dear_offer_is_accepted_with_it_only_and_rejected_without(cast: Cast, now: datetime) -> None:
    listing, agent = a_listing(cast, now, deposit=Money(0)), cast.university_agent.actor
    later = now + timedelta(days=2)
    offers = [
        an_intent(cast, listing, now, offered_price=LIMIT),
        an_intent(cast, listing, now, offered_price=LIMIT, buyer=cast.rival_agent),
    ]
    for offer in offers:
        with refused_with(NEEDED, Forbidden):
            qualify_intent(offer, actor=agent, now=later)
    assert reject_intent(offers[0], reason="不符合受让条件。", actor=agent, now=later).state == IntentState.REJECTED
    set_up_second_factor(cast.university_agent.person)
    assert qualify_intent(offers[1], actor=agent, now=later).state == IntentState.QUALIFIED


def test_the_seller_agrees_to_a_dear_contract_with_it_only_and_the_buyer_without(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now, agreed=False, deal=a_deal(cast, now))
    contract.price_fen = LIMIT.fen
    contract.save(update_fields=["price_fen"])
    digest = digest_of(contract)
    with refused_with(NEEDED, Forbidden):
        agree_contract(contract, digest=digest, actor=cast.university_agent.actor, now=now)
    agree_contract(contract, digest=digest, actor=cast.enterprise_agent.actor, now=now)
    set_up_second_factor(cast.university_agent.person)
    agree_contract(contract, digest=digest, actor=cast.university_agent.actor, now=now)


def test_officials_set_the_limit_and_for_one_kind_of_seller_another(cast: Cast, now: datetime) -> None:
    terms = PolicyTerms(
        "listing.second_factor_from", "university", Decimal(100_000_000), "fen", date(2026, 3, 20), "市科技局通知", "high"
    )
    row = propose_policy_row(terms, actor=cast.supervisor.actor, now=now)
    approve_policy_row(row, actor=cast.administrator.actor, now=now)
    agent = cast.university_agent.actor
    assert a_listing(cast, now).state == ListingState.ON_NOTICE, "before its day"
    listing = a_listing(cast, now, on_notice=False)
    with refused_with(NEEDED, Forbidden):
        publish_listing(listing, actor=agent, now=now + timedelta(days=10))


def test_the_page_says_so_leads_to_the_setting_up_and_the_draft_waits(
    cast: Cast, now: datetime, sign_in: Callable[[Member], Client]
) -> None:
    listing = dear(cast, now)
    client = sign_in(cast.university_agent)
    address = reverse("listings:publish_listing", args=[listing.number])
    page = client.post(address)
    assert page.status_code == 403
    assert escape(sentence(Refusal(NEEDED))) in page.text
    assert f'href="{reverse("mfa_index")}"' in page.text
    listing.refresh_from_db()
    assert listing.state == ListingState.DRAFT
    set_up_second_factor(cast.university_agent.person)
    assert client.post(address).status_code == 302


def test_the_clock_needs_none(cast: Cast, now: datetime) -> None:
    from market.accounts.permissions import require_second_factor

    require_second_factor(CLOCK)
