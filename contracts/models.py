"""What was contracted, what was applied for, and what is registered?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.kinds import ContractKind, IpKind, Objective, RefusalReason, RuleSet, SubKind, TechnologyField
from contracts.states import OPEN_APPLICATION, ApplicationState, ContractState, RegistrationState
from listings.kinds import FundingSource, PaymentMode
from listings.models.deals import Deal
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField
from market.policy.models import PolicyRow
from market.values.money import Money


class TechnologyContract(models.Model):
    """A technology contract drawn up from a deal, with the fields of the registration form."""

    key = KeyField()
    deal = models.OneToOneField(Deal, models.PROTECT, related_name="contract")
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts_as_seller")
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts_as_buyer")
    kind = models.CharField(_("kind"), max_length=20, choices=ContractKind.choices)
    sub_kind = models.CharField(_("sub-kind"), max_length=20, choices=SubKind.choices)
    title = models.CharField(_("title"), max_length=120)
    content = models.TextField(_("technical content, scope and requirements"))
    delivery = models.TextField(_("delivery and acceptance"), blank=True)
    ownership = models.TextField(_("ownership of results and improvements"), blank=True)
    liability = models.TextField(_("confidentiality and liability"), blank=True)
    price_fen = models.BigIntegerField(_("price"))
    equipment_fen = models.BigIntegerField(_("of it for equipment"), default=0)
    materials_fen = models.BigIntegerField(_("of it for materials"), default=0)
    other_fen = models.BigIntegerField(_("of it for other non-technical items"), default=0)
    payment_mode = models.CharField(_("payment"), max_length=20, choices=PaymentMode.choices)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    ip_kind = models.CharField(_("intellectual property"), max_length=20, choices=IpKind.choices)
    funding_source = models.CharField(_("origin of funding"), max_length=20, choices=FundingSource.choices)
    technology_field = models.CharField(_("field of technology"), max_length=20, choices=TechnologyField.choices)
    objective = models.CharField(_("social-economic goal"), max_length=20, choices=Objective.choices)
    industry_served = models.CharField(_("industry served (GB/T 4754)"), max_length=4, blank=True)
    is_cross_border = models.BooleanField(_("cross-border"), default=False)
    is_related_party = models.BooleanField(_("between related parties"), default=False)
    state = models.CharField(max_length=20, choices=ContractState.choices, default=ContractState.DRAFT)
    created_at = models.DateTimeField()
    signed_on = models.DateField(_("signed on"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ContractState.values), name="contract_state_known"),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="contract_price_positive"),
            models.CheckConstraint(
                condition=Q(equipment_fen__gte=0, materials_fen__gte=0, other_fen__gte=0), name="contract_parts_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(price_fen__gte=F("equipment_fen") + F("materials_fen") + F("other_fen")),
                name="contract_parts_within_price",
            ),
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="contract_between_two"),
        ]
        ordering = ["-created_at"]
        verbose_name = _("technology contract")
        verbose_name_plural = _("technology contracts")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("contracts:contract_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"contract:{self.key}"

    @property
    def price(self) -> Money:
        return Money(self.price_fen)


class Agreement(models.Model):
    """One side's agreement to the terms with this fingerprint."""

    contract = models.ForeignKey(TechnologyContract, models.CASCADE, related_name="agreements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "organisation"], condition=Q(is_current=True), name="one_current_agreement_per_side"
            ),
        ]
        ordering = ["agreed_at"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.agreed_at:%Y-%m-%d}"


class Application(models.Model):
    """The seller's application to the registry, with the rule set and the policy row it began under."""

    key = KeyField()
    contract = models.ForeignKey(TechnologyContract, models.PROTECT, related_name="applications")
    rule_set = models.CharField(_("rule set"), max_length=20, choices=RuleSet.choices)
    contract_value_fen = models.BigIntegerField(_("contract value"))
    technology_value_fen = models.BigIntegerField(_("technology transaction value"))
    documents = models.ManyToManyField(Document, related_name="applications", blank=True)
    needs_experts = models.BooleanField(_("with expert review"), default=False)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(_("due on"))
    is_due_provisional = models.BooleanField(default=False)
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    times_returned = models.PositiveSmallIntegerField(default=0)
    reason_code = models.CharField(_("ground"), max_length=30, choices=RefusalReason.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=ApplicationState.choices, default=ApplicationState.SUBMITTED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="application_state_known"),
            models.CheckConstraint(
                condition=Q(reason_code="") | Q(reason_code__in=RefusalReason.values), name="application_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(technology_value_fen__gt=0, contract_value_fen__gte=F("technology_value_fen")),
                name="application_values_in_order",
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=OPEN_APPLICATION), name="one_open_application_per_contract"
            ),
        ]
        ordering = ["-submitted_at"]

    def __str__(self) -> str:
        return f"{self.contract} {self.submitted_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("contracts:application_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"application:{self.key}"


class Registration(models.Model):
    """The entry in the register, with a number that is never given again and a key for its public verification."""

    number = models.CharField(_("registration number"), max_length=16, unique=True)
    verification_key = KeyField()
    contract = models.OneToOneField(TechnologyContract, models.PROTECT, related_name="registration")
    application = models.OneToOneField(Application, models.PROTECT, related_name="registration")
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
                condition=Q(technology_value_fen__gt=0, contract_value_fen__gte=F("technology_value_fen")),
                name="registration_values_in_order",
            ),
        ]
        ordering = ["-registered_at"]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"registration:{self.number}"

    @property
    def contract_value(self) -> Money:
        return Money(self.contract_value_fen)

    @property
    def technology_value(self) -> Money:
        return Money(self.technology_value_fen)
