"""The life of an uploaded file: it waits for the virus scan, and is released or quarantined."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class DocumentState(TextChoices):
    PENDING = "pending", pgettext_lazy("document state", "Waiting for the scan")
    RELEASED = "released", pgettext_lazy("document state", "Released")
    QUARANTINED = "quarantined", pgettext_lazy("document state", "Quarantined")


class DocumentEvent(TextChoices):
    PASS = "pass", pgettext_lazy("document event", "Scan passed")
    FAIL = "fail", pgettext_lazy("document event", "Scan found a threat")


S, E = DocumentState, DocumentEvent

DOCUMENT = Machine(
    "document",
    S.PENDING,
    final={S.RELEASED, S.QUARANTINED},
    moves=[
        Move(S.PENDING, E.PASS, S.RELEASED, by="clock"),
        Move(S.PENDING, E.FAIL, S.QUARANTINED, by="clock"),
    ],
)
