"""What higher apps show on the pages of a deal and a listing."""

from __future__ import annotations

from listings.models.deals import Deal
from listings.models.listings import Listing
from market.panels import Panels

deal_panels: Panels[Deal] = Panels()
# Beside the listing, among what the reader may do next.
listing_panels: Panels[Listing] = Panels()
