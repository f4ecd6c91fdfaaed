from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MarketConfig(AppConfig):
    """The frame that all trades share."""

    name = "market"
    label = "market"

    def ready(self) -> None:
        from market import checks  # noqa: F401  (registers the system checks)
        from market.messages import compile_catalogues

        # Here, so that no process, test or command speaks before its catalogue is there.
        compile_catalogues()

        # Each app declares its events, and who reads or sweeps what, in these rooms.
        autodiscover_modules("events", "tasks")
