"""`manage.py check_messages`: does every message of the interface have its translation?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from market.messages import messages_in_code, untranslated


class Command(BaseCommand):
    help = "Names each message of code and templates that has no translation; exits with 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        missing = untranslated()
        for language, messages in missing.items():
            for context, text in messages:
                self.stderr.write(f"{language}: {f'[{context}] ' if context else ''}{text}")
        if missing:
            raise CommandError(f"{sum(map(len, missing.values()))} messages without a translation.")
        self.stdout.write(f"{len(messages_in_code())} messages, all translated.")
