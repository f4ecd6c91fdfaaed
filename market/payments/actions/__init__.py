"""All writing about money, by subject."""
