"""What the worker could not do is shown to officials, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from market.events.models import Position, Trouble
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db


def test_troubles_and_stuck_readers_are_shown_to_officials_only(
    cast: Cast, now: datetime, sign_in: Callable[[Member], Client]
) -> None:
    url = reverse("oversight:attention")
    for member in (cast.supervisor, cast.administrator):
        assert "someone.failing" not in sign_in(member).get(url).content.decode()
    Trouble.objects.create(
        work="listings.close_due_notices", key=1, label="L2026-00001", failures=3, last_error="boom", since=now, retry_at=now
    )
    Position.objects.create(reader="someone.failing", failures=2, last_error="away", retry_at=now)
    for member in (cast.supervisor, cast.administrator):
        text = sign_in(member).get(url).content.decode()
        assert "L2026-00001" in text
        assert "someone.failing" in text
        assert url in sign_in(member).get(reverse("accounts:workbench")).content.decode()
    for member in (cast.registrar, cast.university_owner, cast.outsider):
        assert sign_in(member).get(url).status_code == 403
        assert url not in sign_in(member).get(reverse("accounts:workbench")).content.decode()
    assert Client().get(url).status_code == 302
