"""Who is there? People, organisations, and who may act for which of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from market.accounts.kinds import RoleChoices
from market.accounts.states import OrganisationState
from market.documents.models import Document
from market.keys import KeyField
from market.values.actor import OFFICIAL_ROLES, Role


class PersonManager(BaseUserManager["Person"]):
    """People are known by their email address, in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email__iexact=email)


class Person(AbstractUser):
    """A natural person with an account; signs in by email."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=60, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()  # type: ignore[assignment, misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class OrganisationKind(models.TextChoices):
    UNIVERSITY = "university", pgettext_lazy("organisation kind", "University")
    INSTITUTE = "institute", pgettext_lazy("organisation kind", "Research institute")
    ENTERPRISE = "enterprise", pgettext_lazy("organisation kind", "Enterprise")
    BROKER_INSTITUTION = "broker_institution", pgettext_lazy("organisation kind", "Technology transfer institution")
    SERVICE_PROVIDER = "service_provider", pgettext_lazy("organisation kind", "Service provider")
    GOVERNMENT = "government", pgettext_lazy("organisation kind", "Government")


class Organisation(models.Model):
    """A legal person on the market, known by its unified social credit code."""

    key = KeyField()
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    social_credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    region = models.CharField(_("region (GB/T 2260)"), max_length=6, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    # For supervision; shown to the organisation's own people and to officials only.
    legal_representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=OrganisationState.choices, default=OrganisationState.UNVERIFIED)
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OrganisationState.values), name="organisation_state_known"),
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"),
        ]
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:organisation_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"organisation:{self.key}"

    @property
    def is_verified(self) -> bool:
        return self.state == OrganisationState.VERIFIED

    @property
    def is_public_institution(self) -> bool:
        """Universities and institutes: their publicly funded achievements carry the duties of the plan."""
        return self.kind in {OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE}


class Verification(models.Model):
    """One application to be verified: the evidence, and the official's answer."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="verifications")
    evidence = models.ManyToManyField(Document, related_name="+")
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(decided_at__isnull=True), name="one_open_verification"),
        ]
        ordering = ["-submitted_at"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.submitted_at:%Y-%m-%d}"


class Membership(models.Model):
    """A person may act for an organisation in one role; several roles are several rows."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=RoleChoices.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "role"], name="one_membership_per_role"),
            models.CheckConstraint(condition=Q(role__in=RoleChoices.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation} · {self.get_role_display()}"

    @property
    def is_official(self) -> bool:
        return Role(self.role) in OFFICIAL_ROLES
