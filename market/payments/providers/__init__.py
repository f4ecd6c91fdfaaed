"""The ways by which money comes in and goes back: what each of them must be able to do, and which there are.

A provider registers itself when the app is ready (see `market.payments.apps`). What moves money stays with the actions:
`confirm_payment` when money came in, `refund_deposit` when it went back; a provider says how and compares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from market.payments.kinds import Finding, Provider
from market.payments.models.deposits import Payment
from market.values.money import Money


@dataclass(frozen=True, slots=True)
class Way:
    """How the payer can pay by this provider: a template with its context, shown on the deposit's page."""

    label: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the provider and the ledger do not say alike. An amount that one of them does not know is None."""

    provider: str
    finding: Finding
    reference: str
    on: date
    at_provider: Money | None
    in_ledger: Money | None

    @property
    def provider_name(self) -> str:
        return str(Provider(self.provider).label)


class PaymentProvider(Protocol):
    """One way by which money comes in and goes back. `code` is a value of `kinds.Provider`."""

    code: str

    def way_to_pay(self, payment: Payment) -> Way | None:
        """How this awaited payment can be paid; None while the provider is not set up."""

    def differences(self, until: date) -> list[Difference] | None:
        """What the provider says of the days up to this one against what the ledger says, the oldest first.

        None while the provider has said nothing at all, and nothing can be compared.
        """


_PROVIDERS: dict[str, PaymentProvider] = {}


def add_provider(provider: PaymentProvider) -> None:
    """Money comes in this way too. Raises ValueError for a code that is taken."""
    if _PROVIDERS.setdefault(provider.code, provider) is not provider:
        raise ValueError(f"provider {provider.code} is registered twice")


def providers() -> list[PaymentProvider]:
    """All, in the order of registration."""
    return list(_PROVIDERS.values())


def ways_to_pay(payment: Payment) -> list[Way]:
    """By all providers that are set up."""
    return [way for provider in providers() if (way := provider.way_to_pay(payment)) is not None]
