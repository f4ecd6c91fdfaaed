"""Is the installation sound? System checks of what the market relies on."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.database)
def sqlite_is_safe_for_bids(**kwargs: Any) -> list[Error]:
    """SQLite has no row locks; without immediate transactions and WAL two requests at once could both succeed."""
    database = settings.DATABASES["default"]
    if "sqlite3" not in database["ENGINE"]:
        return []
    options = database.get("OPTIONS", {})
    if options.get("transaction_mode") == "IMMEDIATE" and "journal_mode=WAL" in options.get("init_command", ""):
        return []
    return [Error("SQLite needs transaction_mode IMMEDIATE and journal_mode WAL.", id="market.E001")]
