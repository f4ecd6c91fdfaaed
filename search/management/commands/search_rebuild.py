"""`manage.py search_rebuild`: makes the search index anew; searching goes on meanwhile."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.documents import Document, count
from search.engines import EngineAwayError, engine
from search.indexing import rebuild


class Command(BaseCommand):
    help = "Makes the search index anew; searching goes on meanwhile, and no change made meanwhile is lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-needed", action="store_true", help="only when there is no index, or one from an older version")

    def handle(self, *args: Any, **options: Any) -> None:
        index = engine()
        if index is None:
            self.stdout.write(
                "No search index: there is neither Elasticsearch (ELASTICSEARCH_URL) nor SQLite. Pages ask the database."
            )
            return
        try:
            if options["if_needed"] and index.is_current():
                self.stdout.write(f"The search index ({index.name}) is up to date.")
                return
            self._rows = 0
            rebuild(index, progress=self._progress)
        except EngineAwayError as error:
            sentence = f"The search engine ({index.name}) did not answer: {error}"
            if not options["if_needed"]:
                raise CommandError(sentence) from error
            # The market opens without it: pages ask the database, and the worker makes the index when the engine is there.
            self.stderr.write(f"{sentence}\nUntil it does, pages ask the database.")
            return
        self.stdout.write(f"The search index ({index.name}) is built: {self._rows} entries.")

    def _progress(self, rows: Iterable[Document]) -> Iterable[Document]:
        for row in tqdm(rows, total=count(), desc="Search index", unit="", file=self.stderr, disable=None):
            self._rows += 1
            yield row
