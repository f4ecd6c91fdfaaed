"""Auctions and what is known of their bidders. Import the subject's module, not this package."""

from listings.auctions.models import auctions, lines, signals

__all__ = ["auctions", "lines", "signals"]
