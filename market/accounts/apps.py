from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations, and who may act for which of them."""

    name = "market.accounts"
    label = "accounts"

    def ready(self) -> None:
        from market.accounts.desks import add_desks, administration_desks
        from market.accounts.permissions import may_read_verification_evidence
        from market.documents.permissions import grant

        add_desks(administration_desks)
        grant(may_read_verification_evidence)
