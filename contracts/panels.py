"""What a deal's page shows of its contract."""

from contracts.permissions import visible_contracts
from listings.models.deals import Deal
from listings.permissions.deals import is_party
from market.panels import Panel
from market.values.actor import Actor


def contract_panel(deal: Deal, actor: Actor) -> Panel:
    """The contract and its state, or the button to draw it up."""
    contract = visible_contracts(actor).filter(deal=deal).first()
    may_draft = contract is None and deal.state == "concluded" and is_party(actor, deal)
    return Panel("contracts/deal_contract.html", {"contract": contract, "deal": deal, "may_draft": may_draft})
