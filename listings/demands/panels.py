"""What higher apps show on the pages of demands."""

from __future__ import annotations

from listings.demands.models.demands import Demand
from market.panels import Panels

# Below what is told of a demand.
demand_feet: Panels[Demand] = Panels()
