from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import pgettext_lazy


class CreditConfig(AppConfig):
    """Credit of brokers and organisations: the ledger, reviews, grades that explain themselves, appeals and repair."""

    name = "brokers.credit"
    label = "credit"

    def ready(self) -> None:
        from brokers.credit.desks import credit_desks
        from brokers.credit.panels import badges, broker_credit, deal_reviews_panel, organisation_credit
        from brokers.credit.permissions import may_read_credit_papers
        from brokers.credit.queries.ledger import by_grade
        from brokers.credit.rulebook import book
        from brokers.credit.rules.book import BadRules
        from brokers.panels import broker_panels, offer_badges
        from brokers.queries import Order, offer_order
        from listings.panels import deal_panels
        from market.accounts.desks import add_desks
        from market.accounts.panels import organisation_panels
        from market.documents.permissions import grant

        try:
            book()
        except BadRules as error:
            raise ImproperlyConfigured(f"The rules of credit cannot be used. {error}") from error
        add_desks(credit_desks)
        grant(may_read_credit_papers)
        broker_panels.add(broker_credit)
        offer_badges(badges)
        offer_order("grade", Order(pgettext_lazy("order of brokers", "Credit grade"), (by_grade(),)))
        organisation_panels.add(organisation_credit)
        deal_panels.add(deal_reviews_panel)
