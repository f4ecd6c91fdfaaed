"""What the log says of auctions. The bids themselves stand in the auction's own chain."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("auction.announced", _("Auction announced; it opens on {opens_at}.")),
    EventKind("auction.opened", _("Auction opened with {bidders} bidders.")),
    EventKind("auction.paused", _("Auction paused: {reason}")),
    EventKind("auction.resumed", _("Auction resumed; it ends at {ends_at} unless there are more bids.")),
    EventKind("auction.closed", _("Auction closed after {bids} bids; the head of its chain is {head}.")),
    EventKind("auction.annulled", _("Auction annulled: {reason}")),
)
