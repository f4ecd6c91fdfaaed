"""Accounts and entries, deposits and payments, statements and bank accounts, what is to go out or come back, and what Stripe said."""

from market.payments.models import bank_accounts, deposits, ledger, payouts, recoveries, statements, stripe

__all__ = ["bank_accounts", "deposits", "ledger", "payouts", "recoveries", "statements", "stripe"]
