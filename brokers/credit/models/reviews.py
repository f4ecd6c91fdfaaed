"""What did a party of a finished deal think of the other side and of the brokers?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brokers.credit.models.ledger import Standing
from brokers.credit.rules.records import HIGHEST_MARK, LOWEST_MARK
from listings.models.deals import Deal
from market.accounts.models import Organisation
from market.keys import KeyField

_MARKS = range(LOWEST_MARK, HIGHEST_MARK + 1)


class Review(models.Model):
    """One party's marks and words on one of those it dealt with; to be changed until a day, answered once."""

    key = KeyField()
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(Organisation, models.PROTECT, related_name="reviews_given")
    standing = models.ForeignKey(Standing, models.PROTECT, related_name="reviews")
    expertise = models.PositiveSmallIntegerField(_("expertise and quality"))
    timeliness = models.PositiveSmallIntegerField(_("timeliness"))
    integrity = models.PositiveSmallIntegerField(_("good faith"))
    text = models.TextField(_("review"))
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    editable_until = models.DateField(_("can be changed until"))
    reply = models.TextField(_("reply"), blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "reviewer", "standing"], name="one_review_per_side"),
            models.CheckConstraint(
                condition=Q(expertise__in=_MARKS, timeliness__in=_MARKS, integrity__in=_MARKS), name="review_marks_in_range"
            ),
        ]
        ordering = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.deal} {self.standing}"

    def get_absolute_url(self) -> str:
        return reverse("credit:deal_reviews", args=[self.deal.key])

    @property
    def subject(self) -> str:
        return f"review:{self.key}"

    @property
    def marks(self) -> tuple[int, int, int]:
        return self.expertise, self.timeliness, self.integrity
