from django.apps import AppConfig


class AuctionsConfig(AppConfig):
    """Competitive bidding on a listing with several qualified buyers."""

    name = "listings.auctions"
    label = "auctions"

    def ready(self) -> None:
        from listings.auctions.desks import auction_desks
        from market.accounts.desks import add_desks

        add_desks(auction_desks)
