"""Accounts and entries, deposits and payments, bank statements."""

from market.payments.models import deposits, ledger, statements

__all__ = ["deposits", "ledger", "statements"]
