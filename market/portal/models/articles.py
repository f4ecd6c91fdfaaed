"""What is there to read: news, policies, guides, plain pages?"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField

from market.policy.models import Confidence
from market.portal.blocks import text_blocks
from market.portal.models.frame import PortalPage, chosen, numbered
from market.portal.rules import Validity, validity
from market.values.dates import day_of


class StandardPage(PortalPage):
    """A plain page: about the market, contact, privacy."""

    summary = models.TextField(_("summary"), blank=True)
    body = StreamField(text_blocks(), verbose_name=_("text"), blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("summary"), FieldPanel("body")]
    parent_page_types = ["portal.HomePage", "portal.StandardPage"]
    subpage_types = ["portal.StandardPage"]

    class Meta:
        verbose_name = _("plain page")


class NewsIndexPage(PortalPage):
    """All news, newest first."""

    summary = models.TextField(_("summary"), blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("summary")]
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["portal.NewsPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("news index")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        entries = NewsPage.objects.child_of(self).live().public().order_by("-published_on", "-pk")
        return super().get_context(request, *args, **kwargs) | {"entries": numbered(entries, request)}


class NewsPage(PortalPage):
    """One piece of news."""

    published_on = models.DateField(_("date"))
    summary = models.TextField(_("summary"), max_length=300)
    body = StreamField(text_blocks(), verbose_name=_("text"), blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("published_on"), FieldPanel("summary"), FieldPanel("body")]
    parent_page_types = ["portal.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("piece of news")


class Level(models.TextChoices):
    """Who issued a policy document."""

    NATIONAL = "national", pgettext_lazy("policy level", "National")
    PROVINCE = "province", pgettext_lazy("policy level", "Province")
    CITY = "city", pgettext_lazy("policy level", "City")


class Field(models.TextChoices):
    """What a policy document is about."""

    CONVERSION = "conversion", pgettext_lazy("policy field", "Conversion of achievements")
    TRADING = "trading", pgettext_lazy("policy field", "Trading and pricing")
    RECOGNITION = "recognition", pgettext_lazy("policy field", "Recognition of technology contracts")
    TAX = "tax", pgettext_lazy("policy field", "Tax relief")
    BROKERS = "brokers", pgettext_lazy("policy field", "Brokers and institutions")
    CREDIT = "credit", pgettext_lazy("policy field", "Credit")
    PLAN = "plan", pgettext_lazy("policy field", "Plans and funding")


VALIDITY_LABELS = {
    Validity.NOT_YET: pgettext_lazy("policy validity", "Not yet in force"),
    Validity.IN_FORCE: pgettext_lazy("policy validity", "In force"),
    Validity.ENDED: pgettext_lazy("policy validity", "No longer in force"),
    Validity.UNKNOWN: pgettext_lazy("policy validity", "Period of validity not recorded"),
}


_TONES = {Validity.IN_FORCE: "good", Validity.NOT_YET: "info", Validity.ENDED: "warn", Validity.UNKNOWN: "neutral"}


class PolicyIndexPage(PortalPage):
    """All policy documents, filtered by level and field."""

    summary = models.TextField(_("summary"), blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("summary")]
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["portal.PolicyPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("policy index")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        level, field = chosen(request, "level", Level.values), chosen(request, "field", Field.values)
        entries = PolicyPage.objects.child_of(self).live().public().order_by("-valid_from", "-pk")
        entries = entries.filter(level=level) if level else entries
        entries = entries.filter(field=field) if field else entries
        return super().get_context(request, *args, **kwargs) | {
            "entries": numbered(entries, request),
            "levels": Level.choices,
            "fields": Field.choices,
            "level": level,
            "field": field,
        }


class PolicyPage(PortalPage):
    """A policy document in plain words; the document itself is cited by its number, never copied."""

    document_number = models.CharField(_("document number"), max_length=120, blank=True)
    issuing_body = models.CharField(_("issuing body"), max_length=160)
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    field = models.CharField(_("field"), max_length=20, choices=Field.choices)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    summary = models.TextField(_("in plain words"))
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence.choices, default=Confidence.MEDIUM)
    body = StreamField(text_blocks(), verbose_name=_("text"), blank=True)

    content_panels = [
        *PortalPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("document_number", "issuing_body", "level", "field", "valid_from", "valid_until", "confidence")
            ],
            heading=_("Document"),
        ),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    parent_page_types = ["portal.PolicyIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("policy document")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        today = day_of(timezone.now())
        stands = validity(valid_from=self.valid_from, valid_until=self.valid_until, day=today)
        shown = {"validity_label": VALIDITY_LABELS[stands], "validity_tone": _TONES[stands]}
        return super().get_context(request, *args, **kwargs) | shown


class GuideRole(models.TextChoices):
    """For whom a guide is written."""

    EVERYONE = "everyone", pgettext_lazy("guide role", "Everybody")
    SELLER = "seller", pgettext_lazy("guide role", "Universities and institutes")
    BUYER = "buyer", pgettext_lazy("guide role", "Enterprises")
    BROKER = "broker", pgettext_lazy("guide role", "Brokers and institutions")
    REGISTRAR = "registrar", pgettext_lazy("guide role", "Registry and supervision")


class GuideIndexPage(PortalPage):
    """All guides, filtered by role."""

    summary = models.TextField(_("summary"), blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("summary")]
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["portal.GuidePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("guide index")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        role = chosen(request, "role", GuideRole.values)
        entries = GuidePage.objects.child_of(self).live().public().order_by("path")
        entries = entries.filter(role=role) if role else entries
        shown = {"entries": numbered(entries, request), "roles": GuideRole.choices, "role": role}
        return super().get_context(request, *args, **kwargs) | shown


class GuidePage(PortalPage):
    """How somebody in one role does something on the market."""

    role = models.CharField(_("role"), max_length=20, choices=GuideRole.choices, default=GuideRole.EVERYONE)
    summary = models.TextField(_("summary"), max_length=300)
    body = StreamField(text_blocks(), verbose_name=_("text"), blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("role"), FieldPanel("summary"), FieldPanel("body")]
    parent_page_types = ["portal.GuideIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("guide")
