"""The life of a deal between its conclusion and the contract."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class DealState(TextChoices):
    CONCLUDED = "concluded", pgettext_lazy("deal state", "Concluded, contract to be signed")
    CONTRACTED = "contracted", pgettext_lazy("deal state", "Contract signed")
    FAILED = "failed", pgettext_lazy("deal state", "Failed: no contract was signed")


class DealEvent(TextChoices):
    SIGN = "sign", pgettext_lazy("deal event", "Sign the contract")
    FAIL = "fail", pgettext_lazy("deal event", "Declare failed")


DEAL = Machine(
    "deal",
    DealState.CONCLUDED,
    final={DealState.CONTRACTED, DealState.FAILED},
    moves=[
        Move(DealState.CONCLUDED, DealEvent.SIGN, DealState.CONTRACTED, by="parties"),
        Move(DealState.CONCLUDED, DealEvent.FAIL, DealState.FAILED, by="operator"),
    ],
)
