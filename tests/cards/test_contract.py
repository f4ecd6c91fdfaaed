"""Every request that the market sends to Stripe has the parameters that Stripe's own description allows, and no others.

Runs on real services, and wherever stripe-mock was built before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from market.payments.kinds import CallKind
from market.payments.providers import stripe_api
from market.payments.providers.stripe_api import CallRefused, perform
from market.payments.rules.stripe import CheckoutOrder, answer_parameters, refund_parameters, session_parameters
from market.values.money import Money
from tests.cards.stand_in import KEY
from tests.cards.stripe_mock import PROGRAM, stripe_mock

SOME_TIME = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
ORDER = CheckoutOrder(
    key="k1",
    reference="JS222223G",
    title="保证金",
    amount=Money.yuan("120000"),
    locale="zh",
    return_address="https://market.example.cn/cards/k1/",
    expires_at=SOME_TIME,
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if not django_settings.REDIS_URL and not PROGRAM.exists():
        pytest.skip("stripe-mock is built by make test-services")
    with stripe_mock() as it:
        yield it


@pytest.fixture(autouse=True)
def _speaks_to_it(address: str, settings: Settings) -> None:
    settings.STRIPE_API_KEY, settings.STRIPE_API_BASE = KEY, address


def change(kind: CallKind, target: str, parameters: dict[str, Any]) -> stripe_api.Answer:
    return perform(kind, target, parameters, f"key-{kind}", somebody_waits=False)


def test_a_page_to_pay_on_is_asked_for_as_stripe_describes_it() -> None:
    assert change(CallKind.OPEN_SESSION, "", session_parameters(ORDER)).number.startswith("cs_")


def test_it_is_closed_as_stripe_describes_it() -> None:
    assert change(CallKind.END_SESSION, "cs_test_1", {}).number.startswith("cs_")


def test_a_refund_is_asked_for_as_stripe_describes_it() -> None:
    assert change(CallKind.REFUND, "", refund_parameters("pi_1", Money(5000), "r1")).number.startswith("re_")


def test_a_dispute_is_answered_or_conceded_as_stripe_describes_it() -> None:
    evidence = answer_parameters(payer="煤电公司", paid_for="保证金", explanation="Delivered.")
    assert change(CallKind.ANSWER_DISPUTE, "dp_1", evidence).number == "dp_1"
    assert change(CallKind.CONCEDE_DISPUTE, "dp_1", {}).number == "dp_1"


@pytest.mark.parametrize(
    "wrong",
    [{"unknown": "1"}, {"mode": 5.5}, {"payment_method_types": "no list"}, {"locale": "tlh"}, {"expires_at": "tomorrow"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_stripe_does_not_describe_is_refused(wrong: dict[str, Any]) -> None:
    """Otherwise the tests above would say nothing."""
    with pytest.raises(CallRefused):
        change(CallKind.OPEN_SESSION, "", session_parameters(ORDER) | wrong)


@pytest.mark.parametrize(
    "question",
    [
        lambda: stripe_api.session_facts("cs_test_1"),
        lambda: stripe_api.intent_facts("pi_1"),
        lambda: list(stripe_api.events_since(SOME_TIME)),
        lambda: list(stripe_api.balance_since(SOME_TIME)),
    ],
    ids=["session", "intent", "events", "balance"],
)
def test_what_stripe_answers_can_be_read(question: Callable[[], object]) -> None:
    """The question is one that Stripe describes, and so is every field that is read from the answer."""
    assert question()
