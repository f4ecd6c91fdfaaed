"""The deal room: opened from its mandate, looked at, closed; and what somebody has to do in all of theirs."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.permissions import engagement_for, require_party
from brokers.rooms.actions.rooms import close_room, open_room, reopen_room
from brokers.rooms.forms import OpenRoomForm
from brokers.rooms.kinds import CircleKind
from brokers.rooms.permissions import require_no_room, room_for, runs, visible_rooms
from brokers.rooms.queries import (
    around_room,
    circles_in,
    contents_of,
    counterparties_of,
    own_invitations,
    own_tasks,
    tasks_of,
)
from brokers.rooms.states import PartyState, RoomState
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.pages import page_of
from market.requests import MarketRequest
from market.values.dates import day_of

# As much of the story as a room's first page tells.
_LATEST = 8


@login_required
@require_safe
def my_rooms(request: MarketRequest) -> HttpResponse:
    context = {
        "rooms": page_of(visible_rooms(request.actor), request),
        "tasks": own_tasks(request.actor)[:50],
        "invitations": own_invitations(request.actor),
        "today": day_of(timezone.now()),
    }
    return render(request, "rooms/room_list.html", context)


@login_required
def open_for(request: MarketRequest, key: str) -> HttpResponse:
    engagement = engagement_for(request.actor, key)
    require_party(request.actor, engagement)
    form = OpenRoomForm(request.POST or None)
    offer(form, lambda: require_no_room(engagement))
    if form.is_valid():
        kinds, now = form.cleaned_data["kinds"], timezone.now()
        room = attempt(form, lambda: open_room(engagement, kinds, actor=request.actor, now=now))
        if room is not None:
            return acted(request, _("The deal room is open."), room.get_absolute_url())
    context = {"form": form, "title": _("Open a deal room"), "about": engagement, "back": engagement.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
@require_safe
def room_page(request: MarketRequest, key: str) -> HttpResponse:
    room, now = room_for(request.actor, key), timezone.now()
    around = around_room(request.actor, room)
    circles = circles_in(request.actor, room)
    contents = contents_of(request.actor, circles, *around.told)
    may_run = runs(around.here)
    context = {
        "room": room,
        "may_run": may_run and room.state == RoomState.OPEN,
        "may_reopen": may_run and room.state == RoomState.CLOSED,
        "today": day_of(now),
        "tasks": tasks_of(circles),
        "parties": [party for party in around.parties if party.state in {PartyState.INVITED, PartyState.JOINED}],
        "circles": [
            circle for circle in circles if circle.task is None and (around.has_counterparty or circle.kind != CircleKind.SIDES)
        ],
        "papers": contents.papers,
        "meetings": contents.coming(now),
        "story": story(contents.events.reverse()[:_LATEST], reader=request.actor)[::-1],
        "may_invite": may_run and counterparties_of(room.engagement).exists(),
    }
    return render(request, "rooms/room_page.html", context)


@login_required
@require_safe
def room_story(request: MarketRequest, key: str) -> HttpResponse:
    """All that has happened, as far as the reader may know it."""
    room = room_for(request.actor, key)
    contents = contents_of(request.actor, circles_in(request.actor, room), *around_room(request.actor, room).told)
    context = {"room": room, "story": story(contents.events, reader=request.actor)}
    return render(request, "rooms/room_story.html", context)


@login_required
@require_POST
def close(request: MarketRequest, key: str) -> HttpResponse:
    room = close_room(room_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Closed. It can still be read."), room.get_absolute_url())


@login_required
@require_POST
def reopen(request: MarketRequest, key: str) -> HttpResponse:
    room = reopen_room(room_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("The deal room is open."), room.get_absolute_url())
