"""`manage.py demonstration_code`: the present second factor of the demonstration's broker and officials."""

from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from market.demonstration.people import TOTP_SECRET


class Command(BaseCommand):
    help = "Prints the six digits that the demonstration's broker and officials are asked for now. Embedded settings only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("There are no demonstration accounts under these settings.")
        counter = next(iter(yield_hotp_counters_from_time()))
        self.stdout.write(format_hotp_value(hotp_value(TOTP_SECRET, counter)))
