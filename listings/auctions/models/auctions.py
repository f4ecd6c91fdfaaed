"""On what terms is bid, who may, and what was bid? The auction's row is the single point through which every bid goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.auctions.chain import GENESIS, BidRecord
from listings.auctions.kinds import LADDER, BidKind, Mode, Phase, Seat
from listings.auctions.rules.ascending import AuctionTerms, Standing
from listings.auctions.rules.falling import FallingStanding, FallingTerms
from listings.auctions.rules.lines import LossTerms
from listings.auctions.rules.sealed import SealedStanding, SealedTerms
from listings.auctions.states import RUNNING, STANDING, AuctionState
from listings.models.listings import Intent, Listing
from market.accounts.models import Organisation
from market.keys import KeyField
from market.values.money import Money


class Auction(models.Model):
    """Competitive bidding for one listing. Terms are as announced; the standing is what the last bid left."""

    key = KeyField()
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="auctions")
    # A dress rehearsal with play money: it never touches the listing, nor the auction that it rehearses.
    rehearsal_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="rehearsals")
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices)
    start_price_fen = models.BigIntegerField(_("start price"))
    # By how much a bid rises, or the falling price falls; sealed bids know no step.
    step_fen = models.BigIntegerField(_("step"), null=True)
    reserve_price_fen = models.BigIntegerField(_("reserve price"), null=True)
    opens_at = models.DateTimeField(_("opens at"))
    # Ascending.
    free_until = models.DateTimeField(_("free period until"), null=True)
    cycle_seconds = models.PositiveIntegerField(_("cycle in seconds"), null=True)
    most_extensions = models.PositiveIntegerField(_("most extensions"), null=True)
    hard_stop = models.DateTimeField(_("hard stop"), null=True)
    # Falling: the clock runs from its opening, moved by every pause.
    floor_price_fen = models.BigIntegerField(_("floor price"), null=True)
    step_seconds = models.PositiveIntegerField(_("seconds per step"), null=True)
    clock_from = models.DateTimeField(null=True)
    topping_seconds = models.PositiveIntegerField(_("time for topping in seconds"), null=True)
    holder = models.ForeignKey("BidderPass", models.PROTECT, null=True, related_name="+")
    # The sealed finish of a falling auction, and one more round among the tied of a sealed one.
    sealed_seconds = models.PositiveIntegerField(_("time for sealed bids in seconds"), null=True)
    phase = models.CharField(max_length=8, choices=Phase.choices, default=Phase.NONE, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    keys_ready_at = models.DateTimeField(null=True)
    # The pre-emptive right, where one was announced.
    preemptor = models.ForeignKey("BidderPass", models.PROTECT, null=True, related_name="+")
    match_seconds = models.PositiveIntegerField(_("time for the pre-emptive right in seconds"), null=True)
    match_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=AuctionState.choices, default=AuctionState.PLANNED)
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ends_at = models.DateTimeField(_("ends at"))
    extensions = models.PositiveIntegerField(default=0)
    best_bid_fen = models.BigIntegerField(null=True)
    leader = models.ForeignKey("BidderPass", models.PROTECT, null=True, related_name="+")
    # The place of the last bid that counted, of which watchers were told; later ones were refused.
    told_sequence = models.PositiveIntegerField(default=0)
    has_proxies = models.BooleanField(default=False)
    # The head of the chain of bids: the next bid's number and its previous hash.
    sequence = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default=GENESIS)
    paused_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)
    # More bidders than this without a line for this time, and the room pauses itself; as announced, empty where it does not.
    most_lost = models.PositiveSmallIntegerField(null=True)
    loss_seconds = models.PositiveIntegerField(null=True)
    # So many were lost when it paused itself.
    lost_bidders = models.PositiveSmallIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    # Who has won, if anybody has; the price is the best bid.
    winner = models.ForeignKey("BidderPass", models.PROTECT, null=True, related_name="+")
    # When what follows from the result was done: the deal, or the listing's end without one. Of a rehearsal nothing follows.
    concluded_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AuctionState.values), name="auction_state_known"),
            models.CheckConstraint(condition=Q(start_price_fen__gt=0), name="auction_start_positive"),
            models.CheckConstraint(condition=Q(mode=Mode.SEALED) | Q(step_fen__gt=0), name="auction_step_positive"),
            models.CheckConstraint(
                condition=~Q(mode=Mode.ASCENDING)
                | Q(
                    free_until__isnull=False,
                    cycle_seconds__isnull=False,
                    most_extensions__isnull=False,
                    hard_stop__isnull=False,
                ),
                name="ascending_auction_has_its_terms",
            ),
            models.CheckConstraint(
                condition=~Q(mode=Mode.FALLING)
                | Q(
                    floor_price_fen__gt=0,
                    floor_price_fen__lt=F("start_price_fen"),
                    step_seconds__gt=0,
                    clock_from__isnull=False,
                    sealed_seconds__gt=0,
                    topping_seconds__gt=0,
                ),
                name="falling_auction_has_its_terms",
            ),
            models.CheckConstraint(condition=~Q(mode=Mode.SEALED) | Q(sealed_seconds__gt=0), name="sealed_auction_has_its_terms"),
            models.CheckConstraint(
                condition=Q(preemptor__isnull=True) | Q(match_seconds__gt=0), name="auction_preemption_has_a_time"
            ),
            models.CheckConstraint(condition=Q(ends_at__lte=F("hard_stop")), name="auction_ends_by_hard_stop"),
            models.CheckConstraint(
                condition=Q(most_lost__isnull=True) | Q(loss_seconds__gt=0), name="auction_losses_have_a_time"
            ),
            models.UniqueConstraint(
                fields=["listing"], condition=Q(state__in=STANDING, rehearsal_of=None), name="one_standing_auction_per_listing"
            ),
            models.UniqueConstraint(
                fields=["rehearsal_of"], condition=Q(state__in=RUNNING), name="one_running_rehearsal_per_auction"
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(state=AuctionState.OPEN), name="auction_due"),
            models.Index(fields=["match_until"], condition=Q(state=AuctionState.MATCHING), name="auction_match_due"),
            models.Index(
                fields=["closed_at"],
                condition=Q(state=AuctionState.CLOSED, concluded_at=None, rehearsal_of=None),
                name="auction_to_conclude",
            ),
        ]
        ordering = ["-opens_at"]

    def __str__(self) -> str:
        return f"{self.listing.number} {self.opens_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("auctions:room", args=[self.key])

    @property
    def subject(self) -> str:
        return f"auction:{self.key}"

    @property
    def start(self) -> Money:
        return Money(self.start_price_fen)

    @property
    def reserve(self) -> Money | None:
        return _money(self.reserve_price_fen)

    @property
    def best(self) -> Money | None:
        return _money(self.best_bid_fen)

    @property
    def is_rehearsal(self) -> bool:
        return self.rehearsal_of_id is not None

    @property
    def has_sealed_bids(self) -> bool:
        return self.mode != Mode.ASCENDING

    @property
    def terms(self) -> AuctionTerms:
        """Those of an ascending auction."""
        return AuctionTerms(
            start=self.start,
            step=Money(_given(self.step_fen)),
            reserve=self.reserve,
            opens_at=self.opens_at,
            free_until=_given(self.free_until),
            cycle=timedelta(seconds=_given(self.cycle_seconds)),
            most_extensions=_given(self.most_extensions),
            hard_stop=_given(self.hard_stop),
        )

    @property
    def standing(self) -> Standing:
        return Standing(self.state, self.ends_at, self.extensions, self.best, self.leader_id)

    @property
    def falling_terms(self) -> FallingTerms:
        return FallingTerms(
            start=self.start,
            floor=Money(_given(self.floor_price_fen)),
            step=Money(_given(self.step_fen)),
            every=timedelta(seconds=_given(self.step_seconds)),
            opens_at=self.opens_at,
            sealed_for=timedelta(seconds=_given(self.sealed_seconds)),
            topping_for=timedelta(seconds=_given(self.topping_seconds)),
        )

    @property
    def falling_standing(self) -> FallingStanding:
        clock_from: datetime = _given(self.clock_from)
        return FallingStanding(self.state, self.phase, clock_from, self.ends_at, self.holder_id, self.best)

    @property
    def loss_terms(self) -> LossTerms | None:
        """When the room pauses itself; none where it never does."""
        if self.most_lost is None:
            return None
        return LossTerms(self.most_lost, timedelta(seconds=_given(self.loss_seconds)), self.resumed_at)

    @property
    def sealed_terms(self) -> SealedTerms:
        tie_for = timedelta(seconds=_given(self.sealed_seconds))
        return SealedTerms(self.start, self.reserve, self.opens_at, self.ends_at, tie_for)

    def sealed_standing(self, admitted: frozenset[int]) -> SealedStanding:
        """Of the round of sealed bids, which is for these bidders."""
        return SealedStanding(self.state, self.phase, self.opens_at, self.ends_at, admitted)


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)


def _given[T](value: T | None) -> T:
    """What the constraints of the auction's mode promise."""
    assert value is not None
    return value


class BidderPass(models.Model):
    """A qualified buyer's admission to one auction. Others see only its number until the end."""

    auction = models.ForeignKey(Auction, models.PROTECT, related_name="passes")
    intent = models.ForeignKey(Intent, models.PROTECT, related_name="bidder_passes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="bidder_passes")
    number = models.PositiveSmallIntegerField(_("bidder number"))
    # The bidder's order to bid for them up to this limit; nobody else is shown it.
    proxy_limit_fen = models.BigIntegerField(null=True)
    proxy_entered_at = models.DateTimeField(null=True)
    # The last round of sealed bids that this bidder is in: all are in the first, the tied in the second.
    last_round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["auction", "organisation"], name="one_pass_per_bidder"),
            models.UniqueConstraint(fields=["auction", "number"], name="one_bidder_per_number"),
            models.CheckConstraint(
                condition=Q(proxy_limit_fen__isnull=True) | Q(proxy_limit_fen__gt=0), name="proxy_limit_positive"
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.auction} #{self.number}"

    @property
    def proxy_limit(self) -> Money | None:
        return None if self.proxy_limit_fen is None else Money(self.proxy_limit_fen)


class Bid(models.Model):
    """A bid, accepted or refused, chained to the one before it. Rows are only ever added."""

    auction = models.ForeignKey(Auction, models.PROTECT, related_name="bids")
    sequence = models.PositiveIntegerField()
    bidder = models.ForeignKey(BidderPass, models.PROTECT, related_name="bids")
    person = models.BigIntegerField(null=True)
    # Empty while it is sealed.
    amount_fen = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=10, choices=BidKind.choices)
    at = models.DateTimeField()
    is_accepted = models.BooleanField()
    refusal = models.CharField(max_length=40, blank=True)
    # Chosen by the bidder's browser: the same bid sent again is the same bid.
    key = models.CharField(max_length=64)
    # What this kind of bid has besides: the envelope of a sealed one, of an opened one the number of its envelope.
    body = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["auction", "sequence"], name="one_bid_per_sequence"),
            models.UniqueConstraint(fields=["bidder", "key"], condition=~Q(key=""), name="one_bid_per_key"),
            models.UniqueConstraint(
                fields=["auction", "amount_fen"],
                condition=Q(is_accepted=True, kind__in=LADDER),
                name="one_accepted_bid_per_amount",
            ),
            *(
                models.UniqueConstraint(
                    fields=["auction"], condition=Q(is_accepted=True, kind=kind), name=f"one_{kind.value}_per_auction"
                )
                for kind in (BidKind.STOP, BidKind.TOP, BidKind.MATCH)
            ),
        ]
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.auction_id} #{self.sequence} {self.amount}"

    @property
    def amount(self) -> Money | None:
        return _money(self.amount_fen)

    def record(self, auction_key: str, bidder_number: int) -> BidRecord:
        """The bid as the chain hashes it."""
        return BidRecord(
            auction=auction_key,
            sequence=self.sequence,
            bidder=bidder_number,
            amount_fen=self.amount_fen,
            kind=self.kind,
            at=self.at,
            is_accepted=self.is_accepted,
            refusal=self.refusal,
            key=self.key,
            previous_hash=self.previous_hash,
            body=self.body,
        )


class LotKey(models.Model):
    """One of three keys to the sealed bids of an auction. The private half is in its holder's hands and nowhere else."""

    auction = models.ForeignKey(Auction, models.PROTECT, related_name="lot_keys")
    seat = models.PositiveSmallIntegerField(choices=Seat.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    public_key = models.CharField(max_length=88, blank=True)
    made_at = models.DateTimeField(null=True)
    # The holder has shown that the kept file fits.
    kept_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["auction", "seat"], name="one_lot_key_per_seat"),
            models.UniqueConstraint(fields=["auction", "person"], name="one_lot_key_per_person"),
            models.CheckConstraint(condition=Q(seat__in=Seat.values), name="lot_key_seat_known"),
        ]
        ordering = ["seat"]

    def __str__(self) -> str:
        return f"{self.auction} {self.get_seat_display()}"


class KeyUse(models.Model):
    """A holder brought their key to the opening of a round: for each standing bid its share, or that it cannot be read."""

    lot_key = models.ForeignKey(LotKey, models.PROTECT, related_name="uses")
    round = models.PositiveSmallIntegerField()
    # By the number of the bid in the chain.
    shares = models.JSONField()
    brought_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot_key", "round"], name="one_key_use_per_round")]
        ordering = ["brought_at", "pk"]

    def __str__(self) -> str:
        return f"{self.lot_key} {self.round}"


class Evidence(models.Model):
    """The package of an auction that is over, made once and as it was signed then."""

    auction = models.OneToOneField(Auction, models.PROTECT, related_name="evidence")
    text = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.auction_id}"
