"""`manage.py check_messages`: does every message of the interface have its translation, and are they sound?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from market.messages import faults, messages_in_code


class Command(BaseCommand):
    help = "Names each message of code and templates whose translation is missing or wrong; exits with 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        found = faults()
        for language, sentences in found.items():
            for sentence in sentences:
                self.stderr.write(f"{language}: {sentence}")
        if found:
            raise CommandError(f"{sum(map(len, found.values()))} faults in the translations.")
        self.stdout.write(f"{len(messages_in_code())} messages, all translated.")
