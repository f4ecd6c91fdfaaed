"""What a deal's page shows of its brokers."""

from brokers.permissions import visible_commissions
from brokers.queries import engagements_for_deal
from listings.models.deals import Deal
from listings.panels import Panel
from market.values.actor import Actor


def broker_panel(deal: Deal, actor: Actor) -> Panel | None:
    """The brokers engaged by either side, and what the actor may see of their commissions."""
    engagements = list(engagements_for_deal(deal))
    if not engagements:
        return None
    commissions = list(visible_commissions(actor).filter(deal=deal))
    return Panel("brokers/deal_brokers.html", {"engagements": engagements, "commissions": commissions})
