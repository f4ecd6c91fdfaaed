"""What bidders, sellers and the holders of keys are told of auctions. Winner and losers hear of the deal and of their intents."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.auctions.kinds import Seat
from listings.auctions.models.auctions import Auction
from listings.auctions.states import AuctionState
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of
from market.values.actor import Role

_SEATS = {Seat.REGISTRAR: Role.REGISTRAR, Seat.SUPERVISOR: Role.SUPERVISOR}


def _auction(event: Event) -> Auction:
    return Auction.objects.select_related("listing__achievement", "holder", "preemptor").get(key=key_of(event))


def _about(auction: Auction) -> dict[str, str]:
    return {"number": auction.listing.number, "title": auction.listing.achievement.title, "how": str(auction.get_mode_display())}


def _bidders(event: Event) -> Concerned:
    auction = _auction(event)
    return Concerned(
        auction.get_absolute_url, _about(auction), organisations=list(auction.passes.values_list("organisation", flat=True))
    )


def _bidders_and_seller(event: Event) -> Concerned:
    auction = _auction(event)
    bidders = auction.passes.values_list("organisation", flat=True)
    return Concerned(auction.get_absolute_url, _about(auction), organisations=[auction.listing.seller_id, *bidders])


def _supervisors(event: Event) -> Concerned:
    auction = _auction(event)
    return Concerned(auction.get_absolute_url, _about(auction), roles=[Role.SUPERVISOR])


def _weak_bidder(event: Event) -> Concerned:
    auction = _auction(event)
    bidder = auction.passes.filter(number=event.payload["bidder"]).values_list("organisation", flat=True)
    return Concerned(auction.get_absolute_url, _about(auction), organisations=list(bidder))


def _future_holders(event: Event) -> Concerned | None:
    """Who may take the seats of the keys that are not kept yet."""
    auction = _auction(event)
    seats = set(auction.lot_keys.filter(kept_at=None).values_list("seat", flat=True))
    if not seats or auction.state != AuctionState.PLANNED:
        return None
    seller = [auction.listing.seller_id] if Seat.SELLER in seats else []
    roles = [role for seat, role in _SEATS.items() if seat in seats]

    def look() -> str:
        return reverse("auctions:lot_key", args=[auction.key])

    return Concerned(look, _about(auction), organisations=seller, roles=roles)


def _holders(event: Event) -> Concerned:
    auction = _auction(event)
    people = list(auction.lot_keys.values_list("person", flat=True))
    return Concerned(lambda: reverse("auctions:protocol", args=[auction.key]), _about(auction), people=people)


def _readers_of_protocol(event: Event) -> Concerned:
    concerned = _bidders_and_seller(event)
    return Concerned(
        lambda: reverse("auctions:protocol", args=[key_of(event)]), concerned.facts, organisations=concerned.organisations
    )


def _tied(event: Event) -> Concerned:
    auction = _auction(event)
    tied = auction.passes.filter(last_round__gt=1).values_list("organisation", flat=True)
    return Concerned(auction.get_absolute_url, _about(auction), organisations=list(tied))


def _holder_of_price(event: Event) -> Concerned | None:
    auction = _auction(event)
    if auction.holder is None:
        return None
    return Concerned(auction.get_absolute_url, _about(auction), organisations=[auction.holder.organisation_id])


def _preemptor(event: Event) -> Concerned | None:
    auction = _auction(event)
    if auction.preemptor is None:
        return None
    return Concerned(auction.get_absolute_url, _about(auction), organisations=[auction.preemptor.organisation_id])


_OF_AUCTIONS = (
    LetterKind(
        "auction.announced",
        _("Invitation to the auction: {title}"),
        _("You are among the bidders for listing {number}, “{title}”. The auction ({how}) opens on {opens_at}."),
        _bidders,
        next_step=_("Please read its terms and timetable in the auction room in good time."),
    ),
    LetterKind(
        "auction.announced",
        _("Please make your key: {title}"),
        _(
            "The bids for listing {number}, “{title}”, will be sealed. The auction opens on {opens_at}, but not without all three keys."
        ),
        _future_holders,
        next_step=_("Make your key, keep its file, and confirm it before that time."),
    ),
    LetterKind(
        "auction.opened",
        _("The auction is open: {title}"),
        _("The auction for listing {number}, “{title}”, is open for bids."),
        _bidders,
    ),
    LetterKind(
        "auction.clock_stopped",
        _("The clock was stopped: {title}"),
        _("Bidder {bidder} holds {price} yuan for listing {number}, “{title}”. Sealed bids above it are taken until {until}."),
        _bidders,
    ),
    LetterKind(
        "auction.sealed",
        _("Please bring your key: {title}"),
        _("The time for sealed bids on listing {number}, “{title}”, is over: {bids} bids await their opening."),
        _holders,
        next_step=_("Bring your key on the page of the protocol; two of the three holders open all bids together."),
    ),
    LetterKind(
        "auction.bids_opened",
        _("Sealed bids opened: {title}"),
        _(
            "The sealed bids on listing {number}, “{title}”, are open: {bids} bids, of them valid {valid}. The protocol is public."
        ),
        _readers_of_protocol,
    ),
    LetterKind(
        "auction.tied",
        _("One more round: {title}"),
        _("You are tied for the best bid of {price} yuan on listing {number}, “{title}”."),
        _tied,
        next_step=_("Please hand in one more sealed bid by {until}, not below that; who bids no more keeps the first bid."),
    ),
    LetterKind(
        "auction.topping_opened",
        _("You may top the best bid: {title}"),
        _("The best sealed bid on listing {number}, “{title}”, is {price} yuan. You stopped the clock and may top it once."),
        _holder_of_price,
        next_step=_("Please do so by {until}, if you want to."),
    ),
    LetterKind(
        "auction.match_opened",
        _("Your pre-emptive right: {title}"),
        _("The bidding for listing {number}, “{title}”, ended at {price} yuan. You may take the deal at this price."),
        _preemptor,
        next_step=_("Please use or waive your right by {until}."),
    ),
    LetterKind(
        "auction.paused",
        _("The auction is paused: {title}"),
        _("The auction for listing {number}, “{title}”, stands still: {reason}"),
        _bidders_and_seller,
    ),
    LetterKind(
        "auction.paused_itself",
        _("The auction has paused itself: {title}"),
        _(
            "{lost} of {bidders} bidders for listing {number}, “{title}”, have lost their connection; the clock stands still. "
            "An official will resume, with at least a full cycle."
        ),
        _bidders_and_seller,
    ),
    LetterKind(
        "auction.paused_itself",
        _("Please see to a paused auction: {title}"),
        _("{lost} of {bidders} bidders for listing {number}, “{title}”, have lost their connection; the room has paused itself."),
        _supervisors,
        next_step=_("Find out whether the bidders are back, then resume in the auction room."),
    ),
    LetterKind(
        "auction.resumed",
        _("The auction goes on: {title}"),
        _("The auction for listing {number}, “{title}”, goes on and ends at {ends_at} unless there are more bids."),
        _bidders_and_seller,
    ),
    LetterKind(
        "auction.annulled",
        _("The auction is annulled: {title}"),
        _("The auction for listing {number}, “{title}”, has no result: {reason}"),
        _bidders_and_seller,
    ),
)

_OF_REHEARSALS = (
    LetterKind(
        "auction.announced",
        _("Invitation to the dress rehearsal: {title}"),
        _(
            "Before the auction for listing {number}, “{title}”, there is a dress rehearsal with play money at ten times the speed. "
            "It begins on {opens_at}; nothing in it binds you, and no deposit is touched."
        ),
        _bidders,
        next_step=_("Please take part with the device and the line with which you will bid: the rehearsal measures them."),
    ),
    LetterKind(
        "auction.line_weak",
        _("Your line was weak in the rehearsal: {title}"),
        _(
            "In the dress rehearsal for listing {number}, “{title}”, a message from you took {median} milliseconds as a rule and {worst} "
            "at worst. A bid in the last seconds could come too late."
        ),
        _weak_bidder,
        next_step=_(
            "Please use another line or device, and do not leave your bid to the last seconds, or order the market to bid for you."
        ),
    ),
)


def _only_where(letter: LetterKind, *, is_rehearsal: bool) -> LetterKind:
    """The same letter for auctions only, or for rehearsals only: of a rehearsal only its bidders hear, and only what they need."""

    def concerned(event: Event) -> Concerned | None:
        return letter.concerned(event) if _auction(event).is_rehearsal == is_rehearsal else None

    return replace(letter, concerned=concerned)


declare_letters(*(_only_where(letter, is_rehearsal=False) for letter in _OF_AUCTIONS))
declare_letters(*(_only_where(letter, is_rehearsal=True) for letter in _OF_REHEARSALS))
