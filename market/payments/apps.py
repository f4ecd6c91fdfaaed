from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The ledger: what the market holds for whom, and how it came there."""

    name = "market.payments"
    label = "payments"
