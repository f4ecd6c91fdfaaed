"""What the auction's row and the log hold of its terms, mode by mode."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from listings.auctions.kinds import Mode
from listings.auctions.models.auctions import Auction
from listings.auctions.rules.falling import FallingTerms
from listings.auctions.rules.rehearsal import Terms
from listings.auctions.rules.sealed import SealedTerms
from listings.models.listings import Listing

_FIGURES = (
    "start_price_fen",
    "step_fen",
    "cycle_seconds",
    "most_extensions",
    "floor_price_fen",
    "step_seconds",
    "sealed_seconds",
    "topping_seconds",
    "match_seconds",
    "most_lost",
    "loss_seconds",
)


def columns_of(terms: Terms) -> dict[str, Any]:
    """What the row holds of the terms of each mode."""
    match terms:
        case FallingTerms():
            return {
                "mode": Mode.FALLING,
                "floor_price_fen": terms.floor.fen,
                "step_fen": terms.step.fen,
                "step_seconds": whole_seconds(terms.every),
                "clock_from": terms.opens_at,
                "sealed_seconds": whole_seconds(terms.sealed_for),
                "topping_seconds": whole_seconds(terms.topping_for),
                "ends_at": terms.opens_at + terms.clock_for,
            }
        case SealedTerms():
            return {
                "mode": Mode.SEALED,
                "reserve_price_fen": terms.reserve.fen if terms.reserve else None,
                "sealed_seconds": whole_seconds(terms.tie_for),
                "ends_at": terms.ends_at,
            }
        case _:
            return {
                "mode": Mode.ASCENDING,
                "step_fen": terms.step.fen,
                "reserve_price_fen": terms.reserve.fen if terms.reserve else None,
                "free_until": terms.free_until,
                "cycle_seconds": whole_seconds(terms.cycle),
                "most_extensions": terms.most_extensions,
                "hard_stop": terms.hard_stop,
                "ends_at": terms.first_end,
            }


def whole_seconds(period: timedelta) -> int:
    """The period as its columns have it."""
    return int(period.total_seconds())


def as_announced(auction: Auction, listing: Listing) -> dict[str, Any]:
    """All that was announced, for the log: the row changes with every pause. Of the reserve price it has a commitment only."""
    instants = {name: getattr(auction, name) for name in ("opens_at", "free_until", "hard_stop", "ends_at")}
    figures = {name: getattr(auction, name) for name in _FIGURES}
    preemptor = auction.preemptor
    terms = {name: value.isoformat() for name, value in instants.items() if value is not None}
    terms |= {name: value for name, value in figures.items() if value is not None}
    terms |= {"preemptor": preemptor.number} if preemptor is not None else {}
    reserve = {} if auction.reserve_price_fen is None else {"reserve_price_fen": auction.reserve_price_fen}
    return {"listing": listing.number, "opens_at": terms["opens_at"], "mode": auction.mode, "terms": terms, **reserve}
