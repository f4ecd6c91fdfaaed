"""The site that the portal's tests look at."""

from __future__ import annotations

import pytest
from wagtail.models import Site


@pytest.fixture
def site(built_site: int, db: None) -> Site:
    return Site.objects.get(pk=built_site)
