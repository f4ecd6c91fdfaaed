"""`manage.py verify_events`: does every chain of the event log hold?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from market.events.models import Event
from market.events.queries import broken_links


class Command(BaseCommand):
    help = "Verifies the hash chain of every subject in the event log; exits with 1 and names each flaw if one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        flaws = broken_links()
        for flaw in flaws:
            self.stderr.write(f"{flaw.subject} #{flaw.sequence}: {flaw.reason} does not hold")
        if flaws:
            raise CommandError(f"{len(flaws)} flaws in the event log.")
        self.stdout.write(f"{Event.objects.count()} events, every chain holds.")
