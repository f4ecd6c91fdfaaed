"""`manage.py check_messages`: does every message of the interface have its translation, and are they sound?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from market.messages import faults, messages_in_code


class Command(BaseCommand):
    help = "Names each message of code and templates whose translation is missing or wrong; exits with 1 if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--incomplete", action="store_true", help="only what is wrong: the catalogue is being filled")

    def handle(self, *args: Any, **options: Any) -> None:
        found = faults()
        if options["incomplete"]:
            found = {
                language: [s for s in sentences if not s.endswith("has no translation")] for language, sentences in found.items()
            }
            found = {language: sentences for language, sentences in found.items() if sentences}
        for language, sentences in found.items():
            for sentence in sentences:
                self.stderr.write(f"{language}: {sentence}")
        if found:
            raise CommandError(f"{sum(map(len, found.values()))} faults in the translations.")
        self.stdout.write(f"{len(messages_in_code())} messages, all translated.")
