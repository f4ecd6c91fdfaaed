from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The ledger: what the market holds for whom, and how it came there."""

    name = "market.payments"
    label = "payments"

    def ready(self) -> None:
        from market.payments.providers import add_provider
        from market.payments.providers.bank import BankTransfer
        from market.payments.providers.stripe import CardsAndWallets

        add_provider(BankTransfer())
        add_provider(CardsAndWallets())
