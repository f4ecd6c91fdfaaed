"""Inviting into a deal room, answering, and leaving."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.rooms.actions.parties import (
    accept_invitation,
    decline_invitation,
    end_invitation,
    invite_counterparty,
    invite_partner,
)
from brokers.rooms.forms import InviteCounterpartyForm, InvitePartnerForm
from brokers.rooms.models import Party
from brokers.rooms.permissions import (
    may_move_party,
    party_for,
    require_mandate,
    require_open,
    require_to_do,
    room_for,
    task_for,
)
from brokers.rooms.queries import counterparties_of
from brokers.rooms.states import PARTY
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.requests import MarketRequest


@login_required
def invite_to_task(request: MarketRequest, key: str) -> HttpResponse:
    task = task_for(request.actor, key)
    require_mandate(request.actor, task.room)
    form = InvitePartnerForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    offer(form, lambda: require_to_do(task))
    if form.is_valid():
        found, asked, now = form.cleaned_data["code"], form.cleaned_data["asked"], timezone.now()
        if attempt(form, lambda: invite_partner(task, found, asked=asked, actor=request.actor, now=now)):
            return acted(request, _("Invited. They see the task when they accept."), task.get_absolute_url())
    context = {"form": form, "title": _("Invite a partner for this task"), "about": task, "back": task.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
def invite_to_room(request: MarketRequest, key: str) -> HttpResponse:
    room = room_for(request.actor, key)
    require_mandate(request.actor, room)
    form = InviteCounterpartyForm(request.POST or None, organisations=counterparties_of(room.engagement))
    offer(form, lambda: require_open(room))
    if form.is_valid():
        found, asked, now = form.cleaned_data["organisation"], form.cleaned_data["asked"], timezone.now()
        if attempt(form, lambda: invite_counterparty(room, found, asked=asked, actor=request.actor, now=now)):
            return acted(request, _("Invited. They are in the room when they accept."), room.get_absolute_url())
    context = {"form": form, "title": _("Invite the counterparty"), "about": room, "back": room.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
@require_safe
def invitation_page(request: MarketRequest, key: str) -> HttpResponse:
    party = party_for(request.actor, key)
    moves = PARTY.moves_from(party.state)
    context = {
        "party": party,
        "open": {move.event for move in moves if may_move_party(request.actor, party, move.by)},
        "story": story(timeline([party.subject]), reader=request.actor),
    }
    return render(request, "rooms/invitation_page.html", context)


@login_required
@require_POST
def accept(request: MarketRequest, key: str) -> HttpResponse:
    party = accept_invitation(party_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Accepted. Welcome."), _way_in(party))


def _way_in(party: Party) -> str:
    return party.room.get_absolute_url() if party.task is None else party.task.get_absolute_url()


@login_required
@require_POST
def decline(request: MarketRequest, key: str) -> HttpResponse:
    party = decline_invitation(party_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Declined."), party.get_absolute_url())


@login_required
@require_POST
def end(request: MarketRequest, key: str) -> HttpResponse:
    party = end_invitation(party_for(request.actor, key), actor=request.actor, now=timezone.now())
    is_own = party.organisation_id == request.actor.organisation
    return acted(request, _("Ended. They see nothing of it any more."), reverse("rooms:my_rooms") if is_own else _way_in(party))
