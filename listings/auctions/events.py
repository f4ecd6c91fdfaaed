"""What the log says of auctions. The bids themselves stand in the auction's own chain."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from listings.auctions.kinds import SignalKind
from market.events.registry import EventKind, declare


def _signal_in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**facts, "kind": SignalKind(facts["kind"]).label} if facts.get("kind") in SignalKind.values else facts


declare(
    # Nobody is told the reserve price before the end; the commitment in the chain holds the seller to it.
    EventKind("auction.announced", _("Auction announced; it opens on {opens_at}."), personal=frozenset({"reserve_price_fen"})),
    EventKind("auction.opened", _("Auction opened with {bidders} bidders.")),
    EventKind(
        "auction.order_given", _("Bidder {bidder} ordered the market to bid up to a limit."), personal=frozenset({"limit_fen"})
    ),
    EventKind("auction.order_taken_back", _("Bidder {bidder} took the order back.")),
    EventKind("auction.paused", _("Auction paused: {reason}")),
    EventKind(
        "auction.paused_itself",
        _("Auction paused itself: {lost} of {bidders} bidders have had no connection for {seconds} seconds."),
    ),
    EventKind("auction.resumed", _("Auction resumed; it ends at {ends_at} unless there are more bids.")),
    EventKind("auction.key_made", _("Key of seat {seat} made.")),
    EventKind("auction.key_kept", _("Key of seat {seat} kept by its holder.")),
    EventKind("auction.keys_ready", _("All three keys to the sealed bids are kept.")),
    EventKind(
        "auction.clock_stopped", _("Bidder {bidder} stopped the clock at {price} yuan; sealed bids above it until {until}.")
    ),
    EventKind("auction.sealed", _("Sealed bidding over with {bids} bids; the head of the chain is {head}.")),
    EventKind("auction.key_brought", _("Key of seat {seat} brought to the opening of round {round}.")),
    EventKind("auction.bids_opened", _("Bids of round {round} opened: {bids}, of them valid {valid}.")),
    EventKind("auction.tied", _("{bidders} bidders are tied at {price} yuan; one more sealed round until {until}.")),
    EventKind("auction.topping_opened", _("The best sealed bid is {price} yuan; the holder may top it until {until}.")),
    EventKind("auction.match_opened", _("The bidding ended at {price} yuan; the pre-emptive right may be used until {until}.")),
    EventKind("auction.closed", _("Auction closed after {bids} bids; the head of its chain is {head}.")),
    EventKind(
        "auction.line_weak",
        _("Bidder {bidder} has a weak line: {median} milliseconds as a rule, {worst} at worst."),
        discreet=True,
    ),
    EventKind(
        "auction.signal_seen", _("Seen about bidders {first} and {second}: {kind}."), discreet=True, words=_signal_in_words
    ),
    EventKind("auction.signal_concluded", _("Concluded: {conclusion}"), discreet=True),
    EventKind("auction.annulled", _("Auction annulled: {reason}")),
)
