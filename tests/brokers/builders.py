"""Verified brokers and mandates in force, built through the actions that lead there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from brokers.actions.brokers import BrokerEntry, ServiceEntry, apply_as_broker, verify_broker
from brokers.actions.engagements import EngagementTerms, dispute_engagement, propose_engagement, sign_engagement
from brokers.actions.introductions import confirm_introduction, state_introduction
from brokers.models import Broker, Engagement, Introduction
from brokers.rules import CommissionTerms
from listings.demands.models.demands import Demand
from listings.models.listings import Listing
from market.accounts.models import Organisation
from market.values.money import Money
from tests.documents_made import a_document
from tests.listings.builders import a_listing
from tests.people import Cast


def an_entry(cast: Cast, **changes: object) -> BrokerEntry:
    entry = BrokerEntry(
        level="senior",
        certificate_number="JS20240001",
        valid_until=date(2027, 12, 31),
        fields=("power",),
        introduction="从事能源领域技术转移十年。",
        evidence=(a_document(cast.broker.actor, "证书.pdf"),),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def a_broker(cast: Cast, now: datetime, *, verified: bool = True, **changes: object) -> Broker:
    existing = Broker.objects.filter(person=cast.broker.person).first()
    if existing:
        return existing
    broker = apply_as_broker(an_entry(cast, **changes), institution=cast.institution, actor=cast.broker.actor, now=now)
    return verify_broker(broker, actor=cast.supervisor.actor, now=now) if verified else broker


def a_service_entry(**changes: object) -> ServiceEntry:
    entry = ServiceEntry(
        services=("brokerage", "valuation"),
        fields=("power",),
        languages=("zh", "en"),
        introduction="面向能源企业的技术转移服务。",
        contact="0349-0000000",
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def some_terms(cast: Cast, **changes: object) -> EngagementTerms:
    terms = EngagementTerms(
        side="buyer",
        scope="寻找并评估技术，参加洽谈，协助签约。",
        is_exclusive=False,
        valid_until=date(2027, 6, 30),
        commission=CommissionTerms(rate=Decimal("0.03"), fixed=None, cap=Money.yuan("30000")),
        both_consent=False,
        shares={cast.institution.pk: Decimal(1)},
    )
    return replace(terms, **changes)  # type: ignore[arg-type]


def a_sellers_engagement(cast: Cast, listing: Listing, now: datetime, **changes: object) -> Engagement:
    """The university's mandate to the broker for this listing."""
    engagement = propose_engagement(
        listing,
        some_terms(cast, side="seller", **changes),
        broker=a_broker(cast, now),
        principal=cast.university,
        actor=cast.university_agent.actor,
        now=now,
    )
    return sign_engagement(engagement, version=1, actor=cast.broker.actor, now=now)


def an_engagement(
    cast: Cast, listing: Listing | Demand, now: datetime, *, signed: bool = True, broker: Broker | None = None, **changes: object
) -> Engagement:
    """The enterprise's mandate to the broker for this listing, or for a demand."""
    engagement = propose_engagement(
        listing,
        some_terms(cast, **changes),
        broker=broker or a_broker(cast, now),
        principal=cast.enterprise,
        actor=cast.enterprise_agent.actor,
        now=now,
    )
    return sign_engagement(engagement, version=1, actor=cast.broker.actor, now=now) if signed else engagement


def a_disputed_engagement(cast: Cast, now: datetime, listing: Listing | None = None) -> Engagement:
    """The broker has called a supervisor."""
    engagement = an_engagement(cast, listing or a_listing(cast, now), now)
    return dispute_engagement(engagement, statement="委托方绕开经纪方签约。", actor=cast.broker.actor, now=now)


def an_introduction(
    cast: Cast,
    now: datetime,
    engagement: Engagement | None = None,
    *,
    confirmed: bool = False,
    introduced: Organisation | None = None,
) -> Introduction:
    """The broker of the enterprise brought the university to it."""
    introduction = state_introduction(
        engagement or an_engagement(cast, a_listing(cast, now), now),
        introduced or cast.university,
        introduced_on=now.date(),
        account="在对接会上介绍双方认识。",
        actor=cast.broker.actor,
        now=now,
    )
    if confirmed:
        confirm_introduction(introduction, actor=cast.university_agent.actor, now=now)
        introduction = confirm_introduction(introduction, actor=cast.enterprise_agent.actor, now=now)
    return introduction
