"""Accounts and entries, deposits and payments, bank statements and bank accounts."""

from market.payments.models import bank_accounts, deposits, ledger, statements

__all__ = ["bank_accounts", "deposits", "ledger", "statements"]
