from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The ledger: what the market holds for whom, and how it came there."""

    name = "market.payments"
    label = "payments"

    def ready(self) -> None:
        from market.accounts.desks import add_desks
        from market.documents.permissions import grant
        from market.payments.desks import payment_desks
        from market.payments.matters import add_matters
        from market.payments.permissions import may_read_letter
        from market.payments.providers import add_provider
        from market.payments.providers.bank import BankTransfer
        from market.payments.providers.stripe import CardsAndWallets
        from market.payments.queries.recoveries import recoveries_in_words
        from market.payments.queries.statements import lines_in_words

        add_provider(BankTransfer())
        add_provider(CardsAndWallets())
        grant(may_read_letter)
        add_matters("statement-line", lines_in_words)
        add_matters("recovery", recoveries_in_words)
        add_desks(payment_desks)
