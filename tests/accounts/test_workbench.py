"""What waits for whom on the workbench: each role finds its own work, and nobody finds another's."""

from __future__ import annotations

from datetime import datetime

from contracts.actions.decisions import refuse_application
from contracts.actions.recognition import withdraw_application
from listings.actions.achievements import submit_achievement
from market.accounts.desks import desks_of
from market.values.actor import Actor
from tests.brokers.builders import an_engagement
from tests.contracts.builders import a_contract, an_application
from tests.listings.builders import a_deal, a_listing, an_achievement, an_intent
from tests.people import Cast


def waiting(actor: Actor) -> dict[str, int]:
    """By the address of its page, what waits for this actor."""
    return {desk.url: desk.waiting for desk in desks_of(actor) if desk.waiting}


def test_nothing_waits_for_anybody_on_an_empty_market(cast: Cast) -> None:
    for member in (cast.university_agent, cast.enterprise_agent, cast.broker, cast.registrar, cast.administrator):
        assert waiting(member.actor) == {}


def test_a_draft_achievement_waits_for_its_agent_then_for_the_registrar(cast: Cast, now: datetime) -> None:
    draft = an_achievement(cast, now, registered=False)
    assert waiting(cast.university_agent.actor) == {"/market/achievements/": 1}
    assert waiting(cast.registrar.actor) == {}
    submit_achievement(draft, actor=cast.university_agent.actor, now=now)
    assert waiting(cast.university_agent.actor) == {}
    assert waiting(cast.registrar.actor) == {"/market/achievements/desk/": 1}
    assert waiting(cast.supervisor.actor) == {}
    assert waiting(cast.enterprise_agent.actor) == {}


def test_an_intent_waits_for_the_seller_and_its_deposit_for_the_buyer(cast: Cast, now: datetime) -> None:
    an_intent(cast, a_listing(cast, now), now)
    assert waiting(cast.university_agent.actor) == {"/market/intents/": 1}
    assert waiting(cast.enterprise_agent.actor) == {"/payments/deposits/": 1}
    assert waiting(cast.rival_agent.actor) == {}
    assert waiting(cast.university_finance.actor) == {}


def test_a_deal_waits_for_its_contract_and_the_contract_for_both_sides(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    assert waiting(cast.university_agent.actor) == {"/market/deals/": 1}
    assert waiting(cast.enterprise_agent.actor) == {"/market/deals/": 1}
    a_contract(cast, now, agreed=False, deal=deal)
    assert waiting(cast.university_agent.actor) == {"/contracts/": 1}
    assert waiting(cast.enterprise_agent.actor) == {"/contracts/": 1}
    assert waiting(cast.rival_agent.actor) == {}


def test_an_agreed_contract_waits_for_the_seller_and_its_application_for_the_registrar(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now, deal=a_deal(cast, now))
    assert waiting(cast.university_agent.actor) == {"/contracts/": 1}
    assert waiting(cast.enterprise_agent.actor) == {}
    an_application(cast, now, contract=contract)
    assert waiting(cast.university_agent.actor) == {}
    assert waiting(cast.registrar.actor) == {"/contracts/desk/": 1}


def test_a_contract_waits_for_the_seller_again_when_its_application_was_withdrawn_or_refused(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now, deal=a_deal(cast, now))
    withdraw_application(an_application(cast, now, contract=contract), actor=cast.university_agent.actor, now=now)
    assert waiting(cast.university_agent.actor) == {"/contracts/": 1}
    again = an_application(cast, now, contract=contract)
    assert waiting(cast.university_agent.actor) == {}
    refuse_application(again, code="evidence_missing", reason="材料不全。", actor=cast.registrar.actor, now=now)
    assert waiting(cast.university_agent.actor) == {"/contracts/": 1}
    assert waiting(cast.registrar.actor) == {}


def test_a_proposed_engagement_waits_for_the_broker_it_is_proposed_to(cast: Cast, now: datetime) -> None:
    an_engagement(cast, a_listing(cast, now), now, signed=False)
    assert waiting(cast.broker.actor) == {"/brokers/engagements/": 1}
    assert waiting(cast.university_agent.actor) == {}


def test_the_desks_of_officials_and_of_agents_are_different_ones(cast: Cast) -> None:
    agents = {desk.url for desk in desks_of(cast.university_agent.actor)}
    officials = {desk.url for desk in desks_of(cast.registrar.actor)} | {desk.url for desk in desks_of(cast.administrator.actor)}
    assert agents
    assert officials
    # The auction rooms are the same for all.
    assert agents & officials == {"/auctions/"}
    assert desks_of(Actor()) == []
