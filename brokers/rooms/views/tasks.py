"""The pages of a deal room's tasks."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.forms import ReasonForm
from brokers.rooms.actions.tasks import begin_task, change_task, drop_task, finish_task, set_task
from brokers.rooms.forms import FinishTaskForm, TaskForm, typed_task
from brokers.rooms.kinds import SIDES
from brokers.rooms.models import Task
from brokers.rooms.permissions import (
    may_move_task,
    places_in,
    require_mandate,
    require_open,
    require_task_mover,
    room_for,
    task_for,
    visible_papers,
    visible_parties,
)
from brokers.rooms.queries import contents_of
from brokers.rooms.states import TASK, PartyState, RoomState, TaskEvent
from brokers.rooms.views.conversation import conversation
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.requests import MarketRequest
from market.values.dates import day_of


@login_required
def new_task(request: MarketRequest, key: str) -> HttpResponse:
    room = room_for(request.actor, key)
    require_mandate(request.actor, room)
    require_open(room)
    form = TaskForm(request.POST or None, room=room, actor=request.actor)
    if form.is_valid():
        terms, now = form.to_terms(), timezone.now()
        if task := attempt(form, lambda: set_task(room, terms, actor=request.actor, now=now)):
            return acted(request, _("The task is set."), task.get_absolute_url())
    context = {"form": form, "title": _("Set a task"), "about": room, "back": room.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
@require_safe
def task_page(request: MarketRequest, key: str) -> HttpResponse:
    task, actor, now = task_for(request.actor, key), request.actor, timezone.now()
    here, contents = places_in(actor, task.room), contents_of(actor, [task.circle])
    is_open = task.room.state == RoomState.OPEN
    moves = TASK.moves_from(task.state) if is_open else ()
    context = {
        "task": task,
        **conversation(task.circle, actor),
        "open": {move.event for move in moves if may_move_task(here, task, move.by)},
        "is_open": is_open,
        "may_enter": any(party.capacity in SIDES for party in here),
        "today": day_of(now),
        "evidence": task.evidence.filter(paper__in=visible_papers(actor)).select_related("paper"),
        "partners": visible_parties(actor).filter(task=task, state__in=[PartyState.INVITED, PartyState.JOINED]),
        "papers": contents.papers,
        "meetings": contents.coming(now),
        "story": story(contents.events, reader=actor),
    }
    return render(request, "rooms/task_page.html", context)


def _require_move(request: MarketRequest, task: Task, event: TaskEvent) -> None:
    require_open(task.room)
    require_task_mover(request.actor, task, TASK.move(task.state, event).by)


@login_required
def change(request: MarketRequest, key: str) -> HttpResponse:
    task = task_for(request.actor, key)
    form = TaskForm(request.POST or None, room=task.room, actor=request.actor, task=task, initial=typed_task(task))
    offer(form, lambda: _require_move(request, task, TaskEvent.CHANGE))
    if form.is_valid():
        terms, now = form.to_terms(), timezone.now()
        if attempt(form, lambda: change_task(task, terms, actor=request.actor, now=now)):
            return acted(request, _("Changed."), task.get_absolute_url())
    context = {"form": form, "title": _("Change the task"), "about": task, "back": task.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
@require_POST
def begin(request: MarketRequest, key: str) -> HttpResponse:
    task = begin_task(task_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("The task is under way."), task.get_absolute_url())


@login_required
def finish(request: MarketRequest, key: str) -> HttpResponse:
    task = task_for(request.actor, key)
    own = visible_papers(request.actor).filter(circle=task.circle)
    form = FinishTaskForm(request.POST or None, request.FILES or None, actor=request.actor, papers=own)
    offer(form, lambda: _require_move(request, task, TaskEvent.FINISH))
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        shown = {"files": data["attachments"], "papers": list(data.get("papers") or ())}
        if attempt(form, lambda: finish_task(task, data["outcome"], **shown, actor=request.actor, now=now)):
            return acted(request, _("Done."), task.get_absolute_url())
    context = {"form": form, "title": _("Finish the task"), "about": task, "back": task.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
def drop(request: MarketRequest, key: str) -> HttpResponse:
    task = task_for(request.actor, key)
    form = ReasonForm(request.POST or None)
    offer(form, lambda: _require_move(request, task, TaskEvent.DROP))
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: drop_task(task, reason, actor=request.actor, now=now)):
            return acted(request, _("Dropped."), task.get_absolute_url())
    context = {"form": form, "title": _("Drop the task"), "about": task, "back": task.get_absolute_url()}
    return render(request, "brokers/reason_form.html", context, status=form_status(form))
