"""Where a broker finds the board from the workbench."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import pgettext

from brokers.models import Broker
from market.accounts.desks import Desk


def board_desk(broker: Broker) -> Desk:
    """The broker's own board."""
    return Desk(pgettext("of a broker", "Pipeline board"), reverse("board:board"))
