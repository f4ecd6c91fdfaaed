"""`manage.py reconcile`: do the providers and the ledger say the same?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from market.payments.actions.reconciliation import reconcile_all


class Command(BaseCommand):
    help = "Compares every provider with the ledger up to yesterday; exits with 1 and names each difference if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = reconcile_all(now=timezone.now())
        for it in differences:
            there, here = it.at_provider or "-", it.in_ledger or "-"
            self.stderr.write(f"{it.on} {it.provider} {it.reference}: {it.finding.value} (provider {there}, ledger {here})")
        if differences:
            raise CommandError(f"{len(differences)} differences.")
        self.stdout.write("The providers and the ledger agree.")
