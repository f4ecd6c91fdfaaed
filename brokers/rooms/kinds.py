"""The enumerations of deal rooms."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Capacity(TextChoices):
    """As what somebody is in a deal room. The first two open it; the counterparty is the other side of the matter; a partner does one task."""

    PRINCIPAL = "principal", pgettext_lazy("capacity", "Principal")
    BROKER = "broker", pgettext_lazy("capacity", "Broker")
    COUNTERPARTY = "counterparty", pgettext_lazy("capacity", "Counterparty")
    PARTNER = "partner", pgettext_lazy("capacity", "Partner for one task")


# Who runs the room.
MANDATE = (Capacity.PRINCIPAL, Capacity.BROKER)
SIDES = (*MANDATE, Capacity.COUNTERPARTY)


class CircleKind(TextChoices):
    """Who hears what is said, reads what is put in, and comes to what is arranged."""

    MANDATE = "mandate", pgettext_lazy("circle", "Principal and broker")
    SIDES = "sides", pgettext_lazy("circle", "All sides")
    TASK = "task", pgettext_lazy("circle", "Those at work on the task")
    OWN = "own", pgettext_lazy("circle", "Our side only")


class TaskKind(TextChoices):
    """The steps of a matter, in their order."""

    SEARCH = "search", pgettext_lazy("task", "Search")
    CONTACT = "contact", pgettext_lazy("task", "First contact")
    DUE_DILIGENCE = "due_diligence", pgettext_lazy("task", "Due diligence")
    VALUATION = "valuation", pgettext_lazy("task", "Valuation")
    NEGOTIATION = "negotiation", pgettext_lazy("task", "Negotiation")
    CONTRACT = "contract", pgettext_lazy("task", "Contract")
    RECOGNITION = "recognition", pgettext_lazy("task", "Recognition and registration")
    FUNDING = "funding", pgettext_lazy("task", "Funding")
    DELIVERY = "delivery", pgettext_lazy("task", "Delivery")
