"""`manage.py collect_messages`: enters new messages of code and templates into the catalogues, and drops what is unused."""

from typing import Any

from django.core.management.base import BaseCommand

from market.messages import collect_messages


class Command(BaseCommand):
    help = "Brings locale/*/LC_MESSAGES/django.po up to the code; new messages stand there with an empty translation."

    def handle(self, *args: Any, **options: Any) -> None:
        for language, (new, dropped) in collect_messages().items():
            self.stdout.write(f"{language}: {new} new, {dropped} no longer used.")
