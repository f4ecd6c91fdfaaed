"""How is a contract paid, what is due when, and what did the seller spend on the deal?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.models import TechnologyContract
from contracts.settlement.kinds import DueKind, RoyaltyBasis
from contracts.settlement.rules.plans import RoyaltyTerms
from contracts.settlement.states import DueState, SettlementState
from listings.kinds import PaymentMode
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField
from market.payments.models.deposits import Payment
from market.policy.models import PolicyRow
from market.values.money import Money


class Settlement(models.Model):
    """The paying of one contract: its row is the lock of everything that belongs to it.

    `carried_fen` is the winner's deposit that came into escrow with the contract. The policy rows are those it began under.
    """

    key = KeyField()
    contract = models.OneToOneField(TechnologyContract, models.PROTECT, related_name="settlement")
    payment_mode = models.CharField(_("payment"), max_length=20, choices=PaymentMode.choices)
    price_fen = models.BigIntegerField(_("price"))
    carried_fen = models.BigIntegerField(_("carried deposit"), default=0)
    state = models.CharField(max_length=20, choices=SettlementState.choices, default=SettlementState.PLANNING)
    opened_at = models.DateTimeField()
    fee_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    share_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    planned_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    royalty_basis = models.CharField(_("royalty on"), max_length=20, choices=RoyaltyBasis.choices, blank=True)
    royalty_rate = models.DecimalField(_("rate of the royalty"), max_digits=6, decimal_places=5, null=True)
    royalty_every_months = models.PositiveSmallIntegerField(_("months between reports"), null=True)
    royalty_first_day = models.DateField(_("royalty from"), null=True)
    royalty_last_day = models.DateField(_("royalty until"), null=True)
    delivery_reported_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # What the seller and its inventors agreed, where it is more than the law's least.
    inventors_rate = models.DecimalField(_("inventors' share"), max_digits=6, decimal_places=5, null=True)
    # The market pays the inventors' share as a sum of its own, from what is released from then on.
    pays_reward_apart = models.BooleanField(_("inventors' share paid out by itself"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SettlementState.values), name="settlement_state_known"),
            models.CheckConstraint(condition=Q(price_fen__gt=0, carried_fen__gte=0), name="settlement_sums_not_negative"),
            models.CheckConstraint(
                condition=Q(royalty_rate__isnull=True) | Q(royalty_rate__gt=0, royalty_rate__lt=1), name="royalty_rate_within_one"
            ),
        ]
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")

    def __str__(self) -> str:
        return str(self.contract)

    def get_absolute_url(self) -> str:
        return reverse("settlement:settlement_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"settlement:{self.key}"

    @property
    def books_subject(self) -> str:
        """Under which the log keeps what is for the seller alone."""
        return f"settlement-books:{self.key}"

    @property
    def seller_id(self) -> int:
        """Both parties of a contract made of a deal are members of the market, and only such a contract is settled here."""
        assert self.contract.seller_id is not None
        return self.contract.seller_id

    @property
    def buyer_id(self) -> int:
        assert self.contract.buyer_id is not None
        return self.contract.buyer_id

    @property
    def price(self) -> Money:
        return Money(self.price_fen)

    @property
    def carried(self) -> Money:
        return Money(self.carried_fen)

    @property
    def has_royalty(self) -> bool:
        return self.payment_mode in {PaymentMode.ROYALTY, PaymentMode.ROYALTY_WITH_ENTRY_FEE}

    @property
    def royalty(self) -> RoyaltyTerms | None:
        """The terms as the rules see them; None while there are none."""
        if self.royalty_rate is None or self.royalty_first_day is None or self.royalty_last_day is None:
            return None
        return RoyaltyTerms(
            self.royalty_basis,
            self.royalty_rate,
            self.royalty_every_months or 0,
            self.royalty_first_day,
            self.royalty_last_day,
        )


class Due(models.Model):
    """A sum to be paid by a day, under a payment's reference where money is still to come; a part may come from the deposit."""

    key = KeyField()
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="dues")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("for"), max_length=20, choices=DueKind.choices)
    payer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField(_("amount"))
    carried_fen = models.BigIntegerField(_("from the deposit"), default=0)
    due_on = models.DateField(_("due on"))
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="due")
    # The commission that it pays, by its key in the brokers' register.
    commission = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=10, choices=DueState.choices, default=DueState.PLANNED)
    paid_at = models.DateTimeField(null=True)
    overdue_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DueState.values), name="due_state_known"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, carried_fen__gte=0, carried_fen__lte=F("amount_fen")), name="due_sums_in_order"
            ),
            models.UniqueConstraint(fields=["settlement", "number"], name="due_number_once"),
            models.UniqueConstraint(
                fields=["settlement", "commission", "payer"],
                condition=Q(state__in=[DueState.AWAITED, DueState.PAID]) & ~Q(commission=""),
                name="one_due_per_commission_and_payer",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(state=DueState.AWAITED), name="due_awaited")]
        ordering = ["due_on", "number"]

    def __str__(self) -> str:
        return f"{self.settlement} {self.number}: {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("settlement:due_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"due:{self.key}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)

    @property
    def carried(self) -> Money:
        return Money(self.carried_fen)

    @property
    def to_pay(self) -> Money:
        """What is still to come in, beside the deposit."""
        return Money(self.amount_fen - self.carried_fen)


class Cost(models.Model):
    """What the seller spent on the deal, with the paper that shows it."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="costs")
    what = models.CharField(_("what for"), max_length=120)
    amount_fen = models.BigIntegerField(_("amount"))
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="cost_positive")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)
