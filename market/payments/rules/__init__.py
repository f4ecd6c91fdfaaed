"""The pure decisions about money, by subject."""
