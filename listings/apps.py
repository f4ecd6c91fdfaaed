from django.apps import AppConfig


class ListingsConfig(AppConfig):
    """Achievements, listings, notices, objections, intents and deals."""

    name = "listings"
    label = "listings"

    def ready(self) -> None:
        from listings.desks import trade_desks
        from listings.matters import intents_in_words
        from listings.permissions.achievements import may_read_evidence
        from listings.permissions.listings import may_read_intent_document, may_read_objection_document
        from market.accounts.desks import add_desks
        from market.documents.permissions import grant
        from market.payments.matters import add_matters

        for door in (may_read_evidence, may_read_intent_document, may_read_objection_document):
            grant(door)
        add_desks(trade_desks)
        add_matters("intent", intents_in_words)
