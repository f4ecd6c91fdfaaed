"""`manage.py verify_ledger`: does the ledger hold?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from market.payments.models.ledger import Posting
from market.payments.queries.ledger import ledger_flaws


class Command(BaseCommand):
    help = "Proves that all accounts sum to zero and none is overdrawn; exits with 1 and names each flaw if not."

    def handle(self, *args: Any, **options: Any) -> None:
        flaws = ledger_flaws()
        for flaw in flaws:
            self.stderr.write(f"{flaw.where}: {flaw.reason}")
        if flaws:
            raise CommandError(f"{len(flaws)} flaws in the ledger.")
        self.stdout.write(f"{Posting.objects.count()} postings, the ledger sums to zero.")
