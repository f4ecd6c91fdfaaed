"""Accounts and entries, deposits and payments, bank statements and bank accounts, and what Stripe said."""

from market.payments.models import bank_accounts, deposits, ledger, statements, stripe

__all__ = ["bank_accounts", "deposits", "ledger", "statements", "stripe"]
