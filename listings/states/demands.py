"""The life of a technology demand."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class DemandState(TextChoices):
    DRAFT = "draft", pgettext_lazy("demand state", "Draft")
    OPEN = "open", pgettext_lazy("demand state", "Open")
    CLOSED = "closed", pgettext_lazy("demand state", "Closed")
    EXPIRED = "expired", pgettext_lazy("demand state", "Expired")


class DemandEvent(TextChoices):
    PUBLISH = "publish", pgettext_lazy("demand event", "Publish")
    CLOSE = "close", pgettext_lazy("demand event", "Close")
    EXPIRE = "expire", pgettext_lazy("demand event", "Expire")


S, E = DemandState, DemandEvent

DEMAND = Machine(
    "demand",
    S.DRAFT,
    final={S.CLOSED, S.EXPIRED},
    moves=[
        Move(S.DRAFT, E.PUBLISH, S.OPEN, by="owner"),
        Move(S.DRAFT, E.CLOSE, S.CLOSED, by="owner"),
        Move(S.OPEN, E.CLOSE, S.CLOSED, by="owner"),
        Move(S.OPEN, E.EXPIRE, S.EXPIRED, by="clock"),
    ],
)
