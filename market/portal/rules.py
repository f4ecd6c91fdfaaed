"""Is a policy document in force on a day?"""

from __future__ import annotations

import enum
from datetime import date


class Validity(enum.StrEnum):
    """How a document stands on a day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    ENDED = "ended"
    UNKNOWN = "unknown"


def validity(*, valid_from: date | None, valid_until: date | None, day: date) -> Validity:
    """In force from its first to its last day, both inside; unknown while neither end is recorded.

    Source: 立法法 art. 61: a text states its day of entry into force (medium), in analogy.
    """
    if valid_until is not None and day > valid_until:
        return Validity.ENDED
    if valid_from is not None and day < valid_from:
        return Validity.NOT_YET
    if valid_from is None and valid_until is None:
        return Validity.UNKNOWN
    return Validity.IN_FORCE
