"""The pages of papers, and their downloads."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from brokers.rooms.actions.papers import add_version, note_download, open_paper, put_in_paper
from brokers.rooms.forms import PaperForm, ReadersForm, VersionForm
from brokers.rooms.permissions import (
    circle_for,
    hearers,
    paper_for,
    place_in,
    require_open,
    require_opener,
    version_for,
)
from brokers.rooms.queries import readers_of, versions_of
from brokers.rooms.states import RoomState
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.documents.views import file_answer
from market.events.queries import timeline
from market.requests import MarketRequest
from market.values.refusal import is_allowed


@login_required
def put_in(request: MarketRequest, key: str) -> HttpResponse:
    circle = circle_for(request.actor, key)
    others = hearers(circle).exclude(pk=place_in(request.actor, circle).pk)
    form = PaperForm(
        request.POST or None, request.FILES or None, actor=request.actor, others=others, initial={"readers": list(others)}
    )
    offer(form, lambda: require_open(circle.room))
    if form.is_valid():
        title, file, now = form.cleaned_data["title"], form.cleaned_data["file"], timezone.now()
        paper = attempt(form, lambda: put_in_paper(circle, title, file, form.chosen, actor=request.actor, now=now))
        if paper is not None:
            return acted(request, _("The document is in."), paper.get_absolute_url())
    context = {"form": form, "title": _("Put in a document"), "about": circle, "back": circle.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
@require_safe
def paper_page(request: MarketRequest, key: str) -> HttpResponse:
    paper = paper_for(request.actor, key)
    is_open = paper.circle.room.state == RoomState.OPEN
    context = {
        "paper": paper,
        "versions": versions_of(paper),
        "readers": readers_of(paper),
        "may_add": is_open,
        "may_open": is_open and is_allowed(lambda: require_opener(request.actor, paper)),
        "story": story(timeline([paper.subject]), reader=request.actor),
    }
    return render(request, "rooms/paper_page.html", context)


@login_required
def new_version(request: MarketRequest, key: str) -> HttpResponse:
    paper = paper_for(request.actor, key)
    form = VersionForm(request.POST or None, request.FILES or None, actor=request.actor)
    offer(form, lambda: require_open(paper.circle.room))
    if form.is_valid():
        file, note, now = form.cleaned_data["file"], form.cleaned_data["note"], timezone.now()
        if attempt(form, lambda: add_version(paper, file, note, actor=request.actor, now=now)):
            return acted(request, _("The new version is in; the earlier ones stay."), paper.get_absolute_url())
    context = {"form": form, "title": _("Put in a new version"), "about": paper, "back": paper.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
def readers(request: MarketRequest, key: str) -> HttpResponse:
    paper = paper_for(request.actor, key)
    require_opener(request.actor, paper)
    others = hearers(paper.circle).exclude(pk=paper.put_in_by_id)
    form = ReadersForm(request.POST or None, others=others, initial={"readers": list(paper.readers.all())})
    offer(form, lambda: require_open(paper.circle.room))
    if form.is_valid():
        chosen, now = form.chosen, timezone.now()
        if attempt(form, lambda: open_paper(paper, chosen, actor=request.actor, now=now)):
            return acted(request, _("Changed."), paper.get_absolute_url())
    context = {"form": form, "title": _("Who may read it"), "about": paper, "back": paper.get_absolute_url()}
    return render(request, "rooms/form.html", context, status=form_status(form))


@login_required
@require_safe
def download_version(request: MarketRequest, key: str) -> FileResponse:
    version = version_for(request.actor, key)
    answer = file_answer(version.document)
    note_download(version, actor=request.actor, now=timezone.now())
    return answer
