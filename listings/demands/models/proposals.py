"""How is a demand answered, what was asked about the answer, and what came of it?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.demands.models.demands import Demand
from listings.demands.rules.proposals import Promise
from listings.demands.states import STANDING, ProposalState
from listings.models.achievements import Achievement
from listings.models.deals import Deal
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField
from market.values.money import Money


class Proposal(models.Model):
    """How an organisation would meet a demand. It answers one version of it; competitors never see it."""

    key = KeyField()
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="proposals")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="proposals")
    approach = models.TextField(_("approach"), blank=True)
    # Each a row of `rules.proposals.Promise`.
    promises = models.JSONField(_("indicators promised"), default=list, blank=True)
    # Each {"name": …, "part": …}.
    team = models.JSONField(_("team"), default=list, blank=True)
    price_fen = models.BigIntegerField(_("price"), default=0)
    months = models.PositiveSmallIntegerField(_("duration in months"), default=0)
    achievements = models.ManyToManyField(Achievement, related_name="proposals", blank=True)
    documents = models.ManyToManyField(Document, related_name="proposals", blank=True)
    for_version = models.PositiveSmallIntegerField(_("answers version"))
    # The fingerprint of what was handed in last: whoever changed it afterwards would be found out.
    digest = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    revised_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    deal = models.OneToOneField(Deal, models.PROTECT, null=True, related_name="proposal")
    state = models.CharField(max_length=20, choices=ProposalState.choices, default=ProposalState.DRAFT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(condition=Q(price_fen__gte=0), name="proposal_price_not_negative"),
            models.UniqueConstraint(
                fields=["demand", "organisation"], condition=Q(state__in=STANDING), name="one_standing_proposal_per_organisation"
            ),
            models.UniqueConstraint(
                fields=["demand"], condition=Q(state=ProposalState.AWARDED), name="one_awarded_proposal_per_demand"
            ),
        ]
        ordering = ["submitted_at", "pk"]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")

    def __str__(self) -> str:
        return f"{self.demand.number} {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("demands:proposal_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"proposal:{self.key}"

    @property
    def price(self) -> Money:
        return Money(self.price_fen)

    @property
    def promised(self) -> tuple[Promise, ...]:
        return tuple(Promise.of_row(row) for row in self.promises)


class Question(models.Model):
    """What the enterprise asked about a proposal, and what its team answered; both in writing, neither changed afterwards."""

    key = KeyField()
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="questions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    question = models.TextField(_("question"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="question_answered_in_writing",
            ),
        ]
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"{self.proposal} {self.key}"
