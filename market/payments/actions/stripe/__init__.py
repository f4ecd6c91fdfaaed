"""All writing about cards and wallets: what is asked of Stripe, what it tells, and what follows in the ledger."""
