"""The sample's files as they are read: plain values in, entries and terms of the trade out."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from listings.actions.achievements import AchievementEntry
from listings.demands.rules.demands import DemandEntry
from listings.rules.achievements import InventorFacts, PatentFacts
from listings.rules.listings import ListingTerms
from market.values.money import Money

TERMS = (
    "合同生效后三十日内支付首期款，技术资料交付并经双方验收后付清余款；让与人或许可人提供不少于二十个工作日的现场技术指导；"
    "后续改进成果归改进方所有，对方在同等条件下有优先受让权。"
)
BASIS = "以资产评估报告为参考，经双方两轮洽谈并由校内定价小组集体决策确定（样例）。"


def sample(name: str) -> Any:
    """The contents of one of the sample's files."""
    return json.loads((settings.SAMPLE_DIR / f"{name}.json").read_text(encoding="utf-8"))


def achievement_entry(row: dict[str, Any]) -> AchievementEntry:
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
        patents=tuple(_patent(patent) for patent in row["patents"]),
        origin=row["origin"],
        result_form=row["result_form"],
        application_state=row["application_state"],
        started_on=date.fromisoformat(row["started_on"]),
        evaluation_method=row["evaluation_method"],
        evaluated_on=date.fromisoformat(row["evaluated_on"]) if row["evaluated_on"] else None,
        evaluator=row["evaluator"],
        level=row["level"],
        contact="科技成果转化办公室",
    )


def _patent(row: dict[str, Any]) -> PatentFacts:
    granted_on = date.fromisoformat(row["granted_on"]) if row["granted_on"] else None
    return PatentFacts(row["number"], row["kind"], row["title"], row["ipc"], granted_on, row["legal_state"])


def listing_terms(row: dict[str, Any], *, named_buyer_id: int | None) -> ListingTerms:
    """The terms of a listing; the buyer is named where the price was negotiated."""
    price = Money(row["price_fen"])
    is_negotiated = row["route"] == "negotiated"
    return ListingTerms(
        route=row["route"],
        transaction=row["transaction"],
        licence_months=row["term_months"],
        price=price,
        reserve_price=None if is_negotiated else price.share(Decimal("1.08")),
        is_reserve_disclosed=False,
        deposit=price.share(Decimal(row["deposit_percent"]) / 100),
        payment_mode="instalments",
        terms=TERMS,
        buyer_conditions="依法设立并有效存续的企业法人，具备实施该技术的场地、设备和人员条件。",
        named_buyer_id=named_buyer_id if is_negotiated else None,
        notice_period=max(row["notice_days"], 15 if is_negotiated else 20),
        if_no_intent=row["if_no_intent"],
        pricing_basis=BASIS if is_negotiated else "",
    )


def demand_entry(row: dict[str, Any], *, valid_until: date) -> DemandEntry:
    return DemandEntry(
        title=row["title"],
        industry=row["industry"],
        problem=row["problem"],
        targets=row["targets"],
        expected=row["expected"],
        keywords=tuple(row["keywords"]),
        budget=None if row["budget_fen"] is None else Money(row["budget_fen"]),
        cooperation=row["cooperation"],
        valid_until=valid_until,
    )
