"""What do the accepted bids lead to, mode by mode? Read from the chain alone."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from listings.auctions.kinds import LADDER, BidKind, Mode
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.rules import ascending, falling, sealed
from listings.auctions.rules.offers import Offer
from market.values.money import Money


def best_offers(auctions: Iterable[Auction]) -> dict[int, Offer | None]:
    """Of each auction the winner by the rules of its mode, before any pre-emptive right; none when there is no deal.

    Ascending ones, of which very many end at once, are asked for together.
    """
    by_key = {auction.pk: auction for auction in auctions}
    highest = _highest_bids(key for key, auction in by_key.items() if auction.mode == Mode.ASCENDING)
    return {key: _winner(auction, highest.get(key, [])) for key, auction in by_key.items()}


def best_offer(auction: Auction) -> Offer | None:
    """The same of one auction."""
    return best_offers([auction])[auction.pk]


def _highest_bids(auctions: Iterable[int]) -> dict[int, list[Offer]]:
    """The best bid of each of these auctions, as the chain has it; amounts rise, so that no two are the best."""
    own = Bid.objects.filter(auction=OuterRef("pk"), is_accepted=True, kind__in=LADDER).order_by("-amount_fen")
    highest = Bid.objects.filter(pk__in=Auction.objects.filter(pk__in=list(auctions)).values(best=Subquery(own.values("pk")[:1])))
    return {
        auction: [Offer(bidder, Money(fen or 0))]
        for auction, bidder, fen in highest.values_list("auction", "bidder", "amount_fen")
    }


def _winner(auction: Auction, highest: list[Offer]) -> Offer | None:
    match auction.mode:
        case Mode.ASCENDING:
            return ascending.winner(auction.terms, highest)
        case Mode.FALLING:
            return falling.winner(
                _one(_offers(auction, BidKind.STOP)), opened_offers(auction), _one(_offers(auction, BidKind.TOP))
            )
        case _:
            return sealed.winner(auction.sealed_terms, opened_offers(auction))


def offers_that_count(auction: Auction) -> list[Offer]:
    """Every amount a bidder is held to, in order of time: bids going up, or the stop of the clock, opened bids and the holder's last."""
    if auction.mode == Mode.ASCENDING:
        return _offers(auction, *LADDER)
    return [*_offers(auction, BidKind.STOP), *opened_offers(auction), *_offers(auction, BidKind.TOP)]


def opened_offers(auction: Auction) -> list[Offer]:
    """The valid opened bids of all rounds, in the order in which their envelopes were handed in."""
    opened = auction.bids.filter(kind=BidKind.OPENED, is_accepted=True)
    in_order = sorted(opened, key=lambda bid: bid.body["of"])
    return [Offer(bid.bidder_id, Money(bid.amount_fen or 0)) for bid in in_order]


def standing_envelopes(auction: Auction, number: int) -> list[Bid]:
    """The sealed bids of this round that count: each bidder's last, unless it was withdrawn; in order."""
    last: dict[int, Bid] = {}
    entries = auction.bids.filter(kind__in=[BidKind.SEALED, BidKind.WITHDRAWAL], is_accepted=True, body__round=number)
    for bid in entries.select_related("bidder").order_by("sequence"):
        last.pop(bid.bidder_id, None)
        if bid.kind == BidKind.SEALED:
            last[bid.bidder_id] = bid
    return list(last.values())


def _offers(auction: Auction, *kinds: BidKind) -> list[Offer]:
    accepted = auction.bids.filter(kind__in=kinds, is_accepted=True).order_by("sequence").values_list("bidder_id", "amount_fen")
    return [Offer(bidder, Money(fen or 0)) for bidder, fen in accepted]


def _one(offers: list[Offer]) -> Offer | None:
    return offers[0] if offers else None
