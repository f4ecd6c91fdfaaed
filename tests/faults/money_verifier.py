"""Does the money hold, at this moment and afterwards? Checks plain rows; shares no code with the market.

A snapshot is that of `tests.faults.dump.money`. Notes are lines that a process wrote after it was told that something was
booked: `{"did": reference, "fen": amount}`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

type Row = dict[str, Any]

# Where money comes in and goes out: less than nothing there is money that the market has.
_ASSETS = {"bank", "stripe_clearing", "claims", "payment_costs"}
_HOLDING = {"held", "due_back"}
_PAID_OUT = {"payable_to_seller", "commission_payable", "reward_payable"}


def snapshot_flaws(snapshot: Row) -> list[str]:
    """Everything that is wrong at this moment, each in a sentence."""
    balances = {(it["purpose"], it["organisation_id"]): it["gained"] - it["lost"] for it in snapshot["accounts"]}
    return [
        *_sum(snapshot, balances),
        *_negative(balances),
        *_holds(snapshot["deposits"], balances),
        *_orders(snapshot["payouts"], balances),
        *_bank(snapshot, balances),
    ]


def _sum(snapshot: Row, balances: dict[Any, int]) -> Iterator[str]:
    moved = snapshot["moved"]
    gained, lost = (sum(it[side] for it in snapshot["accounts"]) for side in ("gained", "lost"))
    if not gained == lost == moved:
        yield f"sum: {gained} gained, {lost} lost, {moved} moved"
    owed = sum(fen for (purpose, _whose), fen in balances.items() if purpose not in _ASSETS)
    there = -sum(fen for (purpose, _whose), fen in balances.items() if purpose in _ASSETS)
    if owed != there:
        yield f"sum: {owed} fen are owed, {there} are there"


def _negative(balances: dict[Any, int]) -> Iterator[str]:
    for (purpose, whose), fen in balances.items():
        if (fen > 0) if purpose in _ASSETS else (fen < 0):
            yield f"negative: {purpose} of {whose} has {fen}"


def _holds(deposits: Iterable[Row], balances: dict[Any, int]) -> Iterator[str]:
    """What is held for a payer is the sum of the payer's deposits that are held or due back."""
    held: Counter[int] = Counter()
    for row in deposits:
        if row["state"] in _HOLDING:
            held[row["payer_id"]] += row["fen"]
    on_accounts = {whose: fen for (purpose, whose), fen in balances.items() if purpose == "deposit_held"}
    for whose in held.keys() | on_accounts.keys():
        if held[whose] != on_accounts.get(whose, 0):
            yield f"hold: {on_accounts.get(whose, 0)} fen are held for {whose}, whose deposits come to {held[whose]}"


def _orders(payouts: Iterable[Row], balances: dict[Any, int]) -> Iterator[str]:
    """What is owed to a payee lies ready for the orders to pay it, no more and no less."""
    ordered: Counter[tuple[str, int]] = Counter()
    for row in payouts:
        if row["state"] == "ordered":
            ordered[row["purpose"], row["payee_id"]] += row["fen"]
    ready = {key: fen for key, fen in balances.items() if key[0] in _PAID_OUT}
    for key in ordered.keys() | ready.keys():
        if ordered[key] != ready.get(key, 0):
            yield f"order: {ordered[key]} fen are ordered for {key}, {ready.get(key, 0)} lie ready"


def _bank(snapshot: Row, balances: dict[Any, int]) -> Iterator[str]:
    """What came in and did not go out again is at the bank."""
    received = sum(row["fen"] for row in snapshot["payments"] if row["state"] == "received")
    paid = sum(row["fen"] for row in snapshot["payouts"] if row["state"] == "paid")
    if (there := -balances.get(("bank", None), 0)) != received - paid:
        yield f"bank: {there} fen are there, {received} came in, {paid} were paid out"


def booked_flaws(postings: Sequence[Row], notes: Iterable[Row]) -> list[str]:
    """What somebody was told is booked, once, with its amount."""
    times = Counter(row["reference"] for row in postings)
    amounts = {row["reference"]: row["fen"] for row in postings}
    found = [f"duplicate: {reference} is booked twice" for reference, count in times.items() if count > 1]
    for note in notes:
        if "did" not in note:
            continue
        if note["did"] not in times:
            found.append(f"lost: {note['did']} was told, and is not booked")
        elif amounts[note["did"]] != note["fen"]:
            found.append(f"changed: {note['did']} was told with {note['fen']} fen, and is booked with {amounts[note['did']]}")
    return found
