"""What does the auction room show, to whom? The same picture for the page, for a frame on the socket, and for catching up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from listings.auctions.kinds import LADDER, BidKind, Mode, Phase
from listings.auctions.models.auctions import Auction, Bid, BidderPass, LotKey
from listings.auctions.queries.results import standing_envelopes
from listings.auctions.rules.ascending import next_minimum
from listings.auctions.rules.falling import least_above
from listings.auctions.states import RUNNING, AuctionState
from market.refusals import sentence
from market.values.actor import Actor
from market.values.money import Money
from market.values.refusal import Refusal

# The page and a first frame show this many bids; older ones are in the evidence.
SHOWN = 50
MOST_MISSED = 500


@dataclass(frozen=True, slots=True)
class BidShown:
    """An accepted bid as the room shows it. The name stays empty until the end, but for those who watch over it."""

    sequence: int
    bidder: int
    amount: Money | None
    at: datetime
    is_proxy: bool
    name: str = ""
    refusal: str = ""
    kind: str = ""

    @property
    def label(self) -> str:
        """What kind of entry it is, where it is no plain bid; and why it does not count, if so."""
        if self.kind and self.refusal:
            return f"{BidKind(self.kind).label}：{sentence(Refusal(self.refusal))}"
        return str(BidKind(self.kind).label) if self.kind else ""


@dataclass(frozen=True, slots=True)
class RoomPage:
    """Everything the room shows of an auction: its standing, the newest bids first, and what the reader may do."""

    auction: Auction
    best: Money | None
    minimum: Money | None
    leader: int | None
    bids: list[BidShown]
    own: BidderPass | None
    is_leading: bool
    holder: int | None
    preemptor: int | None
    own_act: str
    own_envelope: Bid | None
    lot_keys: list[LotKey]
    is_running: bool
    is_supervised: bool
    bidders: int
    winner_name: str


def room_page(auction: Auction, *, own: BidderPass | None, actor: Actor) -> RoomPage:
    """The room in a constant number of queries, however many bids there are."""
    is_running = auction.state in RUNNING
    is_supervised = actor.is_official and auction.listing.seller_id != actor.organisation
    # Whoever is named in a rehearsal would be known in the auction.
    names = _names(auction) if is_supervised or not (is_running or auction.is_rehearsal) else {}
    numbers = dict(auction.passes.values_list("pk", "number"))
    newest = shown_bids(auction, with_refused=is_supervised).order_by("-sequence")[:SHOWN]
    best = auction.best
    leader = numbers.get(auction.leader_id or 0)
    return RoomPage(
        auction=auction,
        best=best,
        minimum=minimum_of(auction),
        leader=leader,
        bids=[_shown(bid, numbers[bid.bidder_id], names) for bid in newest],
        own=own,
        is_leading=own is not None and own.pk == auction.leader_id,
        holder=numbers.get(auction.holder_id or 0),
        preemptor=numbers.get(auction.preemptor_id or 0),
        own_act=_own_act(auction, own),
        own_envelope=_own_envelope(auction, own),
        lot_keys=list(auction.lot_keys.select_related("person")) if auction.has_sealed_bids else [],
        is_running=is_running,
        is_supervised=is_supervised,
        bidders=len(numbers),
        winner_name=names.get(numbers.get(auction.winner_id or 0, 0), ""),
    )


def shown_bids(auction: Auction, *, with_refused: bool = False) -> QuerySet[Bid]:
    """The accepted bids; refused ones too for those who watch over the auction.

    Who has handed in sealed bids is shown to nobody while they can still be made: a lonely bidder would bid less.
    """
    bids = Bid.objects.filter(auction=auction)
    if auction.has_sealed_bids and auction.state in {AuctionState.OPEN, AuctionState.PAUSED}:
        bids = bids.exclude(kind__in=[BidKind.SEALED, BidKind.WITHDRAWAL])
    # An opened bid that does not count is shown to everybody, with the reason.
    return bids if with_refused else bids.filter(Q(is_accepted=True) | Q(kind=BidKind.OPENED))


def minimum_of(auction: Auction) -> Money | None:
    """The least of the next bid, where the mode has such a thing."""
    match auction.mode:
        case Mode.ASCENDING:
            return next_minimum(auction.terms, auction.best)
        case Mode.FALLING if auction.phase != Phase.CLOCK and auction.holder_id:
            return least_above(auction.falling_terms, auction.falling_standing)
        case Mode.FALLING:
            return None
        case _:
            return auction.best if auction.round > 1 and auction.best else auction.start


def _own_act(auction: Auction, own: BidderPass | None) -> str:
    """What the reader can do in the room now: bid, stop, seal, top or match; nothing for whoever only watches."""
    if own is None:
        return ""
    if auction.state == AuctionState.MATCHING:
        return "match" if own.pk == auction.preemptor_id else ""
    if auction.mode == Mode.ASCENDING:
        return "bid" if auction.state in RUNNING else ""
    if auction.state not in {AuctionState.OPEN, AuctionState.PAUSED}:
        return ""
    match auction.phase:
        case Phase.CLOCK:
            return "stop"
        case Phase.TOPPING:
            return "top" if own.pk == auction.holder_id else ""
        case _:
            return "seal" if own.pk != auction.holder_id and own.last_round >= auction.round else ""


def _own_envelope(auction: Auction, own: BidderPass | None) -> Bid | None:
    """The reader's sealed bid that counts in this round."""
    if own is None or auction.phase != Phase.SEALED:
        return None
    return next((bid for bid in standing_envelopes(auction, auction.round) if bid.bidder_id == own.pk), None)


def bids_after(auction: Auction, sequence: int) -> list[BidShown]:
    """The accepted bids after this place in the chain, oldest first: what a reconnecting watcher missed.

    None beyond the auction's own place as it was read: those come with the next frame. Of a great many the newest: the room
    shows fewer than these, and older ones are in the evidence.
    """
    numbers = dict(auction.passes.values_list("pk", "number"))
    missed = shown_bids(auction).filter(sequence__gt=sequence, sequence__lte=auction.sequence).order_by("-sequence")[:MOST_MISSED]
    return [_shown(bid, numbers[bid.bidder_id], {}) for bid in reversed(missed)]


def bids_of_late(bidder: BidderPass, since: datetime) -> int:
    """How many bids, accepted or not, this bidder has made since then: the measure against a flood."""
    return Bid.objects.filter(bidder=bidder, at__gte=since).count()


def _names(auction: Auction) -> dict[int, str]:
    return dict(auction.passes.values_list("number", "organisation__name"))


def _shown(bid: Bid, number: int, names: dict[int, str]) -> BidShown:
    return BidShown(
        sequence=bid.sequence,
        bidder=number,
        amount=bid.amount,
        at=bid.at,
        is_proxy=bid.kind == BidKind.PROXY,
        name=names.get(number, ""),
        refusal=bid.refusal,
        kind="" if bid.kind in LADDER else bid.kind,
    )
