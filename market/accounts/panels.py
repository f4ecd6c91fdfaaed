"""What higher apps show on the public page of an organisation."""

from __future__ import annotations

from market.accounts.models import Organisation
from market.panels import Panels

organisation_panels: Panels[Organisation] = Panels()
