"""A demand, its versions and its proposals, from publication to the contract."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.http import Http404

from contracts.actions.contracts import agree_contract, draft_contract
from contracts.queries.contracts import digest_of as contract_digest
from contracts.queries.origins import differences, origins_of
from listings.actions.deals import fail_deal
from listings.demands.actions.awards import award_proposal, follow_deal
from listings.demands.actions.demands import accept_terms, change_demand, close_demand
from listings.demands.actions.proposals import (
    answer_question,
    ask_question,
    change_proposal,
    decline_proposal,
    submit_proposal,
    withdraw_proposal,
)
from listings.demands.models.demands import Demand
from listings.demands.permissions import may_see_details, proposal_for, visible_proposals
from listings.demands.queries.demands import entry_of
from listings.demands.queries.proposals import digest_of
from listings.demands.tasks import end_due_demands
from listings.models.deals import Deal
from market.events.models import Event
from market.letters.actions import write_letters
from market.letters.models import Letter
from market.values.money import Money
from tests.demands.builders import (
    CARBON,
    TERMS,
    a_confidential_demand,
    a_demand,
    a_proposal,
    a_proposal_entry,
    an_awarded_deal,
    close_taking,
)
from tests.listings.builders import an_achievement
from tests.people import Cast

pytestmark = pytest.mark.django_db


def letters_of(name: str) -> set[str]:
    """The subjects of what people are told of the newest event of this name, each with the address it goes to."""
    event = Event.objects.filter(name=name).latest("pk")
    write_letters(event, now=event.at)
    return {f"{letter.person.email}: {letter.subject}" for letter in Letter.objects.filter(event=event.pk)}


def test_a_demand_has_versions_and_those_who_answered_are_told(cast: Cast, now: datetime) -> None:
    demand = a_demand(cast, now, indicators=(CARBON,))
    proposal = a_proposal(cast, demand, now)
    entry = replace(entry_of(demand), targets="飞灰含碳量不高于百分之三点五", budget_from=Money.yuan("1000000"))
    demand = change_demand(demand, entry, actor=cast.enterprise_agent.actor, now=now)
    assert [(it.number, it.changed) for it in demand.versions.all()] == [(1, []), (2, ["targets", "budget_from"])]
    assert demand.versions.get(number=1).content["targets"] == "飞灰含碳量不高于百分之四"
    assert any(cast.university_agent.person.email in line for line in letters_of("demand.revised"))
    assert proposal.for_version == 1
    proposal = change_proposal(proposal, a_proposal_entry(promises=proposal.promised), actor=cast.university_agent.actor, now=now)
    assert proposal.for_version == 2


def test_details_are_read_after_accepting_the_terms_or_by_named_parties_only(cast: Cast, now: datetime) -> None:
    demand = a_confidential_demand(cast, now)
    university, rival = cast.university_agent, cast.rival_agent
    assert not may_see_details(university.actor, demand)
    acceptance = accept_terms(demand, organisation=cast.university, actor=university.actor, now=now)
    assert acceptance.digest == hashlib.sha256(TERMS.encode()).hexdigest()
    assert may_see_details(university.actor, demand)
    assert not may_see_details(rival.actor, demand)
    assert may_see_details(cast.supervisor.actor, demand)
    assert may_see_details(cast.enterprise_agent.actor, demand)
    named = a_confidential_demand(cast, now, level="named", named=(cast.rival.pk,))
    accept_terms(named, organisation=cast.rival, actor=rival.actor, now=now)
    assert may_see_details(rival.actor, named)
    assert not may_see_details(university.actor, named)


def test_a_proposal_is_hidden_from_competitors_and_a_draft_from_the_enterprise(cast: Cast, now: datetime) -> None:
    achievement = an_achievement(cast, now)
    demand = a_demand(cast, now)
    proposal = a_proposal(cast, demand, now, state="draft", achievements=(achievement.pk,))
    for stranger in (cast.enterprise_agent, cast.rival_agent, cast.supervisor, cast.outsider):
        with pytest.raises(Http404):
            proposal_for(stranger.actor, proposal.key)
    proposal = submit_proposal(proposal, actor=cast.university_agent.actor, now=now)
    for reader in (cast.enterprise_agent, cast.supervisor, cast.university_agent):
        assert proposal_for(reader.actor, proposal.key) == proposal
    for stranger in (cast.rival_agent, cast.outsider, cast.registrar):
        assert not visible_proposals(stranger.actor).exists()
    assert proposal.digest == digest_of(proposal)
    assert any("enterprise-agent" in line for line in letters_of("proposal.submitted"))
    withdraw_proposal(proposal, actor=cast.university_agent.actor, now=now)
    assert not visible_proposals(cast.enterprise_agent.actor).exists()


def test_questions_are_answered_in_writing_and_a_decline_gives_its_reason(cast: Cast, now: datetime) -> None:
    proposal = a_proposal(cast, a_demand(cast, now), now)
    question = ask_question(proposal, text="停机几天？", actor=cast.enterprise_agent.actor, now=now)
    assert any("university-agent" in line for line in letters_of("proposal.asked"))
    question = answer_question(question, text="十二天。", actor=cast.university_agent.actor, now=now)
    assert (question.answer, question.answered_by) == ("十二天。", cast.university_agent.person)
    declined = decline_proposal(proposal, reason="停机过长", actor=cast.enterprise_agent.actor, now=now)
    assert (declined.state, declined.reason) == ("declined", "停机过长")


def test_the_deadline_ends_the_taking_and_a_demand_without_proposals(cast: Cast, now: datetime) -> None:
    answered, lonely, later = (a_demand(cast, now) for _ in range(3))
    a_proposal(cast, answered, now)
    draft = a_proposal(cast, answered, now, by=cast.rival_agent, state="draft")
    Demand.objects.filter(pk=later.pk).update(ends_at=later.ends_at + timedelta(days=1))
    end_due_demands(answered.ends_at - timedelta(seconds=1))
    assert not Demand.objects.exclude(state="open").exists()
    end_due_demands(answered.ends_at)
    states = dict(Demand.objects.values_list("number", "state"))
    assert states == {answered.number: "selection", lonely.number: "expired", later.number: "open"}
    draft.refresh_from_db()
    assert draft.state == "lapsed"
    assert any("enterprise-agent" in line for line in letters_of("demand.opened"))


def test_closing_says_why_and_ends_what_was_answered(cast: Cast, now: datetime) -> None:
    demand = a_demand(cast, now)
    proposal = a_proposal(cast, demand, now)
    demand = close_demand(demand, reason="改为自主研发", actor=cast.enterprise_agent.actor, now=now)
    proposal.refresh_from_db()
    assert (demand.state, demand.reason, proposal.state) == ("closed", "改为自主研发", "not_chosen")


def test_an_award_leads_to_a_deal_and_a_development_contract(cast: Cast, now: datetime) -> None:
    deal = an_awarded_deal(cast, now, cooperation="commissioned", indicators=(CARBON,))
    assert (deal.seller, deal.buyer, deal.price, deal.listing) == (cast.university, cast.enterprise, Money.yuan("1800000"), None)
    proposal = deal.proposal
    assert [it.state for it in proposal.demand.proposals.order_by("pk")] == ["not_chosen", "awarded"]
    contract = draft_contract(deal, actor=cast.university_agent.actor, now=now)
    assert (contract.kind, contract.sub_kind, contract.title) == ("development", "commissioned", deal.title)
    assert proposal.approach in contract.content
    assert "≤ 4 %" in contract.delivery
    assert (contract.valid_until.year, contract.valid_until.month) == (2027, 5)
    assert origins_of(contract)["delivery"] == "proposal"
    assert differences(contract) == []
    for side in (cast.university_agent, cast.enterprise_agent):
        contract = agree_contract(contract, digest=contract_digest(contract), actor=side.actor, now=now)
    deal = Deal.objects.get(pk=deal.pk)
    follow_deal(deal, now=now)
    follow_deal(deal, now=now)
    demand = Demand.objects.get()
    assert (contract.state, deal.state, demand.state) == ("agreed", "contracted", "contracted")


def test_after_a_failed_deal_another_proposal_can_be_chosen(cast: Cast, now: datetime) -> None:
    deal = an_awarded_deal(cast, now)
    second = deal.proposal.demand.proposals.get(organisation=cast.rival)
    follow_deal(fail_deal(deal, reason="未能签约", actor=cast.supervisor.actor, now=now), now=now)
    assert Demand.objects.get().state == "selection"
    again = award_proposal(second, actor=cast.enterprise_agent.actor, now=now)
    assert (again.seller, again.price) == (cast.rival, Money.yuan("1500000"))


def test_a_sealed_proposal_is_read_by_nobody_before_the_deadline_not_even_after_an_early_close(cast: Cast, now: datetime) -> None:
    demand = a_demand(cast, now)
    Demand.objects.filter(pk=demand.pk).update(is_open_call=True)
    a_proposal(cast, demand, now)
    for curious in (cast.enterprise_agent, cast.supervisor):
        assert not visible_proposals(curious.actor).exists()
    assert letters_of("proposal.submitted") == set()
    close_demand(demand, reason="改变计划", actor=cast.enterprise_agent.actor, now=now)
    assert not visible_proposals(cast.enterprise_agent.actor).exists()
    other = a_demand(cast, now)
    Demand.objects.filter(pk=other.pk).update(is_open_call=True)
    a_proposal(cast, other, now)
    close_taking(other)
    assert visible_proposals(cast.enterprise_agent.actor).count() == 1
