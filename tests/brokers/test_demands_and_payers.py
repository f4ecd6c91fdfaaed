"""Mandates about a demand, and commissions of which the other party of the deal pays a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from brokers.actions.commissions import credit_commissions
from brokers.actions.engagements import end_engagement, propose_engagement
from brokers.actions.introductions import agree_to_bear
from brokers.models import Commission, Engagement
from brokers.permissions import visible_commissions
from brokers.queries import commission_shares
from listings.models.deals import Deal
from listings.permissions.deals import visible_deals
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn
from tests.brokers.builders import a_broker, a_sellers_engagement, an_engagement, an_introduction, some_terms
from tests.demands.builders import a_demand
from tests.listings.builders import a_deal, a_listing
from tests.people import Cast, Member, an_organisation
from tests.refused import refused_with

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]


def _earned(deal: Deal) -> list[Commission]:
    return credit_commissions(deal, contract_value=deal.price, reason="test", now=deal.concluded_at)


@pytest.mark.parametrize(
    ("introduced", "days_before", "ended", "earns"),
    [(True, 1, None, True), (False, 1, None, False), (True, -1, None, False), (True, 200, 190, False), (True, 200, 170, True)],
    ids=["introduced", "not introduced", "deal before the mandate", "protection over", "within the protection"],
)
def test_a_mandate_for_a_demand_earns_with_whoever_was_introduced_under_it(
    cast: Cast, now: datetime, introduced: bool, days_before: int, ended: int | None, earns: bool
) -> None:
    engagement = an_engagement(cast, a_demand(cast, now), now)
    an_introduction(cast, now, engagement, confirmed=introduced)
    deal = a_deal(cast, now)
    deal.concluded_at = now + timedelta(days=days_before)
    deal.save()
    if ended is not None:
        end_engagement(
            engagement, reason="解除", actor=cast.enterprise_agent.actor, now=deal.concluded_at - timedelta(days=ended)
        )
    assert visible_deals(cast.broker.actor).exists() is earns
    assert bool(_earned(deal)) is earns


def test_the_introduced_pays_its_part_once_it_has_agreed(cast: Cast, now: datetime) -> None:
    law_firm = an_organisation("某律师事务所", "service_provider", 77)
    terms = {
        "principal_share": Decimal("0.4"),
        "shares": {cast.institution.pk: Decimal("0.66667"), law_firm.pk: Decimal("0.33333")},
    }
    engagement = an_engagement(cast, a_demand(cast, now), now, **terms)
    introduction = an_introduction(cast, now, engagement, confirmed=True)
    with refused_with("accounts.role_missing", Forbidden):
        agree_to_bear(introduction, actor=cast.enterprise_agent.actor, now=now)
    agree_to_bear(introduction, actor=cast.university_agent.actor, now=now)
    (commission,) = _earned(a_deal(cast, now + timedelta(days=1)))
    assert commission.payers == [(cast.enterprise, Money.yuan("12000")), (cast.university, Money.yuan("18000"))]
    assert visible_commissions(cast.university_agent.actor).get() == commission
    shares = commission_shares(commission.deal)
    assert [(share.principal, share.payee, share.amount.fen) for share in shares] == [
        (cast.enterprise.pk, cast.institution.pk, 800004),
        (cast.university.pk, cast.institution.pk, 1200006),
        (cast.enterprise.pk, law_firm.pk, 399996),
        (cast.university.pk, law_firm.pk, 599994),
    ]


def test_who_was_never_asked_pays_nothing(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    an_engagement(cast, deal.listing, now, principal_share=Decimal(0))
    (commission,) = _earned(deal)
    assert commission.payers == [(cast.enterprise, Money.yuan("30000"))]


def test_one_running_mandate_per_broker_demand_and_principal(cast: Cast, now: datetime) -> None:
    demand = a_demand(cast, now)
    an_engagement(cast, demand, now)
    with refused_with("brokers.engagement_exists", OutOfTurn):
        an_engagement(cast, demand, now)
    an_engagement(cast, a_demand(cast, now), now)


def test_whoever_answers_a_demand_stands_on_its_other_side(cast: Cast, now: datetime) -> None:
    demand, proposal = a_demand(cast, now), {"broker": a_broker(cast, now), "actor": cast.university_agent.actor, "now": now}
    an_engagement(cast, demand, now)
    with refused_with("brokers.acts_for_other_side"):
        propose_engagement(demand, some_terms(cast, side="seller"), principal=cast.university, **proposal)
    a_sellers_engagement(cast, a_listing(cast, now), now)


def test_a_broker_offers_to_act_for_the_enterprise_of_a_demand(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    demand, broker = a_demand(cast, now), a_broker(cast, now)
    address = f"/brokers/engagements/for-demand/{demand.number}/"
    for member, finds in ((cast.broker, True), (cast.enterprise_agent, True), (cast.outsider, False)):
        assert (address in sign_in(member).get(demand.get_absolute_url()).content.decode()) is finds
    typed = {"scope": "寻找能解决该问题的单位。", "valid_until": "2099-01-01", "rate": "3", "others_share": "60"}
    typed |= {"due_when": "recognition", "tail_months": "6"}
    assert sign_in(cast.broker).post(address, typed | {"others_share": "160"}).status_code == 422
    assert sign_in(cast.broker).post(address, typed).status_code == 302
    engagement = Engagement.objects.get()
    assert (engagement.broker, engagement.principal, engagement.side) == (broker, cast.enterprise, "buyer")
    html = sign_in(cast.enterprise_agent).get(engagement.get_absolute_url()).content.decode()
    assert demand.title in html
    assert "60%" in html
    terms = sign_in(cast.enterprise_agent).get(f"{engagement.get_absolute_url()}terms/").context["form"]
    assert terms["others_share"].value() == "60"


def test_the_introduced_reads_the_terms_before_it_agrees_to_pay(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    engagement = an_engagement(cast, a_demand(cast, now), now, principal_share=Decimal("0.4"))
    page = an_introduction(cast, now, engagement).get_absolute_url()
    asked = sign_in(cast.university_agent)
    assert "60%" in asked.get(page).content.decode()
    assert f"{page}bear/" not in sign_in(cast.enterprise_agent).get(page).content.decode()
    assert asked.post(f"{page}bear/").status_code == 302
    assert f"{page}bear/" not in asked.get(page).content.decode()
    assert asked.post(f"{page}bear/").status_code == 422
