from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Paying what was contracted: dues, escrow, delivery, disputes, and the statement at the end."""

    name = "contracts.settlement"
    label = "settlement"

    def ready(self) -> None:
        from contracts.queries.radar import add_given_back
        from contracts.settlement.actions.escrow import take_back_payment
        from contracts.settlement.desks import settlement_desks
        from contracts.settlement.matters import dues_in_words, settlements_in_words
        from contracts.settlement.panels import settlement_panel
        from contracts.settlement.permissions import may_read_settlement_document
        from contracts.settlement.queries.money import given_back
        from listings.panels import deal_panels
        from market.accounts.desks import add_desks
        from market.documents.permissions import grant
        from market.payments.holders import add_holder
        from market.payments.matters import add_matters

        deal_panels.add(settlement_panel)
        grant(may_read_settlement_document)
        add_desks(settlement_desks)
        add_given_back(given_back)
        add_matters("due", dues_in_words)
        add_holder("due", take_back_payment)
        add_matters("settlement", settlements_in_words)
