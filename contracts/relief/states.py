"""The life of a claim to relief: what one is entitled to, has filed, was granted, and has to give back."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class ClaimState(TextChoices):
    ENTITLED = "entitled", pgettext_lazy("relief state", "Entitled")
    FILED = "filed", pgettext_lazy("relief state", "Filed")
    GRANTED = "granted", pgettext_lazy("relief state", "Granted")
    REFUSED = "refused", pgettext_lazy("relief state", "Refused")
    DROPPED = "dropped", pgettext_lazy("relief state", "Not claimed")
    LAPSED = "lapsed", pgettext_lazy("relief state", "Lapsed")
    RECOVERY = "recovery", pgettext_lazy("relief state", "To be paid back")


class ClaimEvent(TextChoices):
    FILE = "file", pgettext_lazy("relief event", "File with the tax office")
    DROP = "drop", pgettext_lazy("relief event", "Do not claim")
    TAKE_BACK = "take_back", pgettext_lazy("relief event", "Take the filing back")
    REOPEN = "reopen", pgettext_lazy("relief event", "Open again: the registration was changed")
    GRANT = "grant", pgettext_lazy("relief event", "Grant")
    REFUSE = "refuse", pgettext_lazy("relief event", "Refuse")
    LAPSE = "lapse", pgettext_lazy("relief event", "Lapse with the registration")
    FLAG = "flag", pgettext_lazy("relief event", "Flag for recovery")
    SETTLE = "settle", pgettext_lazy("relief event", "Settle the recovery")


S, E = ClaimState, ClaimEvent

CLAIM = Machine(
    "relief_claim",
    S.ENTITLED,
    final={S.REFUSED, S.DROPPED, S.LAPSED},
    moves=[
        Move(S.ENTITLED, E.FILE, S.FILED, by="taxpayer"),
        Move(S.ENTITLED, E.DROP, S.DROPPED, by="taxpayer"),
        Move(S.ENTITLED, E.LAPSE, S.LAPSED, by="clock"),
        Move(S.FILED, E.TAKE_BACK, S.ENTITLED, by="taxpayer"),
        # What was filed rests on figures that no longer stand: it is counted and filed anew.
        Move(S.FILED, E.REOPEN, S.ENTITLED, by="clock"),
        Move(S.FILED, E.LAPSE, S.LAPSED, by="clock"),
        Move(S.FILED, E.GRANT, S.GRANTED, by="official"),
        Move(S.FILED, E.REFUSE, S.REFUSED, by="official"),
        Move(S.GRANTED, E.FLAG, S.RECOVERY, by="clock"),
        Move(S.RECOVERY, E.FLAG, S.RECOVERY, by="clock"),
        Move(S.RECOVERY, E.SETTLE, S.GRANTED, by="official"),
    ],
)
LIVE = (S.ENTITLED, S.FILED, S.GRANTED, S.RECOVERY)
