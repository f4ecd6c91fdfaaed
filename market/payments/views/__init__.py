"""Pages about money, by subject."""
