from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public site: editors' pages, and where listings and demands stand among them."""

    name = "market.portal"
    label = "portal"

    def ready(self) -> None:
        from market.portal.readings import SOURCES
        from search.sources import offer

        for source in SOURCES:
            offer(source)
