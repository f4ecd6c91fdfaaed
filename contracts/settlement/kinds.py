"""The enumerations of settlements."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class DueKind(TextChoices):
    """What a sum is paid for."""

    PRICE = "price", pgettext_lazy("kind of due", "Price")
    INSTALMENT = "instalment", pgettext_lazy("kind of due", "Instalment")
    ENTRY_FEE = "entry_fee", pgettext_lazy("kind of due", "Entry fee")
    ROYALTY = "royalty", pgettext_lazy("kind of due", "Royalty")
    COMMISSION = "commission", pgettext_lazy("kind of due", "Commission")


class RoyaltyBasis(TextChoices):
    """Of what a royalty is a share. Source: 民法典 art. 846 (high)."""

    PRODUCT_PRICE = "product_price", pgettext_lazy("royalty basis", "Product price")
    ADDED_OUTPUT = "added_output", pgettext_lazy("royalty basis", "Added output value")
    PROFIT = "profit", pgettext_lazy("royalty basis", "Profit")
    SALES = "sales", pgettext_lazy("royalty basis", "Sales")


class Cause(TextChoices):
    """Why money left escrow."""

    DELIVERY = "delivery", pgettext_lazy("cause of a disbursement", "Delivery confirmed")
    RECEIPT = "receipt", pgettext_lazy("cause of a disbursement", "Received after delivery")
    DECISION = "decision", pgettext_lazy("cause of a disbursement", "Supervisor's decision")
    TAKEN_BACK = "taken_back", pgettext_lazy("cause of a disbursement", "Taken back by card or bank")
    REST = "rest", pgettext_lazy("cause of a disbursement", "Rest of the deposit")


class OutcomeChoices(TextChoices):
    """What a supervisor decides; the values are those of `rules.escrow.Outcome`."""

    RELEASE = "release", pgettext_lazy("outcome of a dispute", "Release to the seller what was paid in full")
    REFUND = "refund", pgettext_lazy("outcome of a dispute", "Refund everything to the buyer")
    SPLIT = "split", pgettext_lazy("outcome of a dispute", "Split between seller and buyer")
