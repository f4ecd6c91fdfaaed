"""The pages of a broker's board: each card has forms of its own, so that keyboard, phone and a browser without scripts do as well."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.board.actions import add_lead, move_lead, write_note
from brokers.board.forms import LeadForm, MoveForm, NoteForm
from brokers.board.panels import board_panels
from brokers.board.permissions import board_owner, lead_for
from brokers.board.queries import columns_of
from listings.demands.permissions import demand_for
from listings.permissions.listings import listing_for
from market.answers import acted, attempt, form_status
from market.requests import MarketRequest
from market.values.refusal import Refusal, Refused

_BOARD = "board:board"


@login_required
@require_safe
def board(request: MarketRequest) -> HttpResponse:
    broker = board_owner(request.actor)
    columns = columns_of(request.actor)
    context = {
        "broker": broker,
        "columns": columns,
        "is_empty": not any(column.leads for column in columns),
        "panels": board_panels.of(broker, request.actor),
    }
    return render(request, "board/board.html", context)


@login_required
@require_POST
def add(request: MarketRequest) -> HttpResponse:
    form = LeadForm(request.POST)
    named = form.cleaned_data if form.is_valid() else {}
    demand = demand_for(request.actor, named["demand_number"]) if named.get("demand_number") else None
    listing = listing_for(request.actor, named["listing_number"]) if named.get("listing_number") else None
    add_lead(demand, listing, actor=request.actor, now=timezone.now())
    return acted(request, _("It stands on your board now."), _BOARD)


@login_required
@require_POST
def move(request: MarketRequest, key: str) -> HttpResponse:
    lead, form = lead_for(request.actor, key), MoveForm(request.POST)
    if not form.is_valid():
        raise Refused([Refusal("board.not_by_hand")])
    lead = move_lead(lead, form.cleaned_data["event"], actor=request.actor, now=timezone.now())
    return acted(request, _("Moved to “%(column)s”.") % {"column": lead.get_state_display()}, _BOARD)


@login_required
def note(request: MarketRequest, key: str) -> HttpResponse:
    lead = lead_for(request.actor, key)
    form = NoteForm(request.POST or None, initial={"note": lead.note})
    if form.is_valid() and attempt(form, lambda: _written(request, key, form.cleaned_data["note"])):
        return acted(request, _("Noted."), _BOARD)
    return render(request, "board/note_form.html", {"form": form, "lead": lead}, status=form_status(form))


def _written(request: MarketRequest, key: str, text: str) -> bool:
    write_note(lead_for(request.actor, key), text, actor=request.actor, now=timezone.now())
    return True
