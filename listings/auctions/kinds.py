"""How is bid, and by whose hand?"""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Mode(TextChoices):
    ASCENDING = "ascending", pgettext_lazy("auction mode", "Ascending, with a free and a timed period")


class BidKind(TextChoices):
    MANUAL = "manual", pgettext_lazy("bid kind", "By hand")
    PROXY = "proxy", pgettext_lazy("bid kind", "By the bidder's order")
