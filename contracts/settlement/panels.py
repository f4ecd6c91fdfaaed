"""What a deal's page shows of how its contract is paid."""

from contracts.settlement.permissions import visible_settlements
from listings.models.deals import Deal
from market.panels import Panel
from market.values.actor import Actor


def settlement_panel(deal: Deal, actor: Actor) -> Panel | None:
    """The settlement and its state; nothing before the contract is in force."""
    settlement = visible_settlements(actor).filter(contract__deal=deal).first()
    if settlement is None:
        return None
    return Panel("settlement/deal_settlement.html", {"settlement": settlement})
