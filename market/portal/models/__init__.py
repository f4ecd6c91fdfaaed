"""Which pages has the portal? Import the subject's module, not this package."""

from market.portal.models import articles, home, places

__all__ = ["articles", "home", "places"]
