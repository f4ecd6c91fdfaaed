"""One page over everything that is public, and the searches one keeps."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from market.answers import acted, attempt, form_status
from market.requests import MarketRequest
from search.actions import change_rhythm, drop_search, save_search
from search.comparison import picked
from search.facets import KIND_LABELS, LISTING_FACETS, SORT_LABELS, chosen_entries, groups, kept, tabs
from search.feeds import ResultsFeed
from search.forms import RhythmForm, SaveSearchForm, save_form
from search.parse import read
from search.permissions import saved_search_for, visible_searches
from search.queries import entries, found
from search.query import Facet
from search.sources import readings
from search.suggestions import suggestions
from search.words import corrections


@require_safe
def search_everything(request: HttpRequest) -> HttpResponse:
    answer = found(read(request.GET, now=timezone.now()))
    whole, near = entries(answer)
    chosen_to_compare = picked(request.GET)
    context = {
        "found": answer,
        "query": answer.query,
        "entries": [(KIND_LABELS[entry.kind], entry) for entry in whole],
        "near": [(KIND_LABELS[entry.kind], entry) for entry in near],
        "readings": readings(answer.query) if answer.query.page == 1 else [],
        "corrections": corrections(answer.query.typed, 3) if answer.is_poor else [],
        "notices": [notice.sentence for notice in answer.notices],
        "tabs": tabs(answer, request.GET),
        "facets": groups(answer, request.GET, *LISTING_FACETS),
        "chosen": chosen_entries(answer, request.GET, *LISTING_FACETS),
        "picked": chosen_to_compare,
        "kept": kept(request.GET, Facet.KIND, *LISTING_FACETS) + [("n", one.number) for one in chosen_to_compare],
        "sorts": SORT_LABELS.items(),
        "save_form": save_form(request.GET, answer.query),
    }
    return render(request, "search/search_page.html", context)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """For the list under a search box: words to search for, and entries to open."""
    offered = suggestions(read(request.GET, now=timezone.now()), reverse("search:search_everything"))
    return JsonResponse(
        {
            "suggestions": [
                {"text": one.text, "url": one.url, "kind": str(KIND_LABELS[one.kind]) if one.kind else ""} for one in offered
            ]
        }
    )


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    return ResultsFeed()(request, query=read(request.GET, now=timezone.now()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_searches(request: MarketRequest) -> HttpResponse:
    """What one keeps; sent here from a page of results, one more."""
    form = SaveSearchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: save_search(form.to_wish(), actor=request.actor, now=timezone.now()))
        if saved is not None:
            return acted(
                request, gettext("You will be told of what “%(label)s” finds.") % {"label": saved.label}, "search:saved_searches"
            )
    searches = [(saved, RhythmForm(initial={"rhythm": saved.rhythm})) for saved in visible_searches(request.actor)]
    context = {"searches": searches, "form": form if form.is_bound else None}
    return render(request, "search/saved_searches.html", context, status=form_status(form))


@login_required
@require_POST
def change_saved(request: MarketRequest, key: str) -> HttpResponse:
    saved = saved_search_for(request.actor, key)
    form = RhythmForm(request.POST)
    if form.is_valid():
        change_rhythm(saved, form.cleaned_data["rhythm"], actor=request.actor, now=timezone.now())
        return acted(request, gettext("Changed."), "search:saved_searches")
    return redirect("search:saved_searches")


@login_required
@require_POST
def drop_saved(request: MarketRequest, key: str) -> HttpResponse:
    drop_search(saved_search_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, gettext("The search is no longer saved."), "search:saved_searches")
