"""Which relief is somebody entitled to, what was filed, and what was granted; and by which words of a rule?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.models import TechnologyContract
from contracts.relief.states import LIVE, ClaimState
from market.accounts.models import Organisation
from market.keys import KeyField
from market.values.money import Money


class RuleText(models.Model):
    """The words of a rule file as they stood when a claim was counted by them. Rows are only ever added."""

    digest = models.CharField(max_length=64, unique=True)
    rule_id = models.CharField(_("rule"), max_length=20)
    zh = models.CharField(max_length=200)
    en = models.CharField(max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True)
    text = models.TextField()
    first_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rule_id} {self.valid_from}"


class Claim(models.Model):
    """One relief of one taxpayer on one contract in one tax year, with the facts and the sum it rests on."""

    key = KeyField()
    contract = models.ForeignKey(TechnologyContract, models.PROTECT, related_name="relief_claims")
    taxpayer = models.ForeignKey(Organisation, models.PROTECT, related_name="relief_claims")
    rule_id = models.CharField(_("rule"), max_length=20)
    # Reliefs of one group exclude one another on the same contract and year; so does a rule itself.
    group = models.CharField(max_length=30)
    rule_text = models.ForeignKey(RuleText, models.PROTECT, related_name="claims")
    tax_year = models.PositiveSmallIntegerField(_("tax year"))
    facts = models.JSONField()
    steps = models.JSONField()
    asked = models.JSONField()
    confidence = models.CharField(max_length=10)
    entitled_fen = models.BigIntegerField(_("relief counted"))
    tax_before_fen = models.BigIntegerField(_("tax without relief"))
    due_on = models.DateField(_("to be filed by"))
    reminders = models.PositiveSmallIntegerField(default=0)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_on = models.DateField(_("filed on"), null=True)
    filed_fen = models.BigIntegerField(_("amount filed"), null=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    receipt = models.CharField(_("receipt of the tax office"), max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    granted_on = models.DateField(_("granted on"), null=True)
    granted_fen = models.BigIntegerField(_("amount granted"), null=True)
    document = models.CharField(_("document of the tax office"), max_length=60, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    # What is to be paid back now, and what was paid back so far.
    recovery_fen = models.BigIntegerField(_("to be paid back"), default=0)
    recovered_fen = models.BigIntegerField(_("paid back"), default=0)
    recovery_document = models.CharField(_("document of the recovery"), max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=ClaimState.choices, default=ClaimState.ENTITLED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_known"),
            models.CheckConstraint(
                condition=Q(entitled_fen__gte=0, tax_before_fen__gte=F("entitled_fen")), name="claim_within_the_tax"
            ),
            models.CheckConstraint(condition=Q(filed_fen__isnull=True) | Q(filed_fen__gt=0), name="claim_filed_positive"),
            models.CheckConstraint(
                condition=Q(granted_fen__isnull=True) | Q(granted_fen__gt=0, granted_fen__lte=F("filed_fen")),
                name="claim_granted_within_filed",
            ),
            models.CheckConstraint(
                condition=Q(recovery_fen=0, recovered_fen=0)
                | Q(recovery_fen__gte=0, recovered_fen__gte=0, granted_fen__gte=F("recovery_fen") + F("recovered_fen")),
                name="claim_recovery_within_granted",
            ),
            models.UniqueConstraint(
                fields=["contract", "taxpayer", "group", "tax_year"],
                condition=Q(state__in=LIVE),
                name="one_live_claim_per_contract_and_group",
            ),
        ]
        indexes = [models.Index(fields=["taxpayer", "tax_year"], name="claims_of_a_year")]
        ordering = ["-entered_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.tax_year}"

    def get_absolute_url(self) -> str:
        return reverse("relief:claim_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"relief:{self.key}"

    @property
    def entitled(self) -> Money:
        return Money(self.entitled_fen)

    @property
    def tax_before(self) -> Money:
        return Money(self.tax_before_fen)

    @property
    def filed(self) -> Money | None:
        return None if self.filed_fen is None else Money(self.filed_fen)

    @property
    def granted(self) -> Money | None:
        return None if self.granted_fen is None else Money(self.granted_fen)

    @property
    def recovery(self) -> Money:
        return Money(self.recovery_fen)

    @property
    def recovered(self) -> Money:
        return Money(self.recovered_fen)

    @property
    def is_of_former_party(self) -> bool:
        """The contract has another party in the taxpayer's place."""
        return self.taxpayer_id not in (self.contract.seller_id, self.contract.buyer_id)

    @property
    def is_doubtful(self) -> bool:
        return self.confidence == "low"
