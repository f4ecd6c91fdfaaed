"""Who are the brokers, for whom do they act, and what did they earn?"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brokers.kinds import CommissionBasis, DueWhen, Level, Side
from brokers.rules import DEFAULT_TAIL, Bracket, CommissionTerms
from brokers.states import IN_FORCE, BrokerState, CommissionState, EngagementState, IntroductionState
from listings.demands.models.demands import Demand
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField
from market.values.money import Money


class Broker(models.Model):
    """A person who brings deals about, with the certificate an official verified."""

    key = KeyField()
    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="broker")
    institution = models.ForeignKey(Organisation, models.PROTECT, related_name="brokers")
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    certificate_number = models.CharField(_("certificate number"), max_length=40)
    valid_until = models.DateField(_("certificate valid until"))
    fields = models.JSONField(_("fields of work"), default=list, blank=True)
    languages = models.JSONField(_("working languages"), default=list, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    evidence = models.ManyToManyField(Document, related_name="brokers", blank=True)
    applied_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(max_length=20, choices=BrokerState.choices, default=BrokerState.APPLIED)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=BrokerState.values), name="broker_state_known")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("brokers:broker_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"broker:{self.key}"


class ServiceProfile(models.Model):
    """What an institution or a service provider tells of itself in the directory."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="service_profile")
    services = models.JSONField(_("services"), default=list)
    fields = models.JSONField(_("fields of work"), default=list, blank=True)
    languages = models.JSONField(_("working languages"), default=list, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["organisation__name", "pk"]

    def __str__(self) -> str:
        return self.organisation.name

    @property
    def subject(self) -> str:
        return f"organisation:{self.organisation.key}"


def title_of(matter: Listing | Demand) -> str:
    """Of the achievement on offer, or of the demand."""
    return matter.title if isinstance(matter, Demand) else matter.achievement.title


class Engagement(models.Model):
    """A party's mandate to a broker for one matter, a listing or a demand, with the terms proposed last; `TermsVersion` keeps what
    was proposed before.

    A commission is a rate of the contract value, brackets of rates, or a fixed sum. The principal owes it; a part may be agreed to be
    borne by the other party of the deal, who owes it once it has agreed to that with its introduction.
    """

    key = KeyField()
    principal = models.ForeignKey(Organisation, models.PROTECT, related_name="engagements")
    broker = models.ForeignKey(Broker, models.PROTECT, related_name="engagements")
    listing = models.ForeignKey(Listing, models.PROTECT, null=True, related_name="engagements")
    demand = models.ForeignKey(Demand, models.PROTECT, null=True, related_name="engagements")
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    scope = models.TextField(_("scope"))
    is_exclusive = models.BooleanField(_("exclusive"), default=False)
    valid_until = models.DateField(_("valid until"))
    basis = models.CharField(_("commission agreed as"), max_length=10, choices=CommissionBasis.choices)
    rate = models.DecimalField(_("rate"), max_digits=6, decimal_places=5, null=True, blank=True)
    # [[upper end in fen or null, rate as text], …], rising, the last open.
    brackets = models.JSONField(_("brackets"), default=list, blank=True)
    fixed_fen = models.BigIntegerField(_("fixed commission"), null=True, blank=True)
    cap_fen = models.BigIntegerField(_("cap"), null=True, blank=True)
    principal_share = models.DecimalField(_("part that the principal pays"), max_digits=6, decimal_places=5, default=1)
    # Whoever the broker introduced may not wait for the mandate's end to deal without a commission.
    tail_months = models.PositiveSmallIntegerField(_("months of protection after the end"), default=DEFAULT_TAIL)
    tail_until = models.DateTimeField(null=True)
    due_when = models.CharField(_("due"), max_length=12, choices=DueWhen.choices, default=DueWhen.RECOGNITION)
    both_consent = models.BooleanField(_("this side consents to the broker acting for both"), default=False)
    proposed_by_broker = models.BooleanField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    # Whether a mandate was in force when a deal was concluded is asked later, when it may have ended.
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    disputed_by_broker = models.BooleanField(null=True)
    dispute = models.TextField(_("dispute"), blank=True)
    state = models.CharField(max_length=20, choices=EngagementState.choices, default=EngagementState.PROPOSED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EngagementState.values), name="engagement_state_known"),
            models.CheckConstraint(
                condition=Q(basis=CommissionBasis.FIXED, rate__isnull=True, fixed_fen__gt=0)
                | Q(basis=CommissionBasis.RATE, rate__gt=0, rate__lte=1, fixed_fen__isnull=True)
                | Q(basis=CommissionBasis.BRACKETS, rate__isnull=True, fixed_fen__isnull=True),
                name="engagement_rate_or_fixed",
            ),
            models.CheckConstraint(condition=Q(cap_fen__isnull=True) | Q(cap_fen__gt=0), name="engagement_cap_positive"),
            models.CheckConstraint(
                condition=Q(listing__isnull=True, demand__isnull=False) | Q(listing__isnull=False, demand__isnull=True),
                name="engagement_of_one_matter",
            ),
            models.CheckConstraint(
                condition=Q(principal_share__gte=0, principal_share__lte=1), name="engagement_principal_share_within_one"
            ),
            models.UniqueConstraint(
                fields=["broker", "listing", "principal"],
                condition=Q(state__in=[EngagementState.PROPOSED, *IN_FORCE]),
                name="one_running_engagement",
            ),
            models.UniqueConstraint(
                fields=["broker", "demand", "principal"],
                condition=Q(state__in=[EngagementState.PROPOSED, *IN_FORCE]),
                name="one_running_engagement_for_demand",
            ),
        ]
        ordering = ["-proposed_at"]

    def __str__(self) -> str:
        return f"{self.broker} · {self.matter.number}"

    def get_absolute_url(self) -> str:
        return reverse("brokers:engagement_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"engagement:{self.key}"

    @property
    def matter(self) -> Listing | Demand:
        """What the broker is engaged for."""
        matter = self.listing or self.demand
        assert matter is not None
        return matter

    @property
    def title(self) -> str:
        return title_of(self.matter)

    @property
    def others_share(self) -> Decimal:
        """The part of the commission that the other party of the deal pays once it has agreed to that."""
        return 1 - self.principal_share

    @property
    def terms(self) -> CommissionTerms:
        return CommissionTerms(
            rate=self.rate,
            fixed=None if self.fixed_fen is None else Money(self.fixed_fen),
            cap=None if self.cap_fen is None else Money(self.cap_fen),
            brackets=tuple(Bracket(None if top is None else Money(top), Decimal(rate)) for top, rate in self.brackets),
        )


class TermsVersion(models.Model):
    """What one side proposed, as it stood then. Never changed: the last one is what both sides sign.

    `terms` names each term of the mandate with its value as plain JSON, amounts in fen.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    is_by_broker = models.BooleanField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    terms = models.JSONField()
    note = models.TextField(_("note to the other side"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "number"], name="one_terms_version_per_number")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.engagement} v{self.number}"


class Introduction(models.Model):
    """That the broker brought somebody to the principal, when and how. Both say so; then a deal between them earns the commission,
    even within the months of protection after the mandate's end."""

    key = KeyField()
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="introductions")
    introduced = models.ForeignKey(Organisation, models.PROTECT, related_name="introductions")
    introduced_on = models.DateField(_("introduced on"))
    account = models.TextField(_("how"))
    stated_at = models.DateTimeField()
    # Which of the two has confirmed, while the other is still to be heard.
    heard = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    # The introduced has agreed to pay that part of the commission which the mandate leaves to it.
    bears_since = models.DateTimeField(null=True)
    objection = models.TextField(_("objection"), blank=True)
    objected_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    decision = models.TextField(_("decision"), blank=True)
    state = models.CharField(max_length=20, choices=IntroductionState.choices, default=IntroductionState.STATED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=IntroductionState.values), name="introduction_state_known"),
            models.UniqueConstraint(
                fields=["engagement", "introduced"],
                condition=~Q(state=IntroductionState.VOID),
                name="one_introduction_per_organisation",
            ),
        ]
        ordering = ["stated_at", "pk"]

    def __str__(self) -> str:
        return f"{self.engagement.principal} · {self.introduced}"

    def get_absolute_url(self) -> str:
        return reverse("brokers:introduction_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"introduction:{self.key}"


class Share(models.Model):
    """Who has which part of the commission (0 to 1; all shares of an engagement sum to 1)."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    share = models.DecimalField(_("share"), max_digits=6, decimal_places=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "organisation"], name="one_share_per_organisation"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="share_within_one"),
        ]
        ordering = ["-share", "pk"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.share_percent.normalize():f} %"

    @property
    def share_percent(self) -> Decimal:
        return self.share * 100


class Commission(models.Model):
    """What an engagement earned with a recognised contract, with the steps of the sum and its parts.

    `parts` names each who shares it, with the part in fen and how much of that the principal owes; `counterparty` owes the rest.
    """

    key = KeyField()
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="commissions")
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="commissions")
    basis_fen = models.BigIntegerField(_("basis"))
    amount_fen = models.BigIntegerField(_("amount"))
    counterparty = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    counterparty_fen = models.BigIntegerField(_("paid by the other party"), default=0)
    steps = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    reason = models.CharField(max_length=200)
    credited_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=CommissionState.choices, default=CommissionState.CREDITED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CommissionState.values), name="commission_state_known"),
            models.CheckConstraint(
                condition=Q(basis_fen__gte=0, counterparty_fen__gte=0, amount_fen__gte=F("counterparty_fen")),
                name="commission_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(counterparty_fen=0) | Q(counterparty__isnull=False), name="commission_of_known_payers"
            ),
            models.UniqueConstraint(fields=["engagement", "deal"], name="one_commission_per_engagement_and_deal"),
        ]
        ordering = ["-credited_at"]

    def __str__(self) -> str:
        return f"{self.engagement} {Money(self.amount_fen)}"

    @property
    def subject(self) -> str:
        return f"commission:{self.key}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)

    @property
    def payers(self) -> list[tuple[Organisation, Money]]:
        """Who owes it, with the part of each; nobody with nothing."""
        of_other = Money(self.counterparty_fen)
        owed = [(self.engagement.principal, self.amount - of_other), (self.counterparty, of_other)]
        return [(payer, part) for payer, part in owed if payer is not None and part.fen]
