"""Where under the portal do listings and demands stand? Ordinary models, mounted by routable pages."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from listings.permissions.demands import demand_for
from listings.permissions.listings import listing_for
from listings.queries.pages import listing_page
from market.portal import catalogue
from market.portal.models.frame import PortalPage
from market.values.actor import ANONYMOUS, Actor

_LONGEST_SEARCH = 100


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
        criteria = criteria_of(request)
        context = {"criteria": criteria, "found": catalogue.find_listings(criteria), "industries": catalogue.industries()}
        return self.render(request, context_overrides=context, template="portal/catalogue_page.html")

    @path("<str:number>/")
    def listing(self, request: HttpRequest, number: str) -> HttpResponse:
        actor = actor_in(request)
        shown = listing_page(listing_for(actor, number), actor=actor, now=timezone.now())
        context = {"page": shown, "trail": self.trail(request, below=shown.achievement.title)}
        return self.render(request, context_overrides=context, template="portal/listing_page.html")


class DemandsPage(_Place):
    """The demands of enterprises."""

    class Meta:
        verbose_name = _("demands page")

    @path("")
    def demands(self, request: HttpRequest) -> HttpResponse:
        criteria = criteria_of(request)
        context = {"criteria": criteria, "found": catalogue.find_demands(criteria), "industries": catalogue.industries()}
        return self.render(request, context_overrides=context, template="portal/demands_page.html")

    @path("<str:number>/")
    def demand(self, request: HttpRequest, number: str) -> HttpResponse:
        demand = demand_for(actor_in(request), number)
        context = {"demand": demand, "trail": self.trail(request, below=demand.title)}
        return self.render(request, context_overrides=context, template="portal/demand_page.html")


def criteria_of(request: HttpRequest) -> catalogue.Criteria:
    """What the address asks for; what makes no sense is left out."""
    industry = request.GET.get("industry", "")
    page = request.GET.get("p", "1")
    return catalogue.Criteria(
        text=request.GET.get("q", "").replace("\x00", "").strip()[:_LONGEST_SEARCH],
        industry=industry if industry in dict(catalogue.industries()) else "",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def actor_in(request: HttpRequest) -> Actor:
    """Who asks; nobody in particular in the editors' preview."""
    return getattr(request, "actor", ANONYMOUS)
