"""One page over everything that is public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from search.facets import KIND_LABELS, LISTING_FACETS, SORT_LABELS, chosen_entries, groups, kept, tabs
from search.parse import read
from search.queries import entries, found
from search.query import Facet
from search.sources import readings
from search.suggestions import suggestions
from search.words import corrections


@require_safe
def search_everything(request: HttpRequest) -> HttpResponse:
    answer = found(read(request.GET, now=timezone.now()))
    whole, near = entries(answer)
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
        "kept": kept(request.GET, Facet.KIND, *LISTING_FACETS),
        "sorts": SORT_LABELS.items(),
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
