"""`manage.py search_diff`: compares database and search index, entry by entry, and mends the index."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines import EngineAwayError, engine
from search.indexing import differences, refresh


class Command(BaseCommand):
    help = "Compares database and search index and mends the index; ends with 1 when --check found a difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        index = engine()
        if index is None:
            raise CommandError("There is no search index to compare with: set ELASTICSEARCH_URL, or use SQLite.")
        try:
            found = differences(index)
            for what, keys in (("missing", found.missing), ("stale", found.stale), ("left over", found.left_over)):
                self.stdout.write(f"{what}: {len(keys)}")
                for key in keys[:20]:
                    self.stdout.write(f"  {key.kind.value} {key.pk}")
            if not found:
                return
            if options["check"]:
                raise CommandError("Database and search index differ.", returncode=1)
            refresh(index, found.keys)
        except EngineAwayError as error:
            raise CommandError(f"The search engine ({index.name}) did not answer: {error}") from error
        self.stdout.write("The search index is mended.")
