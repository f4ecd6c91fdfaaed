from django.apps import AppConfig


class BrokersConfig(AppConfig):
    """Brokers, engagements and commissions."""

    name = "brokers"
    label = "brokers"

    def ready(self) -> None:
        from brokers.desks import broker_desks
        from brokers.panels import broker_panel, demand_mandate
        from brokers.permissions import (
            contracts_seen_by_brokers,
            deals_seen_by_brokers,
            demands_advised_by_brokers,
            may_read_evidence,
        )
        from brokers.queries import commission_shares
        from contracts.permissions import grant_sight as grant_contract_sight
        from contracts.settlement.commissions import add_source
        from listings.demands.panels import demand_feet
        from listings.demands.permissions import grant_advice
        from listings.panels import deal_panels
        from listings.permissions.deals import grant_sight
        from market.accounts.desks import add_desks
        from market.documents.permissions import grant

        add_source(commission_shares)
        deal_panels.add(broker_panel)
        demand_feet.add(demand_mandate)
        grant_advice(demands_advised_by_brokers)
        grant_sight(deals_seen_by_brokers)
        grant_contract_sight(contracts_seen_by_brokers)
        grant(may_read_evidence)
        add_desks(broker_desks)
