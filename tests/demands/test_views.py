"""The pages of demands and proposals: what is typed, who reads it, and what comes back when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listings.demands.models.demands import Demand
from listings.demands.models.proposals import Proposal
from market.values.dates import day_of
from tests.demands.builders import CARBON, a_confidential_demand, a_demand, a_proposal
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]

ROWS = {"indicators-TOTAL_FORMS": "1", "indicators-INITIAL_FORMS": "0"}
ROW = {
    "indicators-0-name": "飞灰含碳量",
    "indicators-0-comparison": "at_most",
    "indicators-0-value": "4",
    "indicators-0-unit": "%",
}


@pytest.fixture
def now() -> datetime:
    return timezone.now() - timedelta(days=2)


def typed_demand(**changes: Any) -> dict[str, Any]:
    return {
        "title": "飞灰含碳量控制技术",
        "industry": "power",
        "problem": "现有机组飞灰含碳量偏高。",
        "targets": "飞灰含碳量不高于百分之四",
        "cooperation": "transfer",
        "valid_until": (day_of(timezone.now()) + timedelta(days=90)).isoformat(),
    } | changes


def test_a_demand_is_kept_as_a_draft_changed_published_and_closed(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.enterprise_agent)
    client.post(reverse("demands:publish_demand"), typed_demand(draft="1", **ROWS, **ROW))
    demand = Demand.objects.get()
    assert [it["name"] for it in demand.indicators] == ["飞灰含碳量"]
    assert Client().get(demand.get_absolute_url()).status_code == 404
    change, close = (reverse(f"demands:{name}_demand", args=[demand.number]) for name in ("change", "close"))
    client.post(change, typed_demand(title="改后的名称", **ROWS, **ROW))
    client.post(reverse("demands:publish_draft", args=[demand.number]))
    page = Client().get(demand.get_absolute_url()).content.decode()
    assert "改后的名称" in page
    assert "≤ 4 %" in page
    client.post(change, typed_demand(title="再改", **ROWS, **ROW))
    assert "第2版" in Client().get(demand.get_absolute_url()).content.decode()
    assert client.post(close, {"reason": ""}).status_code == 422
    client.post(close, {"reason": "已自行解决"})
    assert "已自行解决" in Client().get(demand.get_absolute_url()).content.decode()
    assert client.post(change, typed_demand()).status_code == 409


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"budget": "0"}, "budget"),
        ({"keywords": "一 二 三 四 五 六"}, "keywords"),
        ({"confidentiality": "named", "details": "运行数据", "named": "查无此单位"}, "named"),
    ],
)
def test_a_wrong_demand_comes_back_as_it_was_typed(cast: Cast, sign_in: SignIn, changes: dict[str, Any], where: str) -> None:
    page = sign_in(cast.enterprise_agent).post(reverse("demands:publish_demand"), typed_demand(**changes))
    assert page.status_code == 422
    assert page.context["form"].errors[where]
    assert "飞灰含碳量控制技术" in page.content.decode()
    assert not Demand.objects.exists()


def test_a_wrong_row_comes_back_with_its_error(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.enterprise_agent).post(
        reverse("demands:publish_demand"), typed_demand(**ROWS, **(ROW | {"indicators-0-value": "低"}))
    )
    assert page.status_code == 422
    assert page.context["indicators"].errors[0]["value"]
    assert not Demand.objects.exists()


def test_details_stand_on_the_page_only_for_whoever_accepted_the_terms(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    demand = a_confidential_demand(cast, now)
    client = sign_in(cast.university_agent)
    terms = reverse("demands:accept_terms", args=[demand.number])
    assert demand.details not in client.get(demand.get_absolute_url()).content.decode()
    assert client.get(reverse("demands:draft_proposal", args=[demand.number])).status_code == 403
    assert demand.nondisclosure in client.get(terms).content.decode()
    assert client.post(terms).status_code == 302
    assert demand.details in client.get(demand.get_absolute_url()).content.decode()
    assert client.get(reverse("demands:draft_proposal", args=[demand.number])).status_code == 200
    assert demand.details not in Client().get(demand.get_absolute_url()).content.decode()


def test_a_team_answers_is_asked_and_awarded_on_the_pages(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    demand = a_demand(cast, now, indicators=(CARBON,))
    team, seeker = sign_in(cast.university_agent), sign_in(cast.enterprise_agent)
    typed = {
        "approach": "先做冷态试验，再改造布风板和返料系统，最后联调七十二小时并做性能考核，全过程在线监测，风险在于燃料水分波动较大。"
    }
    typed |= {"price": "180万", "months": "14", "team": "发明人甲，负责人\n发明人乙", "value_0": "3.5", "remark_0": "满负荷"}
    team.post(reverse("demands:draft_proposal", args=[demand.number]), typed)
    proposal = Proposal.objects.get()
    assert proposal.team == [{"name": "发明人甲", "part": "负责人"}, {"name": "发明人乙", "part": ""}]
    assert seeker.get(proposal.get_absolute_url()).status_code == 404
    team.post(reverse("demands:submit_proposal", args=[proposal.key]))
    page = seeker.get(proposal.get_absolute_url()).content.decode()
    assert "3.5 %" in page
    assert "达到" in page
    assert 'value="3.5"' in team.get(reverse("demands:change_proposal", args=[proposal.key])).content.decode()
    seeker.post(reverse("demands:ask_question", args=[proposal.key]), {"text": "停机几天？"})
    question = proposal.questions.get()
    team.post(reverse("demands:answer_question", args=[question.key]), {"text": "十二天。"})
    assert "十二天。" in seeker.get(proposal.get_absolute_url()).content.decode()
    assert seeker.post(reverse("demands:award_proposal", args=[proposal.key])).status_code == 409
    seeker.post(reverse("demands:shortlist_proposal", args=[proposal.key]))
    awarded = seeker.post(reverse("demands:award_proposal", args=[proposal.key]), follow=True)
    assert demand.title in awarded.content.decode()
    assert sign_in(cast.rival_agent).get(proposal.get_absolute_url()).status_code == 404


def test_the_workbench_says_what_is_to_be_handed_in_until_when(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    demand = a_demand(cast, now)
    a_proposal(cast, demand, now, state="draft")
    page = sign_in(cast.university_agent).get(reverse("accounts:workbench")).content.decode()
    assert "份应答方案待提交" in page
    assert str(demand.valid_until.year) in page
