"""What may be registered, listed and dealt, for how long and for how much? Pure decisions."""
