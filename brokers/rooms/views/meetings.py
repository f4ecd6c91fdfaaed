"""The pages of meetings, and their file for calendars."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.rooms.actions.meetings import arrange_meeting, cancel_meeting, move_meeting
from brokers.rooms.calendar import CONTENT_TYPE, meeting_calendar
from brokers.rooms.forms import MeetingForm, typed_meeting
from brokers.rooms.models import Meeting
from brokers.rooms.permissions import circle_for, hearers, meeting_for, require_convener, require_open
from brokers.rooms.states import MEETING, MeetingEvent, RoomState
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.paper import download
from market.requests import MarketRequest
from market.values.refusal import is_allowed


@login_required
def arrange(request: MarketRequest, key: str) -> HttpResponse:
    circle = circle_for(request.actor, key)
    form = MeetingForm(request.POST or None)
    offer(form, lambda: require_open(circle.room))
    if form.is_valid():
        terms, now = form.to_terms(), timezone.now()
        if meeting := attempt(form, lambda: arrange_meeting(circle, terms, actor=request.actor, now=now)):
            return acted(request, _("Arranged. The others are told."), meeting.get_absolute_url())
    context = {"form": form, "title": _("Arrange a meeting"), "about": circle, "back": circle.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
@require_safe
def meeting_page(request: MarketRequest, key: str) -> HttpResponse:
    meeting = meeting_for(request.actor, key)
    may_change = is_allowed(lambda: require_convener(request.actor, meeting))
    context = {
        "meeting": meeting,
        "hearers": hearers(meeting.circle),
        "may_change": may_change
        and meeting.circle.room.state == RoomState.OPEN
        and MEETING.may(meeting.state, MeetingEvent.MOVE),
        "story": story(timeline([meeting.subject]), reader=request.actor),
    }
    return render(request, "rooms/meeting_page.html", context)


def _require_move(request: MarketRequest, meeting: Meeting) -> None:
    require_convener(request.actor, meeting)
    require_open(meeting.circle.room)
    MEETING.move(meeting.state, MeetingEvent.MOVE)


@login_required
def move(request: MarketRequest, key: str) -> HttpResponse:
    meeting = meeting_for(request.actor, key)
    form = MeetingForm(request.POST or None, initial=typed_meeting(meeting))
    offer(form, lambda: _require_move(request, meeting))
    if form.is_valid():
        terms, now = form.to_terms(), timezone.now()
        if attempt(form, lambda: move_meeting(meeting, terms, actor=request.actor, now=now)):
            return acted(request, _("Changed. The others are told."), meeting.get_absolute_url())
    context = {"form": form, "title": _("Change the meeting"), "about": meeting, "back": meeting.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
@require_POST
def cancel(request: MarketRequest, key: str) -> HttpResponse:
    meeting = cancel_meeting(meeting_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Cancelled. The others are told."), meeting.get_absolute_url())


@login_required
@require_safe
def meeting_file(request: MarketRequest, key: str) -> HttpResponse:
    """The meeting for a calendar, as it stands now."""
    meeting = meeting_for(request.actor, key)
    return download(request, lambda: meeting_calendar(meeting), name=f"meeting-{meeting.key}.ics", content_type=CONTENT_TYPE)
