"""The site that the portal's tests look at."""

from __future__ import annotations

import pytest
from wagtail.models import Site

from market.portal.actions import build_site
from tests.portal.sites import some_texts


@pytest.fixture
def site(db: None) -> Site:
    return build_site(some_texts())
