"""`manage.py search_match`: compares all that is sought with all that is offered anew, as after a change of the rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from search.engines import EngineAwayError
from search.matching import match_all, open_keys
from search.models import Match
from search.query import Key


class Command(BaseCommand):
    help = "Matches every open demand and every offer anew; what was told before is not told again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            match_all(self._progress, now=timezone.now())
        except EngineAwayError as error:
            raise CommandError(f"The search engine did not answer: {error}") from error
        self.stdout.write(f"All is matched: {Match.objects.count()} matches.")

    def _progress(self, keys: Iterable[Key]) -> Iterable[Key]:
        many = sum(1 for _ in open_keys())
        return tqdm(keys, total=many, desc="Matches", unit="", file=self.stderr, disable=None)
