"""Money moved by several at once, on whatever database the suite runs on; and the checker finds what is planted."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from market.payments.actions import ledger
from tests.faults.dump import money, postings, sums
from tests.faults.money import operate, prepared, snapshots
from tests.faults.money_operations import Mover
from tests.faults.money_verifier import booked_flaws, snapshot_flaws

THREADS, OPERATIONS = 4, 30

type Rows = dict[str, Any]
type Plant = Callable[[Rows], None]


def test_money_moved_at_once_holds_at_every_moment_and_every_planted_fault_is_found(committed_db: None, tmp_path: Path) -> None:
    people = prepared()
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            operate(people, tmp_path / f"money-{number}.jsonl", OPERATIONS, seed=number)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    with snapshots(0.1) as seen:
        threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert errors == []
    assert len(seen) > 1
    assert not any(seen)
    # By chance every deposit may have ended, and one of the plants needs one that has not.
    further = count(THREADS)
    while not any(it["state"] in {"held", "due_back"} for it in money(connection)["deposits"]):
        run(next(further))
    assert errors == []
    notes = [json.loads(line) for path in tmp_path.glob("money-*") for line in path.read_text().splitlines()]
    rows: Rows = {"snapshot": money(connection), "postings": postings(connection), "notes": notes}
    assert found_in(rows) == []
    assert sum("did" in note for note in notes) > THREADS
    for name, plant in PLANTED.items():
        bad = copy.deepcopy(rows)
        plant(bad)
        assert found_in(bad), name


@pytest.mark.django_db
def test_a_ledger_that_forgets_to_look_at_balances_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    mover = Mover(prepared(), 1)
    for _ in range(3):
        mover.deposit()
        mover.hold()
    monkeypatch.setattr(ledger, "overdrawn", lambda *_all, **_options: [])
    mover.overdraw()
    with connection.cursor() as cursor:
        flaws = snapshot_flaws(sums(cursor))
    assert any(flaw.startswith("negative: deposit_held") for flaw in flaws)


def found_in(rows: Rows) -> list[str]:
    return snapshot_flaws(rows["snapshot"]) + booked_flaws(rows["postings"], rows["notes"])


def lose_a_booking(rows: Rows) -> None:
    told = next(note["did"] for note in rows["notes"] if "did" in note)
    rows["postings"] = [row for row in rows["postings"] if row["reference"] != told]


def book_twice(rows: Rows) -> None:
    rows["postings"].append(rows["postings"][0])


def book_another_sum(rows: Rows) -> None:
    told = {note["did"] for note in rows["notes"] if "did" in note}
    next(row for row in rows["postings"] if row["reference"] in told)["fen"] += 1


def lose_half_of_a_movement(rows: Rows) -> None:
    next(it for it in rows["snapshot"]["accounts"] if it["gained"])["gained"] -= 1


def hold_for_nothing(rows: Rows) -> None:
    """A deposit has ended, and its money is still held."""
    next(it for it in rows["snapshot"]["deposits"] if it["state"] in {"held", "due_back"})["state"] = "refunded"


def order_what_is_not_there(rows: Rows) -> None:
    rows["snapshot"]["payouts"].append({"payee_id": 1, "purpose": "payable_to_seller", "state": "ordered", "fen": 5})


def pay_out_and_forget(rows: Rows) -> None:
    rows["snapshot"]["payouts"].append({"payee_id": 1, "purpose": "payable_to_seller", "state": "paid", "fen": 5})


def overdraw(rows: Rows) -> None:
    """As much is taken from one account as another gets, and more than was there."""
    accounts = rows["snapshot"]["accounts"]
    one, other = [it for it in accounts if it["purpose"] == "deposit_held"][:2]
    one["lost"] += 10**12
    other["gained"] += 10**12
    rows["snapshot"]["moved"] += 10**12


PLANTED: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        lose_a_booking,
        book_twice,
        book_another_sum,
        lose_half_of_a_movement,
        hold_for_nothing,
        order_what_is_not_there,
        pay_out_and_forget,
        overdraw,
    )
}
