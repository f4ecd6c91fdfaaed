"""`manage.py replace_signing_key`: a new key signs from now on; what the old one signed can still be checked."""

from typing import Any

from django.core.management.base import BaseCommand

from market.signatures import replace_signing_key


class Command(BaseCommand):
    help = "Makes a new signing key and keeps the public half of the one before; restart the market's processes afterwards."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Signing with key {replace_signing_key()}.")
