"""Telling the pages that somebody has open that something was said in a circle: a nudge, with nothing in it."""

from __future__ import annotations

import logging

from django.db import transaction

from market.live import tell

log = logging.getLogger(__name__)


def group_of_room(room: int) -> str:
    """The channel group of the open pages of this room's circles."""
    return f"deal.{room}"


def tell_circles(room: int) -> None:
    """When this transaction is committed, the pages of this room look what is new, and whether their reader may still hear it."""
    transaction.on_commit(lambda: _send(room))


def _send(room: int) -> None:
    try:
        tell(group_of_room(room), {"type": "circle.look"})
    except Exception:
        # The pages look now and then by themselves.
        log.exception("the pages of deal room %s could not be told", room)
