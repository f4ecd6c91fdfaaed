"""What is offered, on what terms, under which notice, and who answered?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.kinds import IfNoIntent, NoticeKind, PaymentMode, Route, Transaction
from listings.models.achievements import Achievement
from listings.states.listings import OPEN_INTENT, PUBLIC, RUNNING, IntentState, ListingState, ObjectionState
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField
from market.policy.models import PolicyRow
from market.values.dates import Unit
from market.values.money import Money

_UNITS = [(unit.value, unit.value) for unit in Unit]


class Listing(models.Model):
    """An achievement offered on the market on stated terms."""

    number = models.CharField(_("listing number"), max_length=16, unique=True)
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="listings")
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="listings")
    route = models.CharField(_("pricing route"), max_length=20, choices=Route.choices)
    transaction = models.CharField(_("transaction"), max_length=20, choices=Transaction.choices)
    licence_months = models.PositiveSmallIntegerField(_("licence term in months"), null=True, blank=True)
    price_fen = models.BigIntegerField(_("price"))
    reserve_price_fen = models.BigIntegerField(_("reserve price"), null=True, blank=True)
    is_reserve_disclosed = models.BooleanField(_("reserve price is disclosed"), default=False)
    deposit_fen = models.BigIntegerField(_("deposit"), default=0)
    payment_mode = models.CharField(_("payment"), max_length=20, choices=PaymentMode.choices)
    terms = models.TextField(_("terms"))
    buyer_conditions = models.TextField(_("conditions for buyers"), blank=True)
    pricing_basis = models.TextField(_("basis of the price"), blank=True)
    is_related_party = models.BooleanField(_("the buyer is an inventor or otherwise related"), default=False)
    named_buyer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    notice_period = models.PositiveSmallIntegerField(_("notice period"))
    if_no_intent = models.CharField(_("without a qualified intent"), max_length=10, choices=IfNoIntent.choices)
    state = models.CharField(max_length=20, choices=ListingState.choices, default=ListingState.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ListingState.values), name="listing_state_known"),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="listing_price_positive"),
            models.CheckConstraint(condition=Q(deposit_fen__gte=0), name="listing_deposit_not_negative"),
            models.CheckConstraint(
                condition=Q(reserve_price_fen__isnull=True) | Q(reserve_price_fen__gt=0), name="listing_reserve_positive"
            ),
            models.UniqueConstraint(
                fields=["achievement"], condition=Q(state__in=RUNNING), name="one_running_listing_per_achievement"
            ),
        ]
        indexes = [models.Index(fields=["state", "-published_at"], name="listing_newest")]
        ordering = ["-published_at", "-pk"]
        verbose_name = _("listing")
        verbose_name_plural = _("listings")

    def __str__(self) -> str:
        return f"{self.number} {self.achievement}"

    def get_absolute_url(self) -> str:
        return reverse("listings:listing_page", args=[self.number])

    @property
    def subject(self) -> str:
        return f"listing:{self.number}"

    @property
    def price(self) -> Money:
        return Money(self.price_fen)

    @property
    def deposit(self) -> Money:
        return Money(self.deposit_fen)

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def is_licence(self) -> bool:
        return self.transaction != Transaction.TRANSFER


class Notice(models.Model):
    """A listing announcement or a public notice, with the policy row it began under; a lower price begins a new one.

    While the notice is suspended its end is unknown: `ends_on` and `ends_at` are empty.
    """

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices)
    price_fen = models.BigIntegerField(_("announced price"))
    # Whose approval of a large step down is on record: body, document and day.
    approval = models.CharField(_("owner's approval"), max_length=300, blank=True)
    opened_on = models.DateField(_("opened on"))
    period_n = models.PositiveSmallIntegerField()
    period_unit = models.CharField(max_length=20, choices=_UNITS)
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    ends_on = models.DateField(_("ends on"), null=True)
    ends_at = models.DateTimeField(null=True)
    is_provisional = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing"], condition=Q(closed_at__isnull=True), name="one_open_notice_per_listing"),
        ]
        indexes = [models.Index(fields=["ends_at"], condition=Q(closed_at__isnull=True), name="notice_due")]
        ordering = ["-opened_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.listing.number} {self.opened_on}"


class NoticeExtension(models.Model):
    """A notice went on for another period because there was no qualified intent."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="extensions")
    period_n = models.PositiveSmallIntegerField()
    period_unit = models.CharField(max_length=20, choices=_UNITS)
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    extended_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.notice} +{self.period_n} {self.period_unit}"


class NoticeSuspension(models.Model):
    """Days that do not count because objections were open."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="suspensions")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice"], condition=Q(until_on__isnull=True), name="one_open_suspension"),
        ]
        ordering = ["from_on", "pk"]

    def __str__(self) -> str:
        return f"{self.notice} {self.from_on}–{self.until_on or ''}"


class Objection(models.Model):
    """A statement against a notice, answered before trading goes on."""

    key = KeyField()
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    statement = models.TextField(_("statement"))
    documents = models.ManyToManyField(Document, related_name="objections", blank=True)
    seller_statement = models.TextField(_("seller's statement"), blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=ObjectionState.choices, default=ObjectionState.RAISED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ObjectionState.values), name="objection_state_known"),
            models.UniqueConstraint(
                fields=["notice", "raised_by"], condition=Q(state=ObjectionState.RAISED), name="one_open_objection_per_person"
            ),
        ]
        ordering = ["raised_at"]

    def __str__(self) -> str:
        return f"{self.notice} {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("listings:objection_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"objection:{self.key}"


class Intent(models.Model):
    """A buyer's application to take part, with its qualification."""

    key = KeyField()
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="intents")
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="intents")
    capacity = models.TextField(_("capacity to use the technology"))
    finance = models.TextField(_("financial standing"))
    internal_decision = models.CharField(_("internal decision"), max_length=300, blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    offered_price_fen = models.BigIntegerField(_("price offered"))
    accepted_terms_at = models.DateTimeField()
    documents = models.ManyToManyField(Document, related_name="intents", blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(max_length=20, choices=IntentState.choices, default=IntentState.REGISTERED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=IntentState.values), name="intent_state_known"),
            models.CheckConstraint(condition=Q(offered_price_fen__gt=0), name="intent_price_positive"),
            models.UniqueConstraint(
                fields=["listing", "buyer"], condition=Q(state__in=OPEN_INTENT), name="one_open_intent_per_buyer"
            ),
            models.UniqueConstraint(fields=["listing"], condition=Q(state=IntentState.WON), name="one_winner_per_listing"),
        ]
        ordering = ["registered_at", "pk"]

    def __str__(self) -> str:
        return f"{self.listing.number} {self.buyer}"

    def get_absolute_url(self) -> str:
        return reverse("listings:intent_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"intent:{self.key}"

    @property
    def offered_price(self) -> Money:
        return Money(self.offered_price_fen)
