"""What stands in the database: all rows of the market's own tables, to be compared before and after."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from market.documents.models import Document
from tests.house.source import TREES


def everything(*, with_documents: bool = True) -> dict[str, list[Any]]:
    """Every row of the market's own tables; without uploads where an act is given a file that is uploaded for it."""
    rows = {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in TREES and config.label != "portal"
        for model in config.get_models(include_auto_created=True)
        if with_documents or model is not Document
    }
    if with_documents:
        return rows
    return {label: [row for row in found if not str(row.get("subject")).startswith("document:")] for label, found in rows.items()}
