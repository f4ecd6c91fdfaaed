"""The enumerations of credit."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from brokers.credit.rules import records
from brokers.credit.rules.rating import NEW


class HolderKind(TextChoices):
    """Who has a credit record."""

    BROKER = "broker", pgettext_lazy("holder of credit", "Broker")
    ORGANISATION = "organisation", pgettext_lazy("holder of credit", "Organisation")


class Act(TextChoices):
    """What an entry about a record does to it."""

    STAY = records.STAY, pgettext_lazy("entry about a record", "Out of the rating while under appeal")
    RESUME = records.RESUME, pgettext_lazy("entry about a record", "Counts again")
    VOID = records.VOID, pgettext_lazy("entry about a record", "Taken out")
    REPAIR = records.REPAIR, pgettext_lazy("entry about a record", "Repaired")


GRADES = ("A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", NEW)


class Criterion(TextChoices):
    """What a party marks in the other, or in a broker."""

    EXPERTISE = "expertise", pgettext_lazy("criterion of a review", "Expertise and quality")
    TIMELINESS = "timeliness", pgettext_lazy("criterion of a review", "Timeliness")
    INTEGRITY = "integrity", pgettext_lazy("criterion of a review", "Good faith")
