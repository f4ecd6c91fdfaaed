from django.apps import AppConfig


class AuctionsConfig(AppConfig):
    """Competitive bidding on a listing with several qualified buyers."""

    name = "listings.auctions"
    label = "auctions"
