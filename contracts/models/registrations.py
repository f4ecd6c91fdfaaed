"""What is registered, and what was entered of it later?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.form_kinds import ChangeKind, RegistrationOrigin
from contracts.kinds import ContractKind, RuleSet
from contracts.models.applications import Application
from contracts.models.contracts import TechnologyContract
from contracts.states import ChangeState, RegistrationState
from listings.models.listings import Listing
from market.documents.models import Document
from market.keys import KeyField
from market.values.money import Money


class Registration(models.Model):
    """The entry in the register, with a number that is never given again and a key for its public verification."""

    number = models.CharField(_("registration number"), max_length=16, unique=True)
    verification_key = KeyField()
    contract = models.OneToOneField(TechnologyContract, models.PROTECT, related_name="registration")
    # What was taken over from an earlier register was applied for elsewhere.
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="registration")
    origin = models.CharField(_("origin"), max_length=10, choices=RegistrationOrigin.choices, default=RegistrationOrigin.APPLIED)
    taken_from = models.CharField(_("taken over from"), max_length=120, blank=True)
    taken_at = models.DateTimeField(null=True)
    rule_set = models.CharField(_("rule set"), max_length=20, choices=RuleSet.choices)
    region = models.CharField(_("region (GB/T 2260)"), max_length=6, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ContractKind.choices)
    contract_value_fen = models.BigIntegerField(_("contract value"))
    technology_value_fen = models.BigIntegerField(_("technology transaction value"))
    registry_code = models.CharField(max_length=6)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(max_length=20, choices=RegistrationState.choices, default=RegistrationState.IN_FORCE)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RegistrationState.values), name="registration_state_known"),
            models.CheckConstraint(
                condition=Q(technology_value_fen__gte=0, contract_value_fen__gte=F("technology_value_fen")),
                name="registration_values_in_order",
            ),
            models.CheckConstraint(
                condition=Q(origin=RegistrationOrigin.APPLIED, application__isnull=False, taken_at__isnull=True)
                | Q(origin=RegistrationOrigin.IMPORTED, application__isnull=True, taken_at__isnull=False),
                name="registration_applied_for_or_taken_over",
            ),
        ]
        # Pages of the register, of a county's and of a kind begin where the last one ended.
        indexes = [
            models.Index(fields=["registered_at"], name="registration_by_day"),
            models.Index(fields=["region", "-number"], name="registrations_of_a_region"),
            models.Index(fields=["kind", "-number"], name="registrations_of_a_kind"),
        ]
        ordering = ["-registered_at"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page of what everybody may know of it."""
        return reverse("contracts:public_registration", args=[self.number])

    @property
    def subject(self) -> str:
        return f"registration:{self.number}"

    @property
    def listing(self) -> Listing:
        """From which the contract came about. Raises ValueError for one made outside the market, LookupError for one over something sought."""
        deal = self.contract.deal
        if deal is None:
            raise ValueError(f"{self.number} is of a contract that was made outside the market")
        return deal.offered

    @property
    def contract_value(self) -> Money:
        return Money(self.contract_value_fen)

    @property
    def technology_value(self) -> Money:
        return Money(self.technology_value_fen)

    @property
    def changed(self) -> list[Change]:
        """The changes entered, oldest first."""
        return [change for change in self.changes.all() if change.state == ChangeState.ENTERED]


class Change(models.Model):
    """A change of a registered contract: asked for by the applicant, entered or declined by the registry.

    What it was before is kept with it, so that relief built on the old figures can be found and recomputed.
    """

    key = KeyField()
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="changes")
    kind = models.CharField(_("kind"), max_length=12, choices=ChangeKind.choices)
    contract_value_fen = models.BigIntegerField(_("contract value"))
    technology_value_fen = models.BigIntegerField(_("technology transaction value"))
    contract_value_before_fen = models.BigIntegerField()
    technology_value_before_fen = models.BigIntegerField()
    valid_until = models.DateField(_("valid until"), null=True)
    # Of a change of party: the party as it is from then on, and as it was, by the fields of `ContractParty`.
    party = models.JSONField(default=dict, blank=True)
    party_before = models.JSONField(default=dict, blank=True)
    reason = models.TextField(_("reason"))
    documents = models.ManyToManyField(Document, related_name="registration_changes", blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    state = models.CharField(max_length=20, choices=ChangeState.choices, default=ChangeState.REQUESTED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="change_state_known"),
            models.CheckConstraint(
                condition=Q(technology_value_fen__gte=0, contract_value_fen__gte=F("technology_value_fen")),
                name="change_values_in_order",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(requested_by=F("decided_by")), name="change_decided_by_another"
            ),
            models.UniqueConstraint(
                fields=["registration"], condition=Q(state=ChangeState.REQUESTED), name="one_open_change_per_registration"
            ),
        ]
        ordering = ["requested_at"]

    def __str__(self) -> str:
        return f"{self.registration} {self.kind}"

    @property
    def subject(self) -> str:
        return f"registration_change:{self.key}"

    @property
    def contract_value(self) -> Money:
        return Money(self.contract_value_fen)

    @property
    def technology_value(self) -> Money:
        return Money(self.technology_value_fen)

    @property
    def technology_value_before(self) -> Money:
        return Money(self.technology_value_before_fen)
