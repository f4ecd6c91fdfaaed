"""The life of an appeal against a credit record, and of an application to repair one."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class AppealState(TextChoices):
    FILED = "filed", pgettext_lazy("credit appeal state", "Under appeal")
    UPHELD = "upheld", pgettext_lazy("credit appeal state", "Appeal upheld")
    DISMISSED = "dismissed", pgettext_lazy("credit appeal state", "Appeal dismissed")
    WITHDRAWN = "withdrawn", pgettext_lazy("credit appeal state", "Appeal withdrawn")


class AppealEvent(TextChoices):
    UPHOLD = "uphold", pgettext_lazy("credit appeal event", "Uphold the appeal")
    DISMISS = "dismiss", pgettext_lazy("credit appeal event", "Dismiss the appeal")
    WITHDRAW = "withdraw", pgettext_lazy("credit appeal event", "Withdraw the appeal")


A, AE = AppealState, AppealEvent

APPEAL = Machine(
    "credit_appeal",
    A.FILED,
    final={A.UPHELD, A.DISMISSED, A.WITHDRAWN},
    moves=[
        Move(A.FILED, AE.UPHOLD, A.UPHELD, by="official"),
        Move(A.FILED, AE.DISMISS, A.DISMISSED, by="official"),
        Move(A.FILED, AE.WITHDRAW, A.WITHDRAWN, by="holder"),
    ],
)


class RepairState(TextChoices):
    ASKED = "asked", pgettext_lazy("credit repair state", "Repair applied for")
    GRANTED = "granted", pgettext_lazy("credit repair state", "Repaired")
    DECLINED = "declined", pgettext_lazy("credit repair state", "Repair declined")


class RepairEvent(TextChoices):
    GRANT = "grant", pgettext_lazy("credit repair event", "Grant the repair")
    DECLINE = "decline", pgettext_lazy("credit repair event", "Decline the repair")


R, RE = RepairState, RepairEvent

REPAIR = Machine(
    "credit_repair",
    R.ASKED,
    final={R.GRANTED, R.DECLINED},
    moves=[
        Move(R.ASKED, RE.GRANT, R.GRANTED, by="official"),
        Move(R.ASKED, RE.DECLINE, R.DECLINED, by="official"),
    ],
)
