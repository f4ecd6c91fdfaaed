"""`manage.py draw_states`: the reference page of all state machines, drawn anew from their tables."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from market.machines import drawing, machines

PAGE = settings.BASE_DIR / "docs" / "reference" / "states.md"


class Command(BaseCommand):
    help = "Writes docs/reference/states.md from the tables in each app's states."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(drawing(), encoding="utf-8")
        self.stdout.write(f"{len(machines())} machines drawn in {PAGE.relative_to(settings.BASE_DIR)}.")
