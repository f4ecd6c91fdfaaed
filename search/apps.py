from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Searching, saved searches, and what fits whom."""

    name = "search"
    label = "search"

    def ready(self) -> None:
        from listings.panels import achievement_feet, demand_feet, listing_feet
        from market.accounts.desks import add_desks
        from search.desks import match_desks
        from search.panels import achievement_foot, demand_foot, listing_foot

        listing_feet.add(listing_foot)
        achievement_feet.add(achievement_foot)
        demand_feet.add(demand_foot)
        add_desks(match_desks)
