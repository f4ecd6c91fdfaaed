"""On what terms is bid, who may, and what was bid? The auction's row is the single point through which every bid goes."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.auctions.chain import GENESIS, BidRecord
from listings.auctions.kinds import BidKind, Mode
from listings.auctions.rules.ascending import AuctionTerms, Standing
from listings.auctions.states import RUNNING, AuctionState
from listings.models.listings import Intent, Listing
from market.accounts.models import Organisation
from market.keys import KeyField
from market.values.money import Money


class Auction(models.Model):
    """Competitive bidding for one listing. Terms are as announced; the standing is what the last bid left."""

    key = KeyField()
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="auctions")
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices)
    start_price_fen = models.BigIntegerField(_("start price"))
    step_fen = models.BigIntegerField(_("step"))
    reserve_price_fen = models.BigIntegerField(_("reserve price"), null=True)
    opens_at = models.DateTimeField(_("opens at"))
    free_until = models.DateTimeField(_("free period until"))
    cycle_seconds = models.PositiveIntegerField(_("cycle in seconds"))
    most_extensions = models.PositiveIntegerField(_("most extensions"))
    hard_stop = models.DateTimeField(_("hard stop"))
    state = models.CharField(max_length=12, choices=AuctionState.choices, default=AuctionState.PLANNED)
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ends_at = models.DateTimeField(_("ends at"))
    extensions = models.PositiveIntegerField(default=0)
    best_bid_fen = models.BigIntegerField(null=True)
    leader = models.ForeignKey("BidderPass", models.PROTECT, null=True, related_name="+")
    has_proxies = models.BooleanField(default=False)
    # The head of the chain of bids: the next bid's number and its previous hash.
    sequence = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default=GENESIS)
    paused_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AuctionState.values), name="auction_state_known"),
            models.CheckConstraint(condition=Q(start_price_fen__gt=0, step_fen__gt=0), name="auction_prices_positive"),
            models.CheckConstraint(condition=Q(ends_at__lte=F("hard_stop")), name="auction_ends_by_hard_stop"),
            models.UniqueConstraint(fields=["listing"], condition=Q(state__in=RUNNING), name="one_running_auction_per_listing"),
        ]
        indexes = [models.Index(fields=["ends_at"], condition=Q(state=AuctionState.OPEN), name="auction_due")]
        ordering = ["-opens_at"]

    def __str__(self) -> str:
        return f"{self.listing.number} {self.opens_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("auctions:room", args=[self.key])

    @property
    def subject(self) -> str:
        return f"auction:{self.key}"

    @property
    def terms(self) -> AuctionTerms:
        return AuctionTerms(
            start=Money(self.start_price_fen),
            step=Money(self.step_fen),
            reserve=None if self.reserve_price_fen is None else Money(self.reserve_price_fen),
            opens_at=self.opens_at,
            free_until=self.free_until,
            cycle=timedelta(seconds=self.cycle_seconds),
            most_extensions=self.most_extensions,
            hard_stop=self.hard_stop,
        )

    @property
    def standing(self) -> Standing:
        best = None if self.best_bid_fen is None else Money(self.best_bid_fen)
        return Standing(self.state, self.ends_at, self.extensions, best, self.leader_id)


class BidderPass(models.Model):
    """A qualified buyer's admission to one auction. Others see only its number until the end."""

    auction = models.ForeignKey(Auction, models.PROTECT, related_name="passes")
    intent = models.OneToOneField(Intent, models.PROTECT, related_name="bidder_pass")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="bidder_passes")
    number = models.PositiveSmallIntegerField(_("bidder number"))
    # The bidder's order to bid for them up to this limit; nobody else is shown it.
    proxy_limit_fen = models.BigIntegerField(null=True)
    proxy_entered_at = models.DateTimeField(null=True)

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
    amount_fen = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=BidKind.choices)
    at = models.DateTimeField()
    is_accepted = models.BooleanField()
    refusal = models.CharField(max_length=40, blank=True)
    # Chosen by the bidder's browser: the same bid sent again is the same bid.
    key = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["auction", "sequence"], name="one_bid_per_sequence"),
            models.UniqueConstraint(fields=["bidder", "key"], condition=~Q(key=""), name="one_bid_per_key"),
            models.UniqueConstraint(
                fields=["auction", "amount_fen"], condition=Q(is_accepted=True), name="one_accepted_bid_per_amount"
            ),
        ]
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.auction_id} #{self.sequence} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)

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
        )
