"""Making the living market: every object goes the way it would go in life, only at moments of the recent past."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import transaction

from listings.actions.achievements import AchievementEntry, draft_achievement, register_achievement, submit_achievement
from listings.actions.demands import DemandEntry, publish_demand
from listings.actions.listings import draft_listing, publish_listing
from listings.models.achievements import Achievement
from listings.models.demands import Demand
from listings.rules.achievements import InventorFacts, PatentFacts
from listings.rules.listings import ListingTerms
from market.accounts.models import Membership, Organisation, Person
from market.accounts.queries import needs_mfa
from market.accounts.states import OrganisationState
from market.demonstration.people import ACCOUNTS, PASSWORD, TOTP_SECRET
from market.policy.rules import months_after
from market.values.actor import Actor, Channel, Role
from market.values.dates import day_of
from market.values.money import Money

TERMS = (
    "合同生效后三十日内支付首期款，技术资料交付并经双方验收后付清余款；让与人或许可人提供不少于二十个工作日的现场技术指导；"
    "后续改进成果归改进方所有，对方在同等条件下有优先受让权。"
)


def sample(name: str) -> Any:
    """The contents of one of the sample's files."""
    return json.loads((settings.SAMPLE_DIR / f"{name}.json").read_text(encoding="utf-8"))


def is_built() -> bool:
    return Achievement.objects.filter(is_sample=True).exists()


@transaction.atomic
def build_market(*, now: datetime, progress: Callable[[Iterable[Any], str], Iterable[Any]]) -> None:
    """All of the sample stands in an empty market, or nothing of it."""
    organisations = _organisations()
    _accounts(organisations)
    registrar = _acting(organisations["shuozhou-stb"], Role.REGISTRAR)
    for index, row in enumerate(progress(sample("achievements"), "achievements")):
        _achievement(row, index, organisations, registrar, now=now)
    for index, row in enumerate(progress(sample("demands"), "demands")):
        _demand(row, index, organisations, now=now)


def _organisations() -> dict[str, Organisation]:
    fields = ("name", "name_en", "kind", "social_credit_code", "region", "address", "contact", "introduction")
    return {
        row["key"]: Organisation.objects.create(
            **{field: row[field] for field in fields}, state=OrganisationState.VERIFIED, is_sample=True
        )
        for row in sample("organisations")
    }


def _accounts(organisations: dict[str, Organisation]) -> None:
    for account in ACCOUNTS:
        person = Person.objects.create_user(account.email, PASSWORD, name=account.name)
        EmailAddress.objects.create(user=person, email=account.email, verified=True, primary=True)
        Membership.objects.bulk_create(
            Membership(person=person, organisation=organisations[account.organisation], role=role.value) for role in account.roles
        )
        if needs_mfa(person):
            TOTP.activate(person, TOTP_SECRET)
            RecoveryCodes.activate(person)
    editor = Person.objects.get(email="administrator@demo.example")
    editor.is_staff = editor.is_superuser = True
    editor.save(update_fields=["is_staff", "is_superuser"])


def _acting(organisation: Organisation, *roles: Role) -> Actor:
    """Somebody of this organisation, at the command line: the sample's other organisations have no people of their own."""
    person = Person.objects.filter(memberships__organisation=organisation, memberships__role__in=roles).first()
    return Actor(
        person=person.pk if person else None,
        organisation=organisation.pk,
        roles=frozenset(roles),
        channel=Channel.COMMAND,
    )


def _achievement(
    row: dict[str, Any], index: int, organisations: dict[str, Organisation], registrar: Actor, *, now: datetime
) -> None:
    organisation = organisations[row["organisation"]]
    agent = _acting(organisation, Role.AGENT)
    entered_at = now - timedelta(days=60 - index, hours=index % 7)
    achievement = draft_achievement(_entry(row), organisation=organisation, actor=agent, now=entered_at, is_sample=True)
    if row["stage"] == "draft":
        return
    achievement = submit_achievement(achievement, actor=agent, now=entered_at + timedelta(hours=2))
    if row["stage"] == "submitted":
        return
    achievement = register_achievement(achievement, actor=registrar, now=entered_at + timedelta(days=3))
    if row["stage"] == "listed":
        published_at = max(entered_at + timedelta(days=5), now - timedelta(days=20 - index % 20, minutes=index))
        listing = draft_listing(achievement, _terms(row["listing"], organisations), actor=agent, now=published_at, is_sample=True)
        publish_listing(listing, actor=agent, now=published_at)


def _entry(row: dict[str, Any]) -> AchievementEntry:
    return AchievementEntry(
        title=row["title"],
        kind=row["kind"],
        abstract=row["abstract"],
        keywords=tuple(row["keywords"]),
        industry=row["industry"],
        gbt4754=row["gbt4754"],
        maturity=row["maturity"],
        completed_on=date.fromisoformat(row["completed_on"]),
        is_publicly_funded=row["is_publicly_funded"],
        funding_source=row["funding_source"],
        inventors=tuple(
            InventorFacts(inventor["name"], Decimal(inventor["share_percent"]) / 100) for inventor in row["inventors"]
        ),
        patents=tuple(
            PatentFacts(
                patent["number"],
                patent["kind"],
                patent["title"],
                patent["ipc"],
                date.fromisoformat(patent["granted_on"]) if patent["granted_on"] else None,
                patent["legal_state"],
            )
            for patent in row["patents"]
        ),
    )


def _terms(row: dict[str, Any], organisations: dict[str, Organisation]) -> ListingTerms:
    price = Money(row["price_fen"])
    is_negotiated = row["route"] == "negotiated"
    return ListingTerms(
        route=row["route"],
        transaction=row["transaction"],
        licence_months=row["term_months"],
        price=price,
        reserve_price=None,
        is_reserve_disclosed=False,
        deposit=price.share(Decimal(row["deposit_percent"]) / 100),
        payment_mode="instalments",
        terms=TERMS,
        buyer_conditions="依法设立并有效存续的企业法人，具备实施该技术的场地、设备和人员条件。",
        named_buyer_id=organisations["shuonan-power"].pk if is_negotiated else None,
        notice_period=max(row["notice_days"], 15 if is_negotiated else 20),
        if_no_intent=row["if_no_intent"],
        pricing_basis="以资产评估报告为参考，经双方两轮洽谈并由校内定价小组集体决策确定（样例）。" if is_negotiated else "",
    )


def _demand(row: dict[str, Any], index: int, organisations: dict[str, Organisation], *, now: datetime) -> Demand:
    organisation = organisations[row["enterprise"]]
    published_at = now - timedelta(days=index % 45, hours=index % 9)
    budget = row["budget_fen"]
    entry = DemandEntry(
        title=row["title"],
        industry=row["industry"],
        problem=row["problem"],
        targets=row["targets"],
        expected=row["expected"],
        keywords=tuple(row["keywords"]),
        budget=None if budget is None else Money(budget),
        cooperation=row["cooperation"],
        valid_until=months_after(day_of(now), row["valid_months"]),
    )
    actor = _acting(organisation, Role.AGENT)
    return publish_demand(entry, organisation=organisation, actor=actor, now=published_at, is_sample=True)
