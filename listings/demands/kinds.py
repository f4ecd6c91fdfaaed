"""The enumerations of what is sought: its kind, the form of cooperation, how much everybody is told, and how it is answered."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Cooperation(TextChoices):
    COMMISSIONED = "commissioned", pgettext_lazy("cooperation", "Commissioned development")
    JOINT = "joint", pgettext_lazy("cooperation", "Joint development")
    TRANSFER = "transfer", pgettext_lazy("cooperation", "Transfer")
    LICENCE = "licence", pgettext_lazy("cooperation", "Licence")


class DemandKind(TextChoices):
    """What the enterprise is after."""

    BREAKTHROUGH = "breakthrough", pgettext_lazy("demand kind", "Technical breakthrough")
    SUBSTITUTION = "substitution", pgettext_lazy("demand kind", "Domestic substitution")
    UPGRADE = "upgrade", pgettext_lazy("demand kind", "Product or process upgrade")


class Confidentiality(TextChoices):
    """Who reads the details of a demand; the rest of it is public."""

    OPEN = "open", pgettext_lazy("confidentiality", "Everything is public")
    ON_ACCEPTANCE = "on_acceptance", pgettext_lazy("confidentiality", "Details after accepting the non-disclosure terms")
    NAMED = "named", pgettext_lazy("confidentiality", "Details for named parties only, after accepting the terms")


class Comparison(TextChoices):
    """How an indicator's value is to be met."""

    AT_LEAST = "at_least", "≥"
    AT_MOST = "at_most", "≤"
    EXACTLY = "exactly", "="
