"""What higher apps show on the pages of deals, listings and achievements."""

from __future__ import annotations

from listings.models.achievements import Achievement
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.panels import Panels

deal_panels: Panels[Deal] = Panels()
# Beside the listing, among what the reader may do next.
listing_panels: Panels[Listing] = Panels()
# Below what is told of a listing or an achievement.
listing_feet: Panels[Listing] = Panels()
achievement_feet: Panels[Achievement] = Panels()
