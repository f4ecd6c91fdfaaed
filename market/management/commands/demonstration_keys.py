"""`manage.py demonstration_keys DIRECTORY`: the key files to the demonstration's sealed bids, one for each holder."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from listings.auctions.kinds import Seat
from market.demonstration.bidding import key_file


class Command(BaseCommand):
    help = "Writes the files that the holders of keys would have kept: registrar, supervisor, seller. Embedded settings only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("There are no demonstration keys under these settings.")
        directory: Path = options["directory"]
        directory.mkdir(parents=True, exist_ok=True)
        for seat in Seat:
            path = directory / f"lot-key-{seat.name.lower()}.json"
            path.write_text(key_file("demonstration", seat), encoding="utf-8")
            self.stdout.write(str(path))
