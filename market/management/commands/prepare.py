"""`manage.py prepare`: tables, first policy, and under the embedded settings the sample and its accounts. Quick when done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from contracts.signing import ensure_certificate_key
from market.demonstration.build import build_market, is_built
from market.demonstration.site import build_pages_and_plan
from market.events.actions import skip_history
from market.events.registry import READERS
from market.signatures import ensure_signing_key
from market.values.actor import Actor, Channel


class Command(BaseCommand):
    help = "Brings the installation up to date; what is there stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        ensure_signing_key()
        ensure_certificate_key(now=timezone.now())
        call_command("load_policy", stdout=self.stdout)
        is_new = settings.DEMONSTRATION and not is_built()
        if is_new:
            build_market(now=timezone.now(), progress=self._progress)
            skip_history(READERS["letters"])
        call_command("search_rebuild", if_needed=True, stdout=self.stdout, stderr=self.stderr)
        if is_new:
            call_command("worker", once=True)
        if settings.DEMONSTRATION:
            build_pages_and_plan(actor=Actor(channel=Channel.COMMAND), now=timezone.now())

    def _progress(self, rows: Iterable[Any], what: str) -> Iterable[Any]:
        return tqdm(rows, desc=f"Sample {what}", unit="", file=self.stderr, disable=None)
