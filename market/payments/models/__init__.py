"""Accounts and entries, deposits and payments, bank statements and bank accounts, what is to be paid out, and what Stripe said."""

from market.payments.models import bank_accounts, deposits, ledger, payouts, statements, stripe

__all__ = ["bank_accounts", "deposits", "ledger", "payouts", "statements", "stripe"]
