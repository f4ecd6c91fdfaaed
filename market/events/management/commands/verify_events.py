"""`manage.py verify_events`: does every chain of the event log hold, and is it as it was anchored outside the database?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from market.events.anchors import anchor_file
from market.events.models import Event
from market.events.queries import anchor_flaws, broken_links
from market.signatures import known_keys


class Command(BaseCommand):
    help = "Verifies the hash chain of every subject in the event log; exits with 1 and names each flaw if one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchors", type=Path, help="the heads as somebody else has kept them; else this installation's file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        flaws = broken_links()
        for flaw in flaws:
            self.stderr.write(f"{flaw.subject} #{flaw.sequence}: {flaw.reason} does not hold")
        anchored = anchor_flaws(options["anchors"] or anchor_file(), known_keys())
        for found in anchored:
            self.stderr.write(f"anchor {found.line}: {found.chain} #{found.sequence}: {found.reason}")
        if flaws or anchored:
            raise CommandError(f"{len(flaws) + len(anchored)} flaws in the event log.")
        self.stdout.write(f"{Event.objects.count()} events, every chain holds.")
