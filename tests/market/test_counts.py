"""Several things are counted in one question."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from market.accounts.models import Membership, Organisation
from market.counts import counted
from tests.people import Cast


@pytest.mark.django_db
def test_each_thing_is_counted_by_its_name_and_none_is_none(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = counted(
            organisations=Organisation.objects.order_by("name"),
            nobody=Membership.objects.filter(role="nobody"),
            agents=Membership.objects.select_related("person").filter(role="agent"),
        )
    agents = Membership.objects.filter(role="agent").count()
    assert found == {"organisations": Organisation.objects.count(), "nobody": 0, "agents": agents}
    assert agents > 0
    assert len(asked) == 1
