from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The plan's figures, and what needs attention."""

    name = "market.oversight"
    label = "oversight"

    def ready(self) -> None:
        from market.accounts.desks import add_desks
        from market.oversight.desks import oversight_desks

        add_desks(oversight_desks)
