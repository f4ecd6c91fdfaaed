"""Pages on which teams answer a demand, and the enterprise asks, chooses and awards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from listings.demands.actions.awards import award_proposal
from listings.demands.actions.proposals import (
    answer_question,
    ask_question,
    change_proposal,
    decline_proposal,
    draft_proposal,
    shortlist_proposal,
    submit_proposal,
    withdraw_proposal,
)
from listings.demands.forms.proposals import AnswerQuestionForm, ProposalForm, QuestionForm, proposal_initial
from listings.demands.models.proposals import Proposal
from listings.demands.permissions import demand_for, proposal_for, question_for, require_proposal_mover, require_proposer
from listings.demands.queries.pages import own_proposals, proposal_page
from listings.demands.states import DEMAND, PROPOSAL, DemandEvent, ProposalEvent
from listings.forms.achievements import ReasonForm
from market.accounts.permissions import own_organisation, require_role
from market.answers import acted, attempt, form_status, offer
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role


@login_required
@require_safe
def my_proposals(request: MarketRequest) -> HttpResponse:
    return render(request, "demands/proposal_list.html", {"proposals": page_of(own_proposals(request.actor), request)})


@login_required
def draft(request: MarketRequest, number: str) -> HttpResponse:
    demand = demand_for(request.actor, number)
    organisation = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    form = ProposalForm(
        request.POST or None, request.FILES or None, demand=demand, organisation=organisation, actor=request.actor
    )
    require_proposer(request.actor, demand, organisation)
    offer(form, lambda: DEMAND.move(demand.state, DemandEvent.SELECT))
    if form.is_valid():
        entry, now = form.to_entry(), timezone.now()
        proposal = attempt(form, lambda: draft_proposal(demand, entry, organisation=organisation, actor=request.actor, now=now))
        if proposal is not None:
            return acted(request, _("Saved. Look it over, then hand it in."), proposal.get_absolute_url())
    return render(request, "demands/proposal_form.html", {"form": form, "demand": demand}, status=form_status(form))


@login_required
@require_safe
def show_proposal(request: MarketRequest, key: str) -> HttpResponse:
    page = proposal_page(proposal_for(request.actor, key), actor=request.actor)
    return render(request, "demands/proposal_page.html", {"page": page})


@login_required
def change(request: MarketRequest, key: str) -> HttpResponse:
    proposal = proposal_for(request.actor, key)
    require_proposal_mover(request.actor, proposal, "proposer")
    form = ProposalForm(
        request.POST or None,
        request.FILES or None,
        demand=proposal.demand,
        organisation=proposal.organisation,
        actor=request.actor,
        initial=proposal_initial(proposal),
    )
    offer(form, lambda: PROPOSAL.move(proposal.state, ProposalEvent.REVISE))
    if form.is_valid():
        entry, now = form.to_entry(), timezone.now()
        if attempt(form, lambda: change_proposal(proposal, entry, actor=request.actor, now=now)):
            return acted(request, _("Changed."), proposal.get_absolute_url())
    context = {"form": form, "demand": proposal.demand, "proposal": proposal}
    return render(request, "demands/proposal_form.html", context, status=form_status(form))


@login_required
@require_POST
def submit(request: MarketRequest, key: str) -> HttpResponse:
    proposal = submit_proposal(proposal_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Handed in. You can revise it until the deadline."), proposal.get_absolute_url())


@login_required
@require_POST
def withdraw(request: MarketRequest, key: str) -> HttpResponse:
    proposal = withdraw_proposal(proposal_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Withdrawn."), proposal.get_absolute_url())


@login_required
@require_POST
def shortlist(request: MarketRequest, key: str) -> HttpResponse:
    proposal = shortlist_proposal(proposal_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("On the shortlist."), proposal.get_absolute_url())


@login_required
def decline(request: MarketRequest, key: str) -> HttpResponse:
    proposal = proposal_for(request.actor, key)
    require_proposal_mover(request.actor, proposal, "seeker")
    form = ReasonForm(request.POST or None)
    offer(form, lambda: PROPOSAL.move(proposal.state, ProposalEvent.DECLINE))
    return _text_page(
        request,
        proposal,
        form,
        lambda: decline_proposal(proposal, reason=form.cleaned_data["reason"], actor=request.actor, now=timezone.now()),
        title=_("Decline with a reason"),
        done=_("Declined."),
    )


@login_required
@require_POST
def award(request: MarketRequest, key: str) -> HttpResponse:
    deal = award_proposal(proposal_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Awarded. Draw up the contract from the deal."), deal.get_absolute_url())


@login_required
def ask(request: MarketRequest, key: str) -> HttpResponse:
    proposal = proposal_for(request.actor, key)
    require_proposal_mover(request.actor, proposal, "seeker")
    form = QuestionForm(request.POST or None)
    return _text_page(
        request,
        proposal,
        form,
        lambda: ask_question(proposal, text=form.cleaned_data["text"], actor=request.actor, now=timezone.now()),
        title=_("Ask a question"),
        done=_("Asked. The team answers in writing."),
    )


@login_required
def answer(request: MarketRequest, key: str) -> HttpResponse:
    question = question_for(request.actor, key)
    require_role(request.actor, question.proposal.organisation_id, Role.OWNER, Role.AGENT)
    form = AnswerQuestionForm(request.POST or None)
    return _text_page(
        request,
        question.proposal,
        form,
        lambda: answer_question(question, text=form.cleaned_data["text"], actor=request.actor, now=timezone.now()),
        title=_("Answer in writing"),
        done=_("Answered."),
        lead=question.question,
    )


def _text_page(
    request: MarketRequest,
    proposal: Proposal,
    form: Any,
    act: Callable[[], object],
    *,
    title: str,
    done: str,
    lead: str = "",
) -> HttpResponse:
    if form.is_valid() and attempt(form, act):
        return acted(request, done, proposal.get_absolute_url())
    context = {"form": form, "title": title, "about": lead or proposal, "back": proposal.get_absolute_url()}
    return render(request, "listings/reason_form.html", context, status=form_status(form))
