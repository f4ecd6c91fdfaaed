"""The rules of technology contracts, one module per subject."""
