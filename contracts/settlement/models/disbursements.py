"""What left escrow, why, and who got which part of it?"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.settlement.kinds import Cause
from contracts.settlement.models.settlements import Settlement
from market.accounts.models import Organisation
from market.values.money import Money


class CommissionPart(models.Model):
    """What one of those who share a commission is to get of it from `principal`, and how much of that was paid in this settlement."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="commission_parts")
    # The commission's key in the brokers' register.
    commission = models.CharField(max_length=16)
    principal = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    payee = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField(_("amount"))
    taken_fen = models.BigIntegerField(_("paid of it"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "commission", "principal", "payee"], name="one_part_per_payer_and_payee"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, taken_fen__gte=0, taken_fen__lte=F("amount_fen")), name="commission_part_in_order"
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.payee} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)

    @property
    def open(self) -> Money:
        return Money(self.amount_fen - self.taken_fen)


class Disbursement(models.Model):
    """Money that left escrow at one moment, booked as one posting: fee, commissions, the inventors' and the seller's part, or back."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="disbursements")
    number = models.PositiveSmallIntegerField(_("number"))
    cause = models.CharField(_("why"), max_length=10, choices=Cause.choices)
    amount_fen = models.BigIntegerField(_("amount"))
    fee_fen = models.BigIntegerField(_("platform fee"))
    commission_fen = models.BigIntegerField(_("commission"))
    reward_fen = models.BigIntegerField(_("inventors' reward"), default=0)
    seller_fen = models.BigIntegerField(_("to the seller"))
    buyer_fen = models.BigIntegerField(_("back to the buyer"))
    disbursed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settlement", "number"], name="disbursement_number_once"),
            models.CheckConstraint(
                condition=Q(
                    amount_fen__gt=0,
                    fee_fen__gte=0,
                    commission_fen__gte=0,
                    reward_fen__gte=0,
                    seller_fen__gte=0,
                    buyer_fen__gte=0,
                ),
                name="disbursement_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=F("fee_fen") + F("commission_fen") + F("reward_fen") + F("seller_fen") + F("buyer_fen")),
                name="disbursement_adds_up",
            ),
        ]
        ordering = ["settlement", "number"]

    def __str__(self) -> str:
        return f"{self.settlement} {self.number}: {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)

    @property
    def fee(self) -> Money:
        return Money(self.fee_fen)

    @property
    def commission(self) -> Money:
        return Money(self.commission_fen)

    @property
    def reward(self) -> Money:
        return Money(self.reward_fen)

    @property
    def to_seller(self) -> Money:
        return Money(self.seller_fen)

    @property
    def to_buyer(self) -> Money:
        return Money(self.buyer_fen)

    @property
    def released(self) -> Money:
        """What was released for the seller, before fee and commission."""
        return Money(self.amount_fen - self.buyer_fen)
