"""The clinic scores a demand, explains each point, and makes figures of vague words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from listings.demands.actions.demands import adopt_indicators
from listings.demands.permissions import demand_in_clinic
from listings.demands.rules.clinic import examine_demand, indicators_in, vague_sentences
from market.values.refusal import Forbidden
from tests.brokers.builders import an_engagement
from tests.demands.builders import CARBON, LOAD, a_demand, a_demand_entry
from tests.people import Cast, Member

type SignIn = Callable[[Member], Client]


def test_words_without_a_figure_are_vague_and_get_a_quantity_with_its_unit() -> None:
    text = "显著提高锅炉热效率；飞灰含碳量降低到4%以下。减少停机。停机时间不超过十五天"
    assert vague_sentences(text) == ["显著提高锅炉热效率", "减少停机"]
    hints = examine_demand(a_demand_entry(targets=text)).hints
    assert [(it.code, it.quantity, it.unit) for it in hints[:2]] == [("vague_quantity", "热效率", "%"), ("vague", "", "")]


def test_indicators_already_said_in_words_are_found_once_each() -> None:
    found = indicators_in("块段采出率不低于65%；月产≥3万吨，噪声不超过 85 dB；块段采出率不低于70%。")
    assert [(it.name, it.comparison, it.value, it.unit) for it in found if it.name != "月产"] == [
        ("块段采出率", "at_least", Decimal(65), "%"),
        ("噪声", "at_most", Decimal(85), "dB"),
    ]
    assert examine_demand(a_demand_entry(targets="飞灰含碳量不高于4%", indicators=(CARBON,))).suggested == ()


def test_the_score_is_the_sum_of_explained_parts_and_full_for_a_whole_demand() -> None:
    bare = a_demand_entry(problem="不好用", targets="先进", expected="", keywords=(), budget=None)
    poor = examine_demand(bare)
    assert poor.score == sum(part.points for part in poor.parts) < 20
    assert sum(part.of for part in poor.parts) == 100
    whole = a_demand_entry(
        problem="二号机组飞灰含碳量长期为8%，最低稳燃负荷45%，燃料适应性差，近三年改造两次均未达到要求。" * 2,
        targets="飞灰含碳量不高于4%，最低稳燃负荷不高于30%，停机不超过15天。",
        conditions="利用一次计划检修",
        keywords=("飞灰", "稳燃", "循环流化床"),
        indicators=(CARBON, replace(LOAD, current="45 %", method="性能考核试验")),
    )
    assert (examine_demand(whole).score, examine_demand(whole).hints) == (100, ())


@pytest.mark.django_db
def test_the_enterprise_and_the_broker_it_engaged_use_the_clinic(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    demand = a_demand(cast, now, published=False, targets="显著提高热效率；飞灰含碳量不高于4%。")
    page, adopt = (reverse(f"demands:{name}", args=[demand.number]) for name in ("demand_clinic", "adopt_indicators"))
    enterprise = sign_in(cast.enterprise_agent)
    shown = enterprise.get(page).content.decode()
    assert "热效率" in shown
    assert "飞灰含碳量 ≤ 4 %" in shown
    assert sign_in(cast.rival_agent).get(page).status_code == 404
    with pytest.raises(Http404):
        demand_in_clinic(cast.broker.actor, demand.number)
    an_engagement(cast, a_demand(cast, now), now)
    assert demand_in_clinic(cast.broker.actor, demand.number) == demand
    with pytest.raises(Forbidden):
        adopt_indicators(demand, actor=cast.broker.actor, now=now)
    enterprise.post(adopt)
    demand.refresh_from_db()
    assert [it.name for it in demand.figures] == ["飞灰含碳量"]
