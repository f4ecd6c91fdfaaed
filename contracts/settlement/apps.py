from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Paying what was contracted: dues, escrow, delivery, disputes, and the statement at the end."""

    name = "contracts.settlement"
    label = "settlement"

    def ready(self) -> None:
        from contracts.settlement.permissions import may_read_settlement_document
        from market.documents.permissions import grant

        grant(may_read_settlement_document)
