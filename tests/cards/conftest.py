"""Every test here has a Stripe of its own to talk to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from pytest_django import Settings

from tests.cards.stand_in import KEY, SECRET, StandIn, stand_in


@pytest.fixture
def stripe(settings: Settings, now: datetime) -> Iterator[StandIn]:
    """A stand-in with nothing in it, whose clock is the tests', and a market that is set up for it."""
    with stand_in() as it:
        it.clock = lambda: int(now.timestamp())
        settings.STRIPE_API_KEY, settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_API_BASE = KEY, SECRET, it.address
        yield it
