"""Settlements and what is due, what left escrow and what a broker earned of it, reports on royalties, and disputes."""

from contracts.settlement.models import disbursements, disputes, royalties, settlements

__all__ = ["disbursements", "disputes", "royalties", "settlements"]
