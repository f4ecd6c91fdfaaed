"""Whose credit, which records with which evidence, and what was entered about them? Rows of the ledger are only ever added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brokers.credit.kinds import Act, HolderKind
from brokers.credit.rules.rating import NEW
from brokers.models import Broker
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField


class Standing(models.Model):
    """A broker or an organisation with a credit record. The grade is kept here as it was last counted from the ledger."""

    key = KeyField()
    broker = models.OneToOneField(Broker, models.PROTECT, null=True, related_name="standing")
    organisation = models.OneToOneField(Organisation, models.PROTECT, null=True, related_name="standing")
    grade = models.CharField(_("credit grade"), max_length=4, default=NEW)
    score = models.IntegerField(_("score"), default=0)
    counted_on = models.DateField(_("counted on"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(broker__isnull=True, organisation__isnull=False) | Q(broker__isnull=False, organisation__isnull=True),
                name="standing_of_one_holder",
            ),
        ]
        indexes = [models.Index(fields=["counted_on"], name="standing_counted_on")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.broker or self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("credit:rating_page", args=[self.kind.value, self.holder.key])

    @property
    def subject(self) -> str:
        return f"standing:{self.key}"

    @property
    def holder(self) -> Broker | Organisation:
        holder = self.broker or self.organisation
        assert holder is not None
        return holder

    @property
    def kind(self) -> HolderKind:
        return HolderKind.BROKER if self.broker_id else HolderKind.ORGANISATION

    @property
    def organisation_in_charge(self) -> int:
        """The organisation itself, or the broker's institution."""
        return self.broker.institution_id if self.broker else self.organisation_id or 0


class Record(models.Model):
    """Something that counts for or against a holder, with what it is worth and how long, as the rules said on its day.

    `points` are thousandths. `party` stands for the counterpart with its related organisations. `source` names the event, the
    review or the official's entry that it rests on; the same source never counts twice.
    """

    key = KeyField()
    standing = models.ForeignKey(Standing, models.PROTECT, related_name="records")
    rule = models.CharField(_("rule"), max_length=40)
    scheme = models.CharField(_("version of the rules"), max_length=40)
    points = models.IntegerField(_("points"))
    starts = models.DateField(_("from"))
    full_until = models.DateField(_("in full until"))
    ends = models.DateField(_("until"))
    counterpart = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    party = models.BigIntegerField(null=True)
    is_examined = models.BooleanField(default=False)
    source = models.CharField(max_length=160)
    # The thing that a reader can look up: the subject of the event, such as deal:K7Q2…
    about = models.CharField(max_length=80)
    title = models.CharField(_("about"), max_length=200, blank=True)
    statement = models.TextField(_("statement"), blank=True)
    evidence = models.ManyToManyField(Document, related_name="credit_records", blank=True)
    # The official on whose act it rests, who cannot decide on an appeal against it.
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing", "rule", "source"], name="one_credit_record_per_source"),
            models.CheckConstraint(
                condition=Q(full_until__gte=F("starts"), ends__gte=F("full_until")), name="credit_record_days_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["standing", "ends"], name="credit_record_in_force"),
            models.Index(fields=["about", "rule"], name="credit_record_about"),
        ]
        ordering = ["-starts", "-pk"]

    def __str__(self) -> str:
        return f"{self.standing} {self.rule} {self.starts}"

    def get_absolute_url(self) -> str:
        return reverse("credit:record_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"credit_record:{self.key}"

    @property
    def is_bad(self) -> bool:
        return self.points < 0


class Entry(models.Model):
    """A correction is an entry: what changes for a record from a day on."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="entries")
    act = models.CharField(max_length=10, choices=Act.choices)
    on = models.DateField(_("from"))
    reason = models.TextField(_("reason"), blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(act__in=Act.values), name="credit_entry_act_known")]
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.record} {self.act} {self.on}"
