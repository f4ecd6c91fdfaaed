"""The models of credit, by subject; Django finds them here."""

from brokers.credit.models.appeals import Appeal, Repair
from brokers.credit.models.ledger import Entry, Record, Standing
from brokers.credit.models.reviews import Review

__all__ = ["Appeal", "Entry", "Record", "Repair", "Review", "Standing"]
