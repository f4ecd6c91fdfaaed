from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Searching, saved searches, and what fits whom."""

    name = "search"
    label = "search"

    def ready(self) -> None:
        from brokers.board.panels import board_panels
        from listings.demands.panels import demand_feet
        from listings.panels import achievement_feet, listing_feet
        from market.accounts.desks import add_desks
        from search.desks import match_desks
        from search.panels import achievement_foot, board_suggestions, demand_foot, listing_foot

        listing_feet.add(listing_foot)
        achievement_feet.add(achievement_foot)
        demand_feet.add(demand_foot)
        add_desks(match_desks)
        board_panels.add(board_suggestions)
