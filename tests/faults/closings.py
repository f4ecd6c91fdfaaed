"""Did an auction end once? Checks its rows, read with plain SQL: one closing, one winner, one deal, each loser's deposit freed once,
one package of evidence. Shares no code with the market.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_QUERIES = {
    "closings": "SELECT payload FROM events_event WHERE name = 'auction.closed' AND subject = 'auction:' || {key}",
    "deals": "SELECT buyer_id, price_fen FROM listings_deal WHERE listing_id = {listing}",
    "won": "SELECT i.buyer_id FROM events_event e JOIN listings_intent i ON e.subject = 'intent:' || i.key "
    "WHERE e.name = 'intent.won' AND i.listing_id = {listing}",
    "deposits": "SELECT d.payer_id, d.state, (SELECT count(*) FROM events_event e WHERE e.name = 'deposit.released' "
    "AND e.subject = 'deposit:' || d.key) AS releases FROM payments_deposit d JOIN listings_intent i "
    "ON d.matter = 'intent:' || i.key WHERE i.listing_id = {listing}",
    "best": "SELECT p.organisation_id, p.number, b.amount_fen FROM auctions_bid b JOIN auctions_bidderpass p ON p.id = b.bidder_id "
    "JOIN auctions_auction a ON a.id = b.auction_id WHERE b.is_accepted AND a.key = {key} ORDER BY b.amount_fen DESC LIMIT 1",
    "evidence": "SELECT e.text FROM auctions_evidence e JOIN auctions_auction a ON a.id = e.auction_id WHERE a.key = {key}",
}


def ending(database: Any, key: str, listing: int, *, mark: str) -> dict[str, list[dict[str, Any]]]:
    """What there is of this auction's end. `database` is a connection, `mark` its placeholder."""
    return {name: _rows(database, query, key, listing, mark) for name, query in _QUERIES.items()}


def _rows(database: Any, query: str, key: str, listing: int, mark: str) -> list[dict[str, Any]]:
    cursor = database.cursor()
    cursor.execute(query.format(key=mark, listing=mark), [key if "{key}" in query else listing])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def flaws(rows: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Everything that is wrong about an auction that somebody has won, each in a sentence."""
    for name in ("closings", "deals", "won", "evidence"):
        if len(rows[name]) != 1:
            yield f"{name}: {len(rows[name])} instead of one"
    [best] = rows["best"]
    winner, price = best["organisation_id"], best["amount_fen"]
    yield from (f"winner: told is {told}" for told in map(_told, rows["closings"]) if told != (best["number"], price))
    for deal in rows["deals"]:
        if (deal["buyer_id"], deal["price_fen"]) != (winner, price):
            yield "winner: the deal is another's, or at another price"
    for deposit in rows["deposits"]:
        expected = ("held", 0) if deposit["payer_id"] == winner else ("due_back", 1)
        if (deposit["state"], deposit["releases"]) != expected:
            yield f"deposit: {deposit['state']}, released {deposit['releases']} times"


def _told(closing: dict[str, Any]) -> tuple[int, int]:
    payload = closing["payload"]
    content = json.loads(payload) if isinstance(payload, str) else payload
    return content["winner"], content["price_fen"]
