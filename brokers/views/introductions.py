"""The pages of introductions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.actions.introductions import (
    agree_to_bear,
    confirm_introduction,
    decide_introduction,
    object_to_introduction,
    state_introduction,
)
from brokers.forms import IntroductionDecisionForm, IntroductionForm, ReasonForm
from brokers.permissions import (
    engagement_for,
    introduction_for,
    require_introduction_mover,
    require_introduction_official,
    require_may_introduce,
    visible_introductions,
)
from brokers.queries import introduction_moves_open_to, may_agree_to_bear
from brokers.states import INTRODUCTION, IntroductionEvent
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.pages import page_of
from market.requests import MarketRequest


@login_required
@require_safe
def my_introductions(request: MarketRequest) -> HttpResponse:
    introductions = page_of(visible_introductions(request.actor).order_by("-stated_at", "-pk"), request)
    return render(request, "brokers/introduction_list.html", {"introductions": introductions})


@login_required
def state(request: MarketRequest, key: str) -> HttpResponse:
    engagement = engagement_for(request.actor, key)
    form = IntroductionForm(request.POST or None)
    offer(form, lambda: require_may_introduce(request.actor, engagement))
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        stated: dict[str, Any] = {"introduced_on": data["introduced_on"], "account": data["account"]}
        introduction = attempt(
            form, lambda: state_introduction(engagement, data["introduced"], **stated, actor=request.actor, now=now)
        )
        if introduction is not None:
            return acted(request, _("Stated. Both are asked to confirm it."), introduction.get_absolute_url())
    context = {"form": form, "title": _("State an introduction"), "about": engagement, "back": engagement.get_absolute_url()}
    return render(request, "brokers/introduction_form.html", context, status=form_status(form))


@login_required
@require_safe
def introduction_page(request: MarketRequest, key: str) -> HttpResponse:
    introduction = introduction_for(request.actor, key)
    context = {
        "introduction": introduction,
        "may_bear": may_agree_to_bear(request.actor, introduction),
        "open": introduction_moves_open_to(request.actor, introduction),
        "story": story(timeline([introduction.subject]), reader=request.actor),
    }
    return render(request, "brokers/introduction_page.html", context)


@login_required
@require_POST
def confirm(request: MarketRequest, key: str) -> HttpResponse:
    introduction = confirm_introduction(introduction_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Confirmed."), introduction.get_absolute_url())


@login_required
@require_POST
def bear(request: MarketRequest, key: str) -> HttpResponse:
    introduction = agree_to_bear(introduction_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Agreed: your side pays its part of the commission."), introduction.get_absolute_url())


@login_required
def object_to(request: MarketRequest, key: str) -> HttpResponse:
    introduction = introduction_for(request.actor, key)
    form = ReasonForm(request.POST or None)
    move = INTRODUCTION.move
    offer(
        form,
        lambda: require_introduction_mover(request.actor, introduction, move(introduction.state, IntroductionEvent.OBJECT).by),
    )
    if form.is_valid():
        objection, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: object_to_introduction(introduction, objection=objection, actor=request.actor, now=now)):
            return acted(request, _("A supervisor decides whether it counts."), introduction.get_absolute_url())
    context = {"form": form, "title": _("Object"), "about": introduction, "back": introduction.get_absolute_url()}
    return render(request, "brokers/reason_form.html", context, status=form_status(form))


@login_required
def decide(request: MarketRequest, key: str) -> HttpResponse:
    introduction = introduction_for(request.actor, key)
    require_introduction_official(request.actor, introduction)
    form = IntroductionDecisionForm(request.POST or None)
    offer(form, lambda: INTRODUCTION.move(introduction.state, IntroductionEvent.DISMISS))
    if form.is_valid():
        decision, now = form.cleaned_data, timezone.now()
        if attempt(form, lambda: decide_introduction(introduction, **decision, actor=request.actor, now=now)):
            return acted(request, _("Decided. Both sides see the grounds."), introduction.get_absolute_url())
    context = {"form": form, "title": _("Decide"), "about": introduction, "back": introduction.get_absolute_url()}
    return render(request, "brokers/reason_form.html", context, status=form_status(form))
