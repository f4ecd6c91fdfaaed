"""What was applied for, what did the radar find, and who has read and decided it?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.form_kinds import FlagCode, Proposal, Verdict
from contracts.kinds import RefusalReason, RuleSet
from contracts.models.contracts import TechnologyContract
from contracts.states import OPEN_APPLICATION, ApplicationState
from market.documents.models import Document
from market.keys import KeyField
from market.policy.models import PolicyRow
from market.values.money import Money


class Application(models.Model):
    """An application to the registry, with the rule set and the policy row it began under.

    Its clock runs from `counted_from`; the days on which it lay with the applicant (`away_from` to `away_until`) do not count.
    """

    key = KeyField()
    contract = models.ForeignKey(TechnologyContract, models.PROTECT, related_name="applications")
    rule_set = models.CharField(_("rule set"), max_length=20, choices=RuleSet.choices)
    contract_value_fen = models.BigIntegerField(_("contract value"))
    technology_value_fen = models.BigIntegerField(_("technology transaction value"))
    documents = models.ManyToManyField(Document, related_name="applications", blank=True)
    needs_experts = models.BooleanField(_("with expert review"), default=False)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    region = models.CharField(_("region (GB/T 2260)"), max_length=6, blank=True)
    counted_from = models.DateField(_("counted from"))
    away_from = models.DateField(null=True)
    away_until = models.DateField(null=True)
    due_on = models.DateField(_("due on"))
    is_due_provisional = models.BooleanField(default=False)
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # The sum of the weights of what the radar found: the queue is ranked by it, hence a column.
    weight = models.PositiveSmallIntegerField(default=0)
    proposal = models.CharField(_("proposal"), max_length=12, choices=Proposal.choices, blank=True)
    proposed_value_fen = models.BigIntegerField(_("proposed technology transaction value"), null=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    correction_reason = models.TextField(_("reason of the corrected value"), blank=True)
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
                condition=Q(technology_value_fen__gte=0, contract_value_fen__gte=F("technology_value_fen")),
                name="application_values_in_order",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True) | Q(decided_by__isnull=True) | ~Q(proposed_by=F("decided_by")),
                name="application_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(submitted_by=F("decided_by")),
                name="application_not_decided_by_submitter",
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

    @property
    def proposed_value(self) -> Money | None:
        return None if self.proposed_value_fen is None else Money(self.proposed_value_fen)


class Flag(models.Model):
    """Something the radar found in an application; whoever decides says first what there is to it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="flags")
    code = models.CharField(_("sign"), max_length=40, choices=FlagCode.choices)
    weight = models.PositiveSmallIntegerField(_("weight"))
    # The facts of the flag's sentence, as strings.
    data = models.JSONField(default=dict)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "code"], name="one_flag_per_code"),
            models.CheckConstraint(condition=Q(code__in=FlagCode.values), name="flag_code_known"),
        ]
        ordering = ["application", "-weight", "code"]

    def __str__(self) -> str:
        return f"{self.application} {self.code}"


class Reading(models.Model):
    """An official has read the application as it was submitted at that instant: without it there is no batch approval."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "person", "submitted_at"], name="one_reading_per_person_and_submission"
            )
        ]
        ordering = ["read_at"]

    def __str__(self) -> str:
        return f"{self.person} {self.application}"


class Appeal(models.Model):
    """What the applicant says against a refusal, and what was answered."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="appeals")
    grounds = models.TextField(_("grounds"))
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(decided_at__isnull=True), name="one_open_appeal_per_application"
            )
        ]
        ordering = ["-filed_at"]

    def __str__(self) -> str:
        return f"{self.application} {self.filed_at:%Y-%m-%d}"


class Opinion(models.Model):
    """What an expert was asked about an application, until when, and what the expert said. Experts are people of any workplace.

    One with an account is asked there, reads the contract there until the opinion is given, and writes it; for others it is
    entered by the registry.
    """

    key = KeyField()
    application = models.ForeignKey(Application, models.PROTECT, related_name="opinions")
    expert = models.CharField(_("expert"), max_length=60)
    workplace = models.CharField(_("workplace"), max_length=120)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    question = models.TextField(_("question"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(_("due on"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, blank=True)
    text = models.TextField(_("opinion"), blank=True)
    documents = models.ManyToManyField(Document, related_name="opinions", blank=True)
    given_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "expert"], condition=Q(given_at__isnull=True), name="one_open_question_per_expert"
            ),
            models.UniqueConstraint(
                fields=["application", "person"], condition=Q(given_at__isnull=True), name="one_open_question_per_account"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", given_at__isnull=True) | (~Q(verdict="") & Q(given_at__isnull=False)),
                name="opinion_given_with_a_verdict",
            ),
        ]
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"{self.application} {self.expert}"

    def get_absolute_url(self) -> str:
        return reverse("contracts:opinion_page", args=[self.key])

    @property
    def is_own(self) -> bool:
        """The expert wrote it, and nobody for them."""
        return self.person_id is not None and self.entered_by_id == self.person_id
