"""The pure decisions about a settlement, by subject."""
