"""An auction's rows as they stand in the database, read with plain SQL: for a checker that shares no code with the market."""

from __future__ import annotations

import json
from typing import Any

_BIDS = (
    "SELECT b.*, p.number, p.organisation_id AS organisation FROM auctions_bid b "
    "JOIN auctions_bidderpass p ON p.id = b.bidder_id WHERE b.auction_id = {mark} ORDER BY b.sequence"
)


def dump(database: Any, auction: int, *, mark: str) -> dict[str, Any]:
    """The auction, its bids in order, and the ledger's entries. `database` is a connection, `mark` its placeholder."""
    [row] = _rows(database, f"SELECT * FROM auctions_auction WHERE id = {mark}", [auction])
    bids = _rows(database, _BIDS.format(mark=mark), [auction])
    entries = _rows(database, "SELECT id, source_id, target_id, amount_fen FROM payments_entry ORDER BY id", [])
    return {"auction": row, "bids": bids, "entries": entries}


def _rows(database: Any, query: str, parameters: list[Any]) -> list[dict[str, Any]]:
    cursor = database.cursor()
    cursor.execute(query, parameters)
    names = [column[0] for column in cursor.description]
    return [{name: _plain(name, value) for name, value in zip(names, row, strict=True)} for row in cursor.fetchall()]


def _plain(name: str, value: Any) -> Any:
    """Both databases alike: SQLite keeps instants as text in UTC and truths as numbers."""
    if name in {"is_accepted", "has_proxies"}:
        return bool(value)
    if name == "body":
        return json.loads(value) if isinstance(value, str) else value
    if hasattr(value, "isoformat"):
        return value.isoformat() if value.tzinfo else f"{value.isoformat()}+00:00"
    if isinstance(value, str) and name in {"at", "opens_at", "free_until", "hard_stop", "ends_at"}:
        return f"{value.replace(' ', 'T')}+00:00"
    return value
