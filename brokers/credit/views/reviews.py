"""Reviewing the other side and the brokers after a deal, and answering a review."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from brokers.credit.actions.reviews import change_review, give_review, reply_to_review
from brokers.credit.forms import ReplyForm, ReviewForm
from brokers.credit.models import Review
from brokers.credit.permissions import require_holder, require_reviewer, review_for
from brokers.credit.queries.reviews import Reviewable, is_finished, reviewables
from listings.models.deals import Deal
from listings.permissions.deals import deal_for
from market.accounts.permissions import own_organisation
from market.answers import acted, attempt, form_status, offer
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal


def _own_side(request: MarketRequest, key: str) -> Deal:
    """The door: a deal of the acting side, or 404."""
    deal = deal_for(request.actor, key)
    if request.actor.organisation not in (deal.seller_id, deal.buyer_id):
        raise Http404
    return deal


@login_required
@require_safe
def deal_reviews(request: MarketRequest, key: str) -> HttpResponse:
    deal = _own_side(request, key)
    found = reviewables(deal, request.actor, today=day_of(timezone.now()))
    context = {"deal": deal, "reviewables": found, "is_finished": is_finished(deal)}
    return render(request, "credit/deal_reviews.html", context)


@login_required
def review(request: MarketRequest, key: str, kind: str, holder: str) -> HttpResponse:
    """The review of one of those who took part: to be given, or to be changed while its time runs."""
    deal, actor, now = _own_side(request, key), request.actor, timezone.now()
    own = own_organisation(actor, Role.OWNER, Role.AGENT)
    require_reviewer(actor, deal, own)
    found = reviewables(deal, actor, today=day_of(now))
    about = next((each for each in found if each.kind == kind and each.holder.key == holder), None)
    if about is None:
        raise Http404
    form = ReviewForm(request.POST or None, initial=_initial(about.review))
    offer(form, lambda: _require_open(deal, about))
    back = reverse("credit:deal_reviews", args=[deal.key])
    if form.is_valid():
        given, terms = about.review, form.to_terms()
        done = attempt(
            form,
            lambda: (
                change_review(given, terms, actor=actor, now=now)
                if given
                else give_review(deal, about.holder, terms, reviewer=own, actor=actor, now=now)
            ),
        )
        if done is not None:
            return acted(request, _("Reviewed. You can change it until the day that is shown."), back)
    context = {"form": form, "deal": deal, "about": about, "back": back}
    return render(request, "credit/review_form.html", context, status=form_status(form))


def _initial(given: Review | None) -> dict[str, object]:
    if given is None:
        return {}
    return {"expertise": given.expertise, "timeliness": given.timeliness, "integrity": given.integrity, "text": given.text}


def _require_open(deal: Deal, about: Reviewable) -> None:
    if not is_finished(deal):
        raise OutOfTurn([Refusal("credit.deal_not_finished")])
    if not about.may_change:
        raise OutOfTurn([Refusal("credit.review_fixed")])


@login_required
def reply(request: MarketRequest, key: str) -> HttpResponse:
    given, actor = review_for(request.actor, key), request.actor
    require_holder(actor, given.standing)
    form = ReplyForm(request.POST or None)
    offer(form, lambda: _require_unanswered(given))
    back = given.standing.get_absolute_url()
    if form.is_valid():
        text = form.cleaned_data["reply"]
        if attempt(form, lambda: reply_to_review(given, reply=text, actor=actor, now=timezone.now())) is not None:
            return acted(request, _("Replied. Everybody reads it below the review."), back)
    return render(request, "credit/review_reply.html", {"form": form, "review": given, "back": back}, status=form_status(form))


def _require_unanswered(given: Review) -> None:
    if given.replied_at is not None:
        raise OutOfTurn([Refusal("credit.replied_already")])
