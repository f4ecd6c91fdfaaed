"""What fits one's own demands and offers; for brokers what fits whom on the whole market."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from brokers.queries import own_broker
from market.accounts.permissions import own_organisation
from market.answers import acted
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role
from search.actions import drop_digest, wish_digest
from search.matches import matches_on_board, pairs
from search.permissions import digest_of


@login_required
@require_safe
def matches(request: MarketRequest) -> HttpResponse:
    organisation = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    broker = own_broker(request.actor)
    page = page_of(matches_on_board(request.actor, broker), request)
    context = {
        "page": page,
        "pairs": pairs(page.object_list),
        "organisation": organisation,
        "is_broker": broker is not None,
        "digest": digest_of(request.actor),
    }
    return render(request, "search/matches.html", context)


@login_required
@require_POST
def wish(request: MarketRequest) -> HttpResponse:
    wish_digest(actor=request.actor, now=timezone.now())
    return acted(request, gettext("Once a week you will be told of what newly fits."), "search:matches")


@login_required
@require_POST
def drop(request: MarketRequest) -> HttpResponse:
    digest = digest_of(request.actor)
    if digest is not None:
        drop_digest(digest, actor=request.actor, now=timezone.now())
    return acted(request, gettext("No more letters about matches."), "search:matches")
