"""Telling the pages that somebody has open that there is a letter for them: a nudge, with nothing in it."""

from __future__ import annotations

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

log = logging.getLogger(__name__)


def group_of(person: int) -> str:
    """The channel group of this person's open pages."""
    return f"notices.{person}"


def nudge(person: int) -> None:
    """When this transaction is committed, this person's pages look what is new. What gets lost they notice by themselves."""
    transaction.on_commit(lambda: _send(person))


def _send(person: int) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of(person), {"type": "notice.look"})
    except Exception:
        # The pages ask now and then; and there is the letter itself.
        log.exception("the pages of person %s could not be told", person)
