"""When will what happen in an auction? The same for the preview of its announcement and for its room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from listings.auctions.kinds import Mode
from listings.auctions.models.auctions import Auction
from listings.auctions.rules.falling import FallingTerms, price_at
from listings.auctions.rules.rehearsal import Terms
from listings.auctions.rules.sealed import SealedTerms
from market.values.money import Money

# A falling clock of more steps is shown by its first ones and its last.
_SHOWN_STEPS = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """What happens at an instant, and what the price is then, where it is known."""

    text: str
    at: datetime
    price: Money | None = None


def timetable(terms: Terms, *, rehearsal_at: datetime | None = None) -> list[Moment]:
    """The moments of an auction on these terms, in order, if there is no pause."""
    rehearsal = [Moment(_("Dress rehearsal with play money"), rehearsal_at)] if rehearsal_at else []
    return rehearsal + _moments(terms)


def _moments(terms: Terms) -> list[Moment]:
    match terms:
        case FallingTerms():
            return _falling(terms)
        case SealedTerms():
            return [
                Moment(_("Sealed bids can be handed in"), terms.opens_at, terms.start),
                Moment(_("No sealed bid is taken any more; two holders of keys open all together"), terms.ends_at),
            ]
        case _:
            return [
                Moment(_("The free period begins"), terms.opens_at, terms.start),
                Moment(_("The free period ends, the first cycle begins"), terms.free_until),
                Moment(_("The end, if nobody bids in the first cycle"), terms.first_end),
                Moment(_("The end in any case"), terms.hard_stop),
            ]


def timetable_of(auction: Auction, *, rehearsal_at: datetime | None = None) -> list[Moment]:
    """The moments of this auction as it was announced."""
    match auction.mode:
        case Mode.FALLING:
            return timetable(auction.falling_terms, rehearsal_at=rehearsal_at)
        case Mode.SEALED:
            return timetable(auction.sealed_terms, rehearsal_at=rehearsal_at)
        case _:
            return timetable(auction.terms, rehearsal_at=rehearsal_at)


def _falling(terms: FallingTerms) -> list[Moment]:
    counts = range(terms.steps + 1)
    if len(counts) > _SHOWN_STEPS + 1:
        counts = [*counts[:_SHOWN_STEPS], counts[-1]]  # type: ignore[assignment]
    instants = [terms.opens_at + terms.every * count for count in counts]
    moments = [Moment(_("Price falls"), at, price_at(terms, terms.opens_at, at)) for at in instants]
    moments[0] = Moment(_("The clock starts"), terms.opens_at, terms.start)
    return [*moments, Moment(_("The end, if nobody has stopped the clock"), terms.opens_at + terms.clock_for)]
