"""What auctions do by themselves: they open and close at their time, pause when bidders are lost, and leave their evidence."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from listings.auctions.actions.auctions import close_auction, close_auctions, conclude_auction, open_auction
from listings.auctions.actions.evidence import keep_evidence
from listings.auctions.actions.lines import pause_for_lost_bidders
from listings.auctions.actions.rehearsals import warn_of_weak_lines
from listings.auctions.actions.signals import find_signals, throw_away_traces
from listings.auctions.actions.succession import ask_next_bidder
from listings.auctions.models.auctions import Auction
from listings.auctions.queries.auctions import auctions_to_close, auctions_to_conclude, auctions_to_open, running_heads
from listings.auctions.queries.lines import rooms_to_pause
from listings.auctions.queries.signals import auctions_to_look_at
from listings.models.deals import Deal
from market.events.anchors import AnchoredHead, write_anchor
from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each, do_together


def open_due_auctions(now: datetime) -> None:
    """Every auction whose opening has come is open."""
    do_each("auctions.open_due", auctions_to_open(now), open_auction, now=now)


def close_due_auctions(now: datetime) -> None:
    """Every auction whose end has passed is closed; one that fails stands among what needs attention and keeps no other."""
    do_together("auctions.close_due", auctions_to_close(), close_auctions, now=now)
    do_each("auctions.close_due", auctions_to_close(), close_auction, now=now, in_any_order=True)


def conclude_closed_auctions(now: datetime) -> None:
    """What follows from the results of some closed auctions has happened; few at a time, for others may end meanwhile."""
    do_each("auctions.conclude", auctions_to_conclude(), conclude_auction, now=now, at_most=5, in_any_order=True)


def pause_lost_rooms(now: datetime) -> None:
    """Every auction too many of whose bidders have lost their line stands still."""
    do_each("auctions.pause_lost", rooms_to_pause(now), pause_for_lost_bidders, now=now)


def _keep_evidence(event: Event) -> None:
    """The package is kept, and the heads of both chains are anchored at once: from now on nobody waits for the hour."""
    auction = Auction.objects.get(key=event.subject.partition(":")[2])
    keep_evidence(auction, now=timezone.now())
    heads = [AnchoredHead(event.subject, event.sequence, event.hash)]
    if event.payload["bids"]:
        heads.append(AnchoredHead(f"bids:{auction.key}", event.payload["bids"], event.payload["head"]))
    write_anchor(heads, now=timezone.now())


def anchor_running_auctions(now: datetime) -> None:
    """The heads of the running auctions are written down outside the database."""
    if heads := running_heads():
        write_anchor(heads, now=now)


def _warn(event: Event) -> None:
    """After a rehearsal every bidder with a weak line is told."""
    auction = Auction.objects.get(key=event.subject.partition(":")[2])
    if auction.is_rehearsal:
        warn_of_weak_lines(auction, now=timezone.now())


def _ask_next_bidder(event: Event) -> None:
    """The winner was in default, or who was asked does not want the deal: the next one is asked."""
    if event.name == "deal.failed":
        if event.payload.get("is_buyers_default"):
            ask_next_bidder(Deal.objects.get(key=event.subject.partition(":")[2]), now=timezone.now())
        return
    ask_next_bidder(Deal.objects.get(next_offers__key=event.subject.partition(":")[2]), now=timezone.now())


def _look_once_more(event: Event) -> None:
    """What the last bids show is found at the end."""
    auction = Auction.objects.get(key=event.subject.partition(":")[2])
    if not auction.is_rehearsal:
        find_signals(auction, now=timezone.now())


def look_for_signals(now: datetime) -> None:
    """Whatever there is to see about the bidders of the running auctions stands as a signal."""
    do_each("auctions.signals", auctions_to_look_at(), lambda auction: find_signals(auction, now=now), now=now, at_most=None)


follow(
    Reader("auctions.succession", dict.fromkeys(["deal.failed", "next_offer.declined", "next_offer.lapsed"], _ask_next_bidder))
)
follow(Reader("auctions.signals", {"auction.closed": _look_once_more, "auction.annulled": _look_once_more}))
sweep(Sweep("auctions.signals", look_for_signals, every=timedelta(minutes=1)))
sweep(Sweep("auctions.throw_away_traces", throw_away_traces, every=timedelta(hours=1)))
follow(Reader("auctions.rehearsal", {"auction.closed": _warn}))
follow(Reader("auctions.evidence", {"auction.closed": _keep_evidence, "auction.annulled": _keep_evidence}))
sweep(Sweep("auctions.anchor", anchor_running_auctions, every=timedelta(hours=1)))
sweep(Sweep("auctions.open_due", open_due_auctions, every=timedelta(seconds=1)))
sweep(Sweep("auctions.pause_lost", pause_lost_rooms, every=timedelta(seconds=2)))
sweep(Sweep("auctions.close_due", close_due_auctions, every=timedelta(seconds=0.2)))
sweep(Sweep("auctions.conclude", conclude_closed_auctions, every=timedelta(seconds=0.2)))
