"""Bidders who bid as fast as they can and write down what they tried and what they were told, each line on disk before they go on."""

from __future__ import annotations

import json
import os
import random
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

# Places a bid (amount in fen, key); gives the answer as the record below wants it, or nothing when none came.
type Place = Callable[[int, str], Mapping[str, Any] | None]


class Notebook:
    """One bidder's record of attempts and answers."""

    def __init__(self, path: Path) -> None:
        self.file: TextIO = path.open("a", encoding="utf-8")

    def note(self, **line: Any) -> None:
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())


class Bidder:
    """Bids above what it believes to be the best, sometimes wrongly; an attempt without an answer is sent again under its key."""

    def __init__(self, organisation: int, start: int, step: int, place: Place, notebook: Notebook, seed: int) -> None:
        self.organisation, self.start, self.step, self.place, self.notebook = organisation, start, step, place, notebook
        self.random = random.Random(seed)
        self.best = start - step

    def bid(self) -> bool:
        """One attempt, until it is answered; whether it was accepted."""
        amount, key = self._amount(), secrets.token_hex(16)
        self.notebook.note(**{"try": key, "bidder": self.organisation, "amount": amount})
        answer = None
        while answer is None:
            answer = self.place(amount, key)
        self.notebook.note(answer=key, **answer)
        self.best = max(self.best, answer.get("minimum", self.start) - self.step)
        return bool(answer["accepted"])

    def _amount(self) -> int:
        """Mostly the next step or a few above it; sometimes stale, sometimes no whole step."""
        dice = self.random.random()
        if dice < 0.05:
            return max(self.best - self.step, 1)
        if dice < 0.08:
            return self.best + self.step + 1
        return self.best + self.step * self.random.choice((1, 1, 1, 2, 5))


def through_the_action(auction: str, actor: Any) -> Place:
    """Bids by `place_bid`, in this process."""
    from listings.auctions.actions.bids import place_bid
    from market.values.money import Money

    def place(amount: int, key: str) -> Mapping[str, Any]:
        receipt = place_bid(auction, Money(amount), key=key, actor=actor)
        record = receipt.record
        return {
            "accepted": record.is_accepted,
            "sequence": record.sequence,
            "hash": record.hash(),
            "code": record.refusal,
            "minimum": receipt.minimum.fen,
        }

    return place
