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

        # Each app declares its events, who is told of them, and who reads or sweeps what, in these rooms.
        # One room of all apps after the other: letters name events, and the reader of letters must know all of them.
        for room in ("events", "letters", "tasks"):
            autodiscover_modules(room)
