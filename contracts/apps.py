from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Technology contracts, their recognition and registration."""

    name = "contracts"
    label = "contracts"

    def ready(self) -> None:
        from contracts.desks import contract_desks
        from contracts.panels import contract_panel
        from contracts.permissions import may_read_application_document
        from listings.panels import deal_panels
        from market.accounts.desks import add_desks
        from market.documents.permissions import grant

        deal_panels.add(contract_panel)
        grant(may_read_application_document)
        add_desks(contract_desks)
