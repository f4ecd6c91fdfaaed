"""Where under the portal do listings and demands stand? Ordinary models, mounted by routable pages."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from listings.demands.panels import demand_feet
from listings.demands.permissions import demand_for
from listings.demands.queries.pages import demand_page
from listings.panels import listing_feet, listing_panels
from listings.permissions.listings import listing_for
from listings.queries.pages import listing_page
from market.portal import catalogue
from market.portal.models.frame import PortalPage
from market.values.actor import ANONYMOUS, Actor
from search.comparison import picked
from search.facets import DEMAND_FACETS, LISTING_FACETS, SORT_LABELS, chosen_entries, groups, kept
from search.forms import save_form
from search.parse import read
from search.query import Facet, Kind
from search.words import corrections


class _Place(RoutablePageMixin, PortalPage):
    """A list with a search box, and one page for each of its entries."""

    summary = models.TextField(_("summary"), blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("summary")]
    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        abstract = True


class CataloguePage(_Place):
    """The catalogue of listings."""

    class Meta:
        verbose_name = _("catalogue")

    @path("")
    def listings(self, request: HttpRequest) -> HttpResponse:
        page = catalogue.find_listings(read(request.GET, now=timezone.now(), kind=Kind.LISTING))
        context = found_context(request, page, *LISTING_FACETS) | {"picked": picked(request.GET)}
        context["kept"] += [("n", one.number) for one in context["picked"]]
        return self.render(request, context_overrides=context, template="portal/catalogue_page.html")

    @path("<str:number>/")
    def listing(self, request: HttpRequest, number: str) -> HttpResponse:
        actor = actor_in(request)
        listing = listing_for(actor, number)
        shown = listing_page(listing, actor=actor, now=timezone.now())
        context = {"page": shown, "trail": self.trail(request, below=shown.achievement.title)}
        context |= {"panels": listing_panels.of(listing, actor), "feet": listing_feet.of(listing, actor)}
        return self.render(request, context_overrides=context, template="listings/listing_page.html")


class DemandsPage(_Place):
    """The demands of enterprises."""

    class Meta:
        verbose_name = _("demands page")

    @path("")
    def demands(self, request: HttpRequest) -> HttpResponse:
        page = catalogue.find_demands(read(request.GET, now=timezone.now(), kind=Kind.DEMAND))
        context = found_context(request, page, *DEMAND_FACETS)
        return self.render(request, context_overrides=context, template="portal/demands_page.html")

    @path("<str:number>/")
    def demand(self, request: HttpRequest, number: str) -> HttpResponse:
        actor = actor_in(request)
        demand = demand_for(actor, number)
        trail = self.trail(request, below=demand.title)
        context = {"page": demand_page(demand, actor=actor), "trail": trail, "feet": demand_feet.of(demand, actor)}
        return self.render(request, context_overrides=context, template="demands/demand_page.html")


def found_context(request: HttpRequest, page: catalogue.Page[Any], *facets: Facet) -> dict[str, Any]:
    """What the templates of found entries show: cards, the words, ways to narrow down and to widen, and notices."""
    return {
        "cards": page.cards,
        "corrections": corrections(page.found.query.typed, 3) if page.found.is_poor else [],
        "near": page.near,
        "found": page.found,
        "query": page.found.query,
        "notices": [notice.sentence for notice in page.found.notices],
        "facets": groups(page.found, request.GET, *facets),
        "chosen": chosen_entries(page.found, request.GET, *facets),
        "kept": kept(request.GET, *facets),
        "sorts": SORT_LABELS.items(),
        "save_form": save_form(request.GET, page.found.query),
    }


def actor_in(request: HttpRequest) -> Actor:
    """Who asks; nobody in particular in the editors' preview."""
    return getattr(request, "actor", ANONYMOUS)
