"""What is offered, sought and dealt? Import the subject's module, not this package."""

from listings.models import achievements, deals, listings

__all__ = ["achievements", "deals", "listings"]
