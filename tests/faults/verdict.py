"""What came of a run: the rows and the bidders' own notes put before the checker, and the market's own proofs beside it."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from listings.auctions.models.auctions import Auction
from tests.faults.dump import dump
from tests.faults.verifier import flaws


def checked(auction: Auction, folder: Path, *, notes: str = "answers-*") -> tuple[int, list[str]]:
    """How many bids stand there, and all that is wrong, by the notes of this name."""
    connection.ensure_connection()
    rows = dump(connection.connection, auction.pk, mark="?" if connection.vendor == "sqlite" else "%s")
    answers = [json.loads(line) for path in sorted(folder.glob(f"{notes}.jsonl")) for line in path.read_text().splitlines()]
    return len(rows["bids"]), flaws(rows, answers)


def prove() -> None:
    """The market's own proofs of its chains and its ledger. They raise when they find something."""
    call_command("verify_events")
    call_command("verify_ledger")
