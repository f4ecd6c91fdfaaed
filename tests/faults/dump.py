"""An auction's rows, and the money's, as they stand in the database, read with plain SQL: for a checker that shares no code with the market."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

_BIDS = (
    "SELECT b.*, p.number, p.organisation_id AS organisation FROM auctions_bid b "
    "JOIN auctions_bidderpass p ON p.id = b.bidder_id WHERE b.auction_id = {mark} ORDER BY b.sequence"
)


def dump(database: Any, auction: int, *, mark: str) -> dict[str, Any]:
    """The auction, its bids in order, and the ledger's entries. `database` is a connection, `mark` its placeholder."""
    cursor = database.cursor()
    [row] = _rows(cursor, f"SELECT * FROM auctions_auction WHERE id = {mark}", [auction])
    bids = _rows(cursor, _BIDS.format(mark=mark), [auction])
    entries = _rows(cursor, "SELECT id, source_id, target_id, amount_fen FROM payments_entry ORDER BY id")
    return {"auction": row, "bids": bids, "entries": entries}


_MONEY = {
    "accounts": (
        "SELECT a.purpose, a.organisation_id, "
        "COALESCE((SELECT SUM(amount_fen) FROM payments_entry WHERE target_id = a.id), 0) AS gained, "
        "COALESCE((SELECT SUM(amount_fen) FROM payments_entry WHERE source_id = a.id), 0) AS lost FROM payments_account a"
    ),
    "deposits": (
        "SELECT payer_id, state, SUM(amount_fen) AS fen FROM payments_deposit WHERE instrument = 'money' GROUP BY payer_id, state"
    ),
    "payments": "SELECT state, SUM(amount_fen) AS fen FROM payments_payment WHERE provider = 'bank' GROUP BY state",
    "payouts": "SELECT payee_id, purpose, state, SUM(amount_fen) AS fen FROM payments_payout GROUP BY payee_id, purpose, state",
}


def money(connection: Any) -> dict[str, Any]:
    """All accounts, deposits, payments and payouts added up, as of one moment. `connection` is Django's."""
    isolation = "" if connection.vendor == "sqlite" else " ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(f"BEGIN{isolation}")
        try:
            return sums(cursor)
        finally:
            cursor.execute("COMMIT")


def sums(cursor: Any) -> dict[str, Any]:
    """The same, within a transaction of the caller's."""
    found: dict[str, Any] = {name: _rows(cursor, query) for name, query in _MONEY.items()}
    [moved] = _rows(cursor, "SELECT COALESCE(SUM(amount_fen), 0) AS fen FROM payments_entry")
    return found | {"moved": moved["fen"]}


def postings(connection: Any) -> list[dict[str, Any]]:
    """Every posting by its reference, and what it moved."""
    with connection.cursor() as cursor:
        return _rows(
            cursor,
            "SELECT p.reference, SUM(e.amount_fen) AS fen FROM payments_posting p JOIN payments_entry e ON e.posting_id = p.id "
            "GROUP BY p.id, p.reference ORDER BY p.id",
        )


def _rows(cursor: Any, query: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
    cursor.execute(query, parameters)
    names = [column[0] for column in cursor.description]
    return [{name: _plain(name, value) for name, value in zip(names, row, strict=True)} for row in cursor.fetchall()]


def _plain(name: str, value: Any) -> Any:
    """Both databases alike: SQLite keeps instants as text in UTC and truths as numbers."""
    if name in {"is_accepted", "has_proxies"}:
        return bool(value)
    if isinstance(value, Decimal):
        return int(value)
    if name == "body":
        return json.loads(value) if isinstance(value, str) else value
    if hasattr(value, "isoformat"):
        return value.isoformat() if value.tzinfo else f"{value.isoformat()}+00:00"
    if isinstance(value, str) and name in {"at", "opens_at", "free_until", "hard_stop", "ends_at"}:
        return f"{value.replace(' ', 'T')}+00:00"
    return value
