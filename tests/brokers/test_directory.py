"""Who is found in the directory, and what an institution tells of itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from brokers.actions.brokers import apply_as_broker, verify_broker, write_service_profile
from brokers.actions.commissions import credit_commissions, reverse_commissions
from brokers.credit.models import Standing
from brokers.models import Broker
from brokers.queries import DirectoryWish, brokers_found, organisations_found
from market.values.actor import Role
from tests.brokers.builders import a_broker, a_service_entry, an_engagement, an_entry
from tests.listings.builders import a_deal
from tests.people import Cast, Member, a_member, an_organisation

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]


@pytest.mark.parametrize(
    ("wish", "finds"),
    [
        (DirectoryWish(), True),
        (DirectoryWish(words="能源 十年"), True),
        (DirectoryWish(words="能源 芯片"), False),
        (DirectoryWish(level="senior"), True),
        (DirectoryWish(level="junior"), False),
        (DirectoryWish(field="power"), True),
        (DirectoryWish(field="pow"), False),
        (DirectoryWish(language="en"), True),
        (DirectoryWish(language="ja"), False),
    ],
)
def test_brokers_are_found_by_all_conditions_together(cast: Cast, now: datetime, wish: DirectoryWish, finds: bool) -> None:
    a_broker(cast, now, languages=("zh", "en"))
    assert brokers_found(wish).exists() is finds


def test_only_the_verified_stand_in_the_directory(cast: Cast, now: datetime) -> None:
    a_broker(cast, now, verified=False)
    an_organisation("未认证的评估所", "service_provider", 78, state="unverified")
    assert not brokers_found(DirectoryWish()).exists()
    assert list(organisations_found(DirectoryWish())) == [cast.institution]


def test_a_deal_counts_for_its_broker_until_its_commission_is_reversed(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    an_engagement(cast, deal.listing, now)
    credit_commissions(deal, contract_value=deal.price, reason="test", now=now)
    assert brokers_found(DirectoryWish()).get().deal_count == 1
    reverse_commissions(deal, now=now)
    assert brokers_found(DirectoryWish()).get().deal_count == 0


def test_institutions_are_found_by_what_they_do(cast: Cast, now: datetime) -> None:
    write_service_profile(cast.institution, a_service_entry(), actor=cast.broker.actor, now=now)
    assert organisations_found(DirectoryWish(service="valuation")).get() == cast.institution
    assert not organisations_found(DirectoryWish(service="legal")).exists()
    assert organisations_found(DirectoryWish(field="power", language="zh", words="能源企业")).exists()


def test_an_owner_writes_the_entry_and_finds_it_to_change(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    client, page = sign_in(cast.broker), f"/brokers/services/{cast.institution.key}/"
    assert "/brokers/services/entry/" in client.get(page).content.decode()
    typed = {"services": ["legal", "patent"], "introduction": "专利申请与诉讼。", "languages": ["en"]}
    assert client.post("/brokers/services/entry/", typed | {"services": []}).status_code == 422
    assert client.post("/brokers/services/entry/", typed).status_code == 302
    assert client.get("/brokers/services/entry/").context["form"]["services"].value() == ["legal", "patent"]
    html = sign_in(cast.outsider).get(page).content.decode()
    assert "法律服务、专利代理" in html
    assert "/brokers/services/entry/" not in html
    assert sign_in(cast.outsider).get("/brokers/services/entry/").status_code == 403


def test_the_directory_is_sorted_by_deals_or_by_grade_with_the_new_last(cast: Cast, now: datetime, client: Client) -> None:
    busy = a_broker(cast, now)
    deal = a_deal(cast, now)
    an_engagement(cast, deal.listing, now)
    credit_commissions(deal, contract_value=deal.price, reason="test", now=now)
    good, poor, unknown = (_another_broker(cast, now, name) for name in ("good", "poor", "unknown"))
    for broker, grade, score in ((good, "A", 30), (poor, "D", -9), (unknown, "new", 40)):
        Standing.objects.create(broker=broker, grade=grade, score=score)

    def shown(order: str) -> list[Broker]:
        return [broker for broker, _badges in client.get(f"/brokers/?order={order}").context["brokers"]]

    assert shown("") == shown("deals") == [busy, good, poor, unknown]
    assert shown("grade") == [good, poor, busy, unknown]


def _another_broker(cast: Cast, now: datetime, name: str) -> Broker:
    member = a_member(f"{name}@example.cn", cast.institution, Role.AGENT)
    broker = apply_as_broker(an_entry(cast), institution=cast.institution, actor=member.actor, now=now)
    return verify_broker(broker, actor=cast.supervisor.actor, now=now)


def test_what_is_no_choice_is_told_and_finds_everybody(cast: Cast, now: datetime, client: Client) -> None:
    broker = a_broker(cast, now)
    answer = client.get("/brokers/?level=grandmaster")
    assert answer.status_code == 200
    assert str(broker) in answer.content.decode()
    assert answer.context["form"].errors
