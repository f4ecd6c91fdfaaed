"""What does a visitor meet first?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from market.portal.blocks import home_blocks
from market.portal.models.articles import NewsPage
from market.portal.models.frame import PortalPage


class HomePage(PortalPage):
    """The first page of one language, and the root of its tree."""

    body = StreamField(home_blocks(), verbose_name=_("content"), blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        news = NewsPage.objects.descendant_of(self).live().public().order_by("-published_on", "-pk")
        return super().get_context(request, *args, **kwargs) | {"latest_news": news}
