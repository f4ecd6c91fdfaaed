"""Pages on which objections are raised, commented and answered."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from listings.actions.objections import (
    comment_objection,
    dismiss_objection,
    raise_objection,
    uphold_objection,
    withdraw_objection,
)
from listings.forms.listings import AnswerForm, CommentForm, ObjectionForm
from listings.permissions.listings import (
    listing_for,
    may_see_objector,
    objection_for,
    require_objection_mover,
    require_other_than_seller,
    visible_objections,
)
from listings.states.listings import LISTING, OBJECTION, ListingEvent, ObjectionEvent
from market.accounts.permissions import acts_for, require_role
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role


@login_required
@require_safe
def objections(request: MarketRequest) -> HttpResponse:
    listed = visible_objections(request.actor).order_by("-raised_at")
    return render(request, "listings/objection_list.html", {"objections": page_of(listed, request)})


@login_required
def raise_(request: MarketRequest, number: str) -> HttpResponse:
    listing = listing_for(request.actor, number)
    require_other_than_seller(request.actor, listing)
    form = ObjectionForm(request.POST or None, request.FILES or None, actor=request.actor)
    offer(form, lambda: LISTING.move(listing.state, ListingEvent.OBJECT))
    if form.is_valid():
        statement, files = form.cleaned_data["statement"], form.cleaned_data["documents"]
        now = timezone.now()
        objection = attempt(
            form, lambda: raise_objection(listing, statement=statement, documents=files, actor=request.actor, now=now)
        )
        if objection is not None:
            return acted(request, _("Raised. The notice is stopped until you are answered."), objection.get_absolute_url())
    context = {"form": form, "listing": listing}
    return render(request, "listings/objection_form.html", context, status=form_status(form))


@login_required
@require_safe
def objection_page(request: MarketRequest, key: str) -> HttpResponse:
    objection = objection_for(request.actor, key)
    context = {
        "objection": objection,
        "names_objector": may_see_objector(request.actor, objection),
        "is_objector": objection.raised_by_id == request.actor.person,
        "is_seller": acts_for(request.actor, objection.notice.listing.seller_id, Role.OWNER, Role.AGENT),
        "may_answer": request.actor.has(Role.SUPERVISOR) and objection.raised_by_id != request.actor.person,
        "story": story(timeline([objection.subject]), reader=request.actor),
    }
    return render(request, "listings/objection_page.html", context)


@login_required
def comment(request: MarketRequest, key: str) -> HttpResponse:
    objection = objection_for(request.actor, key)
    require_role(request.actor, objection.notice.listing.seller_id, Role.OWNER, Role.AGENT)
    form = CommentForm(request.POST or None, initial={"seller_statement": objection.seller_statement})
    offer(form, lambda: OBJECTION.move(objection.state, ObjectionEvent.DISMISS))
    if form.is_valid():
        statement = form.cleaned_data["seller_statement"]
        if attempt(form, lambda: comment_objection(objection, statement=statement, actor=request.actor, now=timezone.now())):
            return acted(request, _("Your statement stands beside the objection."), objection.get_absolute_url())
    context = {"form": form, "objection": objection}
    return render(request, "listings/objection_comment.html", context, status=form_status(form))


@login_required
def answer(request: MarketRequest, key: str) -> HttpResponse:
    objection = objection_for(request.actor, key)
    require_objection_mover(request.actor, objection, "operator")
    form = AnswerForm(request.POST or None)
    offer(form, lambda: OBJECTION.move(objection.state, ObjectionEvent.DISMISS))
    if form.is_valid():
        action = uphold_objection if form.cleaned_data["outcome"] == "uphold" else dismiss_objection
        text = form.cleaned_data["answer"]
        if attempt(form, lambda: action(objection, answer=text, actor=request.actor, now=timezone.now())):
            return acted(request, _("Answered."), objection.get_absolute_url())
    context = {"form": form, "objection": objection}
    return render(request, "listings/objection_answer.html", context, status=form_status(form))


@login_required
@require_POST
def withdraw(request: MarketRequest, key: str) -> HttpResponse:
    objection = withdraw_objection(objection_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Withdrawn."), objection.get_absolute_url())
