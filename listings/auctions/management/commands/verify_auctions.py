"""`manage.py verify_auctions`: is every auction's chain of bids whole, as it was anchored, and as its bidders' receipts say?"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from listings.auctions.models.auctions import Auction
from listings.auctions.queries.auctions import anchor_flaws, flaw_of, receipt_flaws
from market.events.anchors import anchor_file
from market.signatures import known_keys


class Command(BaseCommand):
    help = "Checks the bids of all auctions against their hashes, the anchors and receipts; exits with 1 and names each flaw."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchors", type=Path, help="the heads as somebody else has kept them; else this installation's file"
        )
        parser.add_argument("--receipts", type=Path, nargs="*", default=[], help="receipts that bidders hold")

    def handle(self, *args: Any, **options: Any) -> None:
        found = []
        for auction in Auction.objects.order_by("pk").iterator():
            if flaw := flaw_of(auction):
                found.append(f"bids:{auction.key} #{flaw.sequence}: {flaw.reason}")
        keys = known_keys()
        for anchor in anchor_flaws(options["anchors"] or anchor_file(), keys):
            found.append(f"anchor {anchor.line}: {anchor.chain} #{anchor.sequence}: {anchor.reason}")
        for path in options["receipts"]:
            content = json.loads(path.read_text(encoding="utf-8"))
            found += receipt_flaws(content.get("receipts", [content]), keys)
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} flaws in the auctions.")
        self.stdout.write(f"{Auction.objects.count()} auctions, every chain holds.")
