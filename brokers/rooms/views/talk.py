"""What is said in a circle of a deal room."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.rooms.actions.talk import say
from brokers.rooms.forms import MessageForm
from brokers.rooms.permissions import circle_for
from brokers.rooms.queries import contents_of
from brokers.rooms.states import RoomState
from brokers.rooms.views.conversation import conversation
from market.accounts.story import story
from market.answers import acted, attempt, form_status, wants_json
from market.requests import MarketRequest


@login_required
@require_safe
def circle_page(request: MarketRequest, key: str) -> HttpResponse:
    circle, now = circle_for(request.actor, key), timezone.now()
    if circle.task is not None:
        return redirect(circle.task)
    contents = contents_of(request.actor, [circle])
    context = {
        **conversation(circle, request.actor),
        "is_open": circle.room.state == RoomState.OPEN,
        "papers": contents.papers,
        "meetings": contents.coming(now),
        "story": story(contents.events, reader=request.actor),
    }
    return render(request, "rooms/circle_page.html", context)


@login_required
@require_POST
def say_in(request: MarketRequest, key: str) -> HttpResponse:
    """The page's script asks for JSON, and hears of its own message as everybody does; without it one comes back to the page."""
    circle = circle_for(request.actor, key)
    form = MessageForm(request.POST)
    if form.is_valid():
        text, now = form.cleaned_data["text"], timezone.now()
        if attempt(form, lambda: say(circle, text, actor=request.actor, now=now)):
            if wants_json(request):
                return HttpResponse(status=HTTPStatus.NO_CONTENT)
            return acted(request, _("Sent."), f"{circle.get_absolute_url()}#message")
    context = {"form": form, "title": _("Write a message"), "about": circle, "back": circle.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))
