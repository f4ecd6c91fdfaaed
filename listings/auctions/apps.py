from django.apps import AppConfig


class AuctionsConfig(AppConfig):
    """Competitive bidding on a listing with several qualified buyers."""

    name = "listings.auctions"
    label = "auctions"

    def ready(self) -> None:
        from listings.auctions.desks import auction_desks
        from listings.auctions.panels import auction_panel
        from listings.panels import listing_panels
        from market.accounts.desks import add_desks

        listing_panels.add(auction_panel)
        add_desks(auction_desks)
