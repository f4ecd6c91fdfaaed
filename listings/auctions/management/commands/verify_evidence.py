"""`manage.py verify_evidence FILE`: does this package hold, and who wins by it? Needs no database."""

from __future__ import annotations

import base64
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from listings.auctions.evidence.checking import checked
from listings.auctions.evidence.course import Mismatch
from market.signatures import known_keys


class Command(BaseCommand):
    help = "Checks an auction's evidence package: signature, chains, rules; exits with 1 and names the first flaw."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--keys", type=Path, help="the published keys as a file; else those of this installation")
        parser.add_argument("--receipts", type=Path, nargs="*", default=[], help="receipts that bidders hold")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            package = _read(options["file"])
            keys = _keys(_read(options["keys"])) if options["keys"] else known_keys()
            receipts = [receipt for path in options["receipts"] for receipt in _receipts(_read(path))]
            result = checked(package, keys=keys, receipts=receipts)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"This cannot be read: {error}") from error
        except Mismatch as flaw:
            raise CommandError(f"The evidence does not hold: {flaw}.") from flaw
        won = f"bidder {result.winner} at {result.price} yuan" if result.winner else "nobody"
        self.stdout.write(f"The evidence holds: {result.state}, {result.bids} bids, won by {won}; head {result.head}.")


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _keys(published: Any) -> dict[str, bytes]:
    return {key["id"]: base64.b64decode(key["public_key"]) for key in published["keys"]}


def _receipts(content: Any) -> list[Any]:
    """One receipt, or a file with all of a bidder's."""
    return list(content["receipts"]) if "receipts" in content else [content]
