"""`manage.py reconcile`: do the providers and the ledger say the same?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from market.payments.actions.reconciliation import reconcile_all
from market.payments.actions.stripe.balance import read_balance
from market.payments.providers.stripe_api import NoAnswer, is_set_up


class Command(BaseCommand):
    help = "Compares every provider with the ledger up to yesterday; exits with 1 and names each difference if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        unread = _unread()
        differences = reconcile_all(now=timezone.now())
        for it in differences:
            there, here = it.at_provider or "-", it.in_ledger or "-"
            self.stderr.write(f"{it.on} {it.provider} {it.reference}: {it.finding.value} (provider {there}, ledger {here})")
        if differences or unread:
            raise CommandError(f"{len(differences)} differences. {unread}".strip())
        self.stdout.write("The providers and the ledger agree.")


def _unread() -> str:
    """Why Stripe's account of the balance could not be read to now; empty when it was, or there is none."""
    try:
        if is_set_up():
            read_balance(now=timezone.now())
    except NoAnswer as error:
        return f"Stripe did not answer, and was compared as of the last time it did: {error}"
    return ""
