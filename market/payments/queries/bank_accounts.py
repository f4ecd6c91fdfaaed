"""Where does money go that is owed to somebody?"""

from __future__ import annotations

from market.accounts.models import Organisation
from market.payments.models.bank_accounts import BankAccount
from market.payments.rules.bank_accounts import BankOrder
from market.secrets_at_rest import opened
from market.values.money import Money


def order_to(payee: Organisation, amount: Money, remark: str) -> BankOrder:
    """What the bank is to pay to the payee's account, whose number is opened; to none where the payee has named none."""
    account: BankAccount | None = getattr(payee, "bank_account", None)
    bank, number = (account.bank, opened(account.sealed_number)) if account else ("", "")
    return BankOrder(payee.name, bank, number, amount, remark)
