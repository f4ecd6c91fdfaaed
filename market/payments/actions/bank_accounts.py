"""Saying where refunds go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_role
from market.events.actions import record
from market.payments.models.bank_accounts import BankAccount
from market.payments.permissions import PAYERS
from market.payments.rules.bank_accounts import may_use_account, plain_number
from market.secrets_at_rest import sealed
from market.values.actor import Actor
from market.values.refusal import require


@transaction.atomic
def change_bank_account(organisation: Organisation, *, bank: str, number: str, actor: Actor, now: datetime) -> BankAccount:
    """Refunds go to this account from now on. The log knows only its last four digits. Event: bank_account.changed."""
    require_role(actor, organisation.pk, *PAYERS)
    plain = plain_number(number)
    require(may_use_account(bank=bank, number=plain))
    account, _is_new = BankAccount.objects.update_or_create(
        organisation=organisation,
        defaults={
            "bank": bank.strip(),
            "sealed_number": sealed(plain),
            "last_digits": plain[-4:],
            "changed_at": now,
            "changed_by_id": person_of(actor),
        },
    )
    subject, last_digits = organisation.subject, account.last_digits
    record("bank_account.changed", subject=subject, actor=actor, now=now, last_digits=last_digits)
    return account
