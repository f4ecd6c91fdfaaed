from django.apps import AppConfig


class DemandsConfig(AppConfig):
    """What enterprises look for, and how it is answered."""

    name = "listings.demands"
    label = "demands"

    def ready(self) -> None:
        from listings.demands.desks import demand_desks
        from listings.demands.permissions import may_read_proposal_document
        from market.accounts.desks import add_desks
        from market.documents.permissions import grant

        add_desks(demand_desks)
        grant(may_read_proposal_document)
