"""The happy path against somebody else's idea of Stripe: over real HTTP on both sides, with events that it signs itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from pytest_django import Settings

from market.payments.actions.deposits import release_deposits
from market.payments.actions.stripe.balance import read_balance
from market.payments.models.deposits import Deposit
from market.payments.models.stripe import StripeEvent
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.queries.reconciliation import all_differences
from market.payments.rules.ledger import AccountKey
from market.payments.tasks import handle_events
from market.values.money import ZERO
from tests.cards.builders import a_checkout, work
from tests.cards.local_stripe import LocalStripe, local_stripe
from tests.cards.stand_in import KEY, SECRET
from tests.payments.builders import AMOUNT
from tests.people import Cast


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quietly."""


@pytest.fixture
def market(committed_db: None) -> Iterator[str]:
    """The market over HTTP; gives its address."""
    with make_server("127.0.0.1", 0, WSGIHandler(), handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
    connections.close_all()


@pytest.fixture
def other_stripe(market: str, settings: Settings) -> Iterator[LocalStripe]:
    with local_stripe(f"{market}/webhooks/stripe/") as it:
        settings.STRIPE_API_KEY, settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_API_BASE = KEY, SECRET, it.address
        yield it


def wait_for_word(kind: str) -> None:
    """Until the market was told of this."""
    deadline = time.monotonic() + 30
    while not StripeEvent.objects.filter(kind=kind).exists():
        assert time.monotonic() < deadline, f"no word of {kind}"
        time.sleep(0.05)


def test_a_deposit_is_paid_held_and_goes_back(other_stripe: LocalStripe) -> None:
    # It goes by its own clock.
    now = datetime.now(UTC)
    cast = Cast()
    checkout = a_checkout(cast, now)
    assert checkout.session_id
    other_stripe.pay(checkout.session_id)
    wait_for_word("payment_intent.succeeded")
    handle_events(now)
    deposit = Deposit.objects.get()
    assert (deposit.state, balance(AccountKey("deposit_held", cast.enterprise.pk))) == ("held", AMOUNT)
    release_deposits([deposit], now=now)
    work(now)
    wait_for_word("refund.created")
    handle_events(now)
    deposit.refresh_from_db()
    assert (deposit.state, balance(AccountKey("stripe_clearing")), ledger_flaws()) == ("refunded", ZERO, [])
    read_balance(now=now + timedelta(days=1))
    assert all_differences((now + timedelta(days=1)).date()) == []
