"""What is sought, and how is it answered? Import the subject's module, not this package."""

from listings.demands.models import demands, proposals

__all__ = ["demands", "proposals"]
