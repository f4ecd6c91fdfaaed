"""Which signals are there for supervisors, what was seen, and in which auctions is there something to find?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from listings.auctions.kinds import BidKind, Mode
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.models.signals import BidderTrace, Signal
from listings.auctions.permissions import visible_signals
from listings.auctions.rules.signals import BidderFacts, Finding, LadderBid, Trace, of_bids, of_organisations, of_traces
from listings.auctions.states import RUNNING
from market.accounts.models import Membership, Organisation, Person
from market.accounts.story import StoryEntry, story
from market.events.queries import timeline
from market.values.actor import Actor
from market.values.money import Money

# Of very many bids the newest are looked at; what was found before stays.
_LATEST = 2_000
# Appeals against a result are over by then.
TRACES_KEPT = timedelta(days=90)


def findings_in(auction: Auction) -> list[Finding]:
    """All that the rules find in this auction now."""
    found = of_organisations(_bidders(auction)) + of_traces(_traces(auction))
    if auction.mode == Mode.ASCENDING:
        found += of_bids(_bids(auction), step=auction.terms.step)
    return found


def _bidders(auction: Auction) -> list[BidderFacts]:
    passes = list(auction.passes.select_related("organisation"))
    people: dict[int, set[int]] = {}
    members = Membership.objects.filter(organisation__in=[own.organisation_id for own in passes])
    for organisation, person in members.values_list("organisation", "person"):
        people.setdefault(organisation, set()).add(person)
    return [_facts(own.pk, own.organisation, people.get(own.organisation_id, set())) for own in passes]


def _facts(bidder: int, organisation: Organisation, people: set[int]) -> BidderFacts:
    return BidderFacts(bidder, frozenset(people), organisation.legal_representative, organisation.address)


def _traces(auction: Auction) -> list[Trace]:
    rows = BidderTrace.objects.filter(bidder__auction=auction).order_by("pk")
    return [Trace(*row) for row in rows.values_list("bidder", "network", "device", "first_at", "last_at")]


def _bids(auction: Auction) -> list[LadderBid]:
    accepted = auction.bids.filter(is_accepted=True, kind=BidKind.MANUAL).order_by("-sequence")
    rows = accepted.values_list("sequence", "bidder", "amount_fen")[:_LATEST]
    return [LadderBid(sequence, bidder, Money(fen or 0)) for sequence, bidder, fen in reversed(rows)]


def auctions_to_look_at() -> QuerySet[Auction]:
    """Those that run; a rehearsal is nobody's gain."""
    return Auction.objects.filter(state__in=RUNNING, rehearsal_of=None).order_by("pk")


def traces_to_throw_away(now: datetime) -> QuerySet[BidderTrace]:
    """Those of auctions that have been over for long enough."""
    return BidderTrace.objects.filter(bidder__auction__closed_at__lte=now - TRACES_KEPT)


def signals_on_desk(actor: Actor, *, is_open: bool) -> QuerySet[Signal]:
    """Those that wait for a conclusion, or those that have one; the latest first."""
    related = ("auction__listing__achievement", "first__organisation", "second__organisation", "concluded_by")
    return visible_signals(actor).filter(concluded_at__isnull=is_open).select_related(*related)


@dataclass(frozen=True, slots=True)
class SignalPage:
    """What was seen, in full: the people in common, the text that is the same, the times, the bids; and what was concluded when."""

    signal: Signal
    people: list[str]
    text: str
    times: list[tuple[datetime, datetime]]
    bids: list[Bid]
    others: list[Signal]
    story: list[StoryEntry]


def signal_page(signal: Signal, *, reader: Actor) -> SignalPage:
    """The page of one signal, with the other signals about these two."""
    facts = signal.facts
    people = Person.objects.filter(pk__in=facts.get("people", [])).order_by("pk")
    bids = signal.auction.bids.filter(sequence__in=facts.get("bids", [])).select_related("bidder").order_by("sequence")
    pair = Signal.objects.filter(auction=signal.auction_id, first=signal.first_id, second=signal.second_id)
    return SignalPage(
        signal=signal,
        people=[str(person) for person in people],
        text=facts.get("text", ""),
        times=[(datetime.fromisoformat(first), datetime.fromisoformat(last)) for first, last in facts.get("times", [])],
        bids=list(bids),
        others=list(pair.exclude(pk=signal.pk)),
        story=story(timeline([signal.subject]), reader=reader),
    )
