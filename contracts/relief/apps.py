from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class ReliefConfig(AppConfig):
    """Tax relief on technology contracts: what the rules give, what was filed, and what was granted."""

    name = "contracts.relief"
    label = "relief"

    def ready(self) -> None:
        from contracts.relief.desks import relief_desks
        from contracts.relief.rulebook import book
        from contracts.relief.rules.book import BadRules
        from market.accounts.desks import add_desks

        try:
            book()
        except BadRules as error:
            raise ImproperlyConfigured(f"The rules of relief cannot be used. {error}") from error
        add_desks(relief_desks)
