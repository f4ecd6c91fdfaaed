"""The sample's plan can be entered, and says what the city's plan says."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from market.oversight.actions import load_plan
from market.oversight.plans import plan_terms
from market.oversight.queries.plans import plan_figures
from market.values.actor import Actor, Channel


def _sample(name: str) -> Any:
    return json.loads((settings.SAMPLE_DIR / name).read_text(encoding="utf-8"))


@pytest.mark.django_db
def test_the_samples_plan_is_entered_as_it_is(now: datetime) -> None:
    rows = _sample("indicators.json")
    load_plan(plan_terms(_sample("plan.json"), rows), actor=Actor(channel=Channel.COMMAND), now=now)
    figures = plan_figures()
    assert figures is not None
    assert [indicator.code for indicator in figures.indicators] == [row["code"] for row in rows]
    contract_value = figures.indicators[0]
    assert {year.year: year.planned for year in contract_value.years}[2020] == Decimal(12850)
    assert all(indicator.latest is None for indicator in figures.indicators)
