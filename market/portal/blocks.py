"""Of what do editors build a page? The blocks of the portal; each gathers in `get_context` what its template shows."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from market.portal import catalogue

_TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "hr"]


class ListingChooserBlock(blocks.ChooserBlock):
    """One listing, chosen among those the public may see. Listings are ordinary models, not pages."""

    target_model = "listings.Listing"

    class Meta:
        icon = "doc-full-inverse"

    @cached_property
    def widget(self) -> Any:
        from market.portal.choosers import listing_chooser

        return listing_chooser.widget_class()


class HeroBlock(blocks.StructBlock):
    """The head of the home page with the search box."""

    heading = blocks.CharBlock(label=_("heading"), max_length=60)
    text = blocks.TextBlock(label=_("text"), required=False, max_length=300)
    hint = blocks.CharBlock(label=_("hint in the search box"), required=False, max_length=60)

    class Meta:
        label = _("Head with search")
        icon = "search"
        template = "portal/blocks/hero.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return super().get_context(value, parent_context) | {"industries": catalogue.industries()}


class FeaturedListingsBlock(blocks.StructBlock):
    """Listings that editors chose."""

    heading = blocks.CharBlock(label=_("heading"), max_length=60)
    text = blocks.TextBlock(label=_("text"), required=False, max_length=300)
    listings = blocks.ListBlock(ListingChooserBlock(label=_("listing")), label=_("listings"), max_num=12)

    class Meta:
        label = _("Featured listings")
        icon = "pick"
        template = "portal/blocks/featured_listings.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return super().get_context(value, parent_context) | {"cards": catalogue.featured_listings(value["listings"])}


class CountedBlock(blocks.StructBlock):
    """A heading over so many of something."""

    heading = blocks.CharBlock(label=_("heading"), max_length=60)
    count = blocks.IntegerBlock(label=_("how many"), min_value=1, max_value=12, default=6)


class NewestListingsBlock(CountedBlock):
    """The listings published last."""

    class Meta:
        label = _("Newest listings")
        icon = "history"
        template = "portal/blocks/newest_listings.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return super().get_context(value, parent_context) | {"cards": catalogue.newest_listings(value["count"])}


class OpenDemandsBlock(CountedBlock):
    """The demands published last."""

    class Meta:
        label = _("Open demands")
        icon = "help"
        template = "portal/blocks/open_demands.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return super().get_context(value, parent_context) | {"cards": catalogue.newest_demands(value["count"])}


class NoticeBoardBlock(CountedBlock):
    """Notices whose period ends soon, beside the latest news."""

    class Meta:
        label = _("Notice board")
        icon = "clipboard-list"
        template = "portal/blocks/notice_board.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        news = (parent_context or {}).get("latest_news", ())
        shown = {"notices": catalogue.running_notices(value["count"]), "news": news[: value["count"]]}
        return super().get_context(value, parent_context) | shown


class FiguresBlock(blocks.StructBlock):
    """The market's counts, and the plan's first indicators."""

    heading = blocks.CharBlock(label=_("heading"), max_length=60)
    text = blocks.TextBlock(label=_("text"), required=False, max_length=300)
    indicators = blocks.IntegerBlock(label=_("indicators of the plan"), min_value=0, max_value=8, default=4)

    class Meta:
        label = _("Figures")
        icon = "table"
        template = "portal/blocks/figures.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return super().get_context(value, parent_context) | {"counts": catalogue.market_counts()}


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    title = blocks.CharBlock(label=_("title"), max_length=60)
    text = blocks.TextBlock(label=_("text"), max_length=400)
    page = blocks.PageChooserBlock(label=_("page with more"), required=False)


class StepsBlock(blocks.StructBlock):
    """A procedure in numbered steps."""

    heading = blocks.CharBlock(label=_("heading"), max_length=60, required=False)
    steps = blocks.ListBlock(StepBlock(), label=_("steps"), min_num=1)

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        template = "portal/blocks/steps.html"


class QuestionBlock(blocks.StructBlock):
    """One question and its answer."""

    question = blocks.CharBlock(label=_("question"), max_length=160)
    answer = blocks.RichTextBlock(label=_("answer"), features=["bold", "italic", "ol", "ul", "link"])


class FaqBlock(blocks.StructBlock):
    """Questions that are often asked."""

    heading = blocks.CharBlock(label=_("heading"), max_length=60)
    questions = blocks.ListBlock(QuestionBlock(), label=_("questions"), min_num=1)

    class Meta:
        label = _("Questions and answers")
        icon = "help"
        template = "portal/blocks/faq.html"


def text_blocks() -> list[tuple[str, blocks.Block]]:
    """What an article is made of."""
    return [
        ("text", blocks.RichTextBlock(label=_("Text"), features=_TEXT_FEATURES, template="portal/blocks/text.html")),
        ("steps", StepsBlock()),
        ("faq", FaqBlock()),
    ]


def home_blocks() -> list[tuple[str, blocks.Block]]:
    """What the home page is made of."""
    return [
        ("hero", HeroBlock()),
        ("featured_listings", FeaturedListingsBlock()),
        ("newest_listings", NewestListingsBlock()),
        ("open_demands", OpenDemandsBlock()),
        ("figures", FiguresBlock()),
        ("notice_board", NoticeBoardBlock()),
        *text_blocks(),
    ]
