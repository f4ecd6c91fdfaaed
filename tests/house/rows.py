"""What stands in the database: all rows of the market's own tables, to be compared before and after."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

from market.documents.models import Document
from tests.house.source import TREES


def everything(*, with_documents: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the market's own tables; without uploads where an act is given a file that is uploaded for it.

    Asked hundreds of times, hence past the models.
    """
    rows: dict[str, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        for table, key in _tables():
            if not with_documents and table == Document._meta.db_table:
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY {connection.ops.quote_name(key)}")
            found = cursor.fetchall()
            columns = [column[0] for column in cursor.description]
            if not with_documents and "subject" in columns:
                at = columns.index("subject")
                found = [row for row in found if not str(row[at]).startswith("document:")]
            rows[table] = found
    return rows


@cache
def _tables() -> tuple[tuple[str, str], ...]:
    return tuple(
        (model._meta.db_table, model._meta.pk.column)
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in TREES and config.label != "portal"
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    )
