"""What proves an auction to others: signed receipts, the evidence package, and the rules played again from it."""
