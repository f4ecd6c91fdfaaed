"""Many bid at once, on whatever database the suite runs on; and the checker finds what is planted."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.auctions.hall import open_hall, some_bidders
from tests.faults.dump import dump
from tests.faults.stress import bid_side_by_side
from tests.faults.verifier import flaws
from tests.people import Cast

BIDDERS, BIDS = 6, 20

type Plant = Callable[[dict[str, Any], list[dict[str, Any]]], None]


@pytest.fixture
def run(committed_db: None, tmp_path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The rows and the bidders' notes after a few threads bid against each other."""
    hall = open_hall(Cast(), some_bidders(BIDDERS), lasting=timedelta(hours=1))
    people = [(bidder.organisation.pk, bidder.person.pk) for bidder in hall.bidders]
    assert bid_side_by_side(hall.auction.key, people, tmp_path, lambda tried: tried < BIDS) > 0
    connection.ensure_connection()
    rows = dump(connection.connection, hall.auction.pk, mark="?" if connection.vendor == "sqlite" else "%s")
    notes = [json.loads(line) for path in tmp_path.glob("answers-*") for line in path.read_text().splitlines()]
    return rows, notes


def test_bids_at_once_are_all_there_as_they_were_answered_and_every_planted_fault_is_found(
    run: tuple[dict[str, Any], list[dict[str, Any]]],
) -> None:
    rows, notes = run
    assert len(rows["bids"]) == BIDDERS * BIDS
    assert flaws(rows, notes) == []
    for name, plant in PLANTED.items():
        bad_rows, bad_notes = copy.deepcopy(rows), copy.deepcopy(notes)
        plant(bad_rows, bad_notes)
        assert flaws(bad_rows, bad_notes), name


def _accepted(rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [bid for bid in rows["bids"] if bid["is_accepted"]]


def lose_a_bid(rows: dict[str, Any], notes: list[dict[str, Any]]) -> None:
    """An answered bid is not there; the rest is numbered and linked as if it never had been."""
    del rows["bids"][len(rows["bids"]) // 2]


def cut_the_tail(rows: dict[str, Any], notes: list[dict[str, Any]]) -> None:
    last = rows["bids"].pop()
    rows["auction"] |= {"sequence": last["sequence"] - 1, "head_hash": last["previous_hash"]}


def count_a_refused_bid(rows: dict[str, Any], notes: list[dict[str, Any]]) -> None:
    next(bid for bid in rows["bids"] if not bid["is_accepted"])["is_accepted"] = True


def bid_for_nobody(rows: dict[str, Any], notes: list[dict[str, Any]]) -> None:
    notes[:] = [note for note in notes if note.get("try") != rows["bids"][0]["key"]]


def accept_a_bid_twice(rows: dict[str, Any], notes: list[dict[str, Any]]) -> None:
    rows["bids"].append(rows["bids"][-1] | {"sequence": len(rows["bids"]) + 1})


def forget_the_lock(rows: dict[str, Any], notes: list[dict[str, Any]]) -> None:
    """Two bids that read the same standing: the later one is no step above the earlier."""
    first, second = _accepted(rows)[:2]
    second["amount_fen"] = first["amount_fen"]


def accept_after_the_end(rows: dict[str, Any], notes: list[dict[str, Any]]) -> None:
    last = _accepted(rows)[-1]
    end = datetime.fromisoformat(last["at"]) - timedelta(microseconds=1)
    rows["auction"]["hard_stop"] = rows["auction"]["ends_at"] = end.isoformat()


def crown_another(rows: dict[str, Any], notes: list[dict[str, Any]]) -> None:
    rows["auction"]["leader_id"] = next(
        bid["bidder_id"] for bid in rows["bids"] if bid["bidder_id"] != rows["auction"]["leader_id"]
    )


def edit_an_amount(rows: dict[str, Any], notes: list[dict[str, Any]]) -> None:
    _accepted(rows)[0]["amount_fen"] += 100


def move_nothing(rows: dict[str, Any], notes: list[dict[str, Any]]) -> None:
    rows["entries"].append({"id": 1, "source_id": 1, "target_id": 1, "amount_fen": 5})


PLANTED: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        lose_a_bid,
        cut_the_tail,
        count_a_refused_bid,
        bid_for_nobody,
        accept_a_bid_twice,
        forget_the_lock,
        accept_after_the_end,
        crown_another,
        edit_an_amount,
        move_nothing,
    )
}
