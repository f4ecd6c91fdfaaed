"""The market's rows and what the search index holds of them, read with plain SQL and plain HTTP: for a checker that shares no code."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

_ROWS = (
    "SELECT 'listing' AS kind, id, number, state, price_fen AS price FROM listings_listing UNION ALL "
    "SELECT 'demand', id, number, state, budget_fen FROM demands_demand"
)
_AT_ONCE = 5000


def dump(database: Any, address: str, alias: str) -> dict[str, Any]:
    """`rows` of listings and demands, `index` of all entries of them, the indexes `behind` the alias and all `indexes` there are."""
    cursor = database.cursor()
    cursor.execute(_ROWS)
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    ask(address, f"/{alias}/_refresh")
    return {
        "rows": rows,
        "index": _entries(address, alias),
        "behind": list(ask(address, f"/_alias/{alias}")),
        "indexes": list(ask(address, f"/{alias}*")),
    }


def _entries(address: str, alias: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    body: dict[str, Any] = {
        "size": _AT_ONCE,
        "sort": ["row"],
        "query": {"terms": {"kind": ["listing", "demand"]}},
        "_source": ["kind", "pk", "state", "price"],
    }
    while hits := ask(address, f"/{alias}/_search", body)["hits"]["hits"]:
        found += [hit["_source"] for hit in hits]
        body["search_after"] = hits[-1]["sort"]
    return found


def ask(address: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """What the search server answers."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}{path}", content, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())
