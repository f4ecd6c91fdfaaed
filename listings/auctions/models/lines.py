"""What does the room know of each bidder's line?"""

from __future__ import annotations

from django.db import models

from listings.auctions.models.auctions import BidderPass


class BidderLine(models.Model):
    """A bidder was in the room. Apart from the pass and the auction, so that being there never waits for a bid, nor a bid for it."""

    bidder = models.OneToOneField(BidderPass, models.CASCADE, related_name="line")
    # Heard of at this moment, to within a few seconds.
    seen_at = models.DateTimeField()
    # Closed the page at this moment; seen later, the bidder is back.
    left_at = models.DateTimeField(null=True)

    # How long the way to the market and back took, in milliseconds, as the bidder's script measured it in a rehearsal.
    round_trips = models.JSONField(default=list)
    warned_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.bidder_id} {self.seen_at}"
