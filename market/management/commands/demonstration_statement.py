"""`manage.py demonstration_statement FILE`: today's statement of the demonstration's bank, for finance to import."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from market.demonstration.money import written_statement


class Command(BaseCommand):
    help = "Writes a bank's statement (CSV) on which every payment that is asked for came in. Embedded settings only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("There is no demonstration under these settings.")
        file: Path = options["file"]
        file.write_bytes(written_statement(timezone.now()))
        self.stdout.write(str(file))
