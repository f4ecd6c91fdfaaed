"""Contracts made outside the market: one is with the registry, one form is half filled in, one was thrown away."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.actions.sheets import begin_sheet, discard_sheet, save_step, submit_sheet
from contracts.forms.sheets import parse_sheet
from contracts.models import Sheet
from market.accounts.models import Organisation
from market.demonstration.world import World, paper
from market.values.dates import day_of

_APPLICANT = "sanggan-univ"
_SUBJECT = {
    "kind": "transfer",
    "sub_kind": "know_how_transfer",
    "title": "矿用液压支架高水基介质密封技术转让合同（样例）",
    "content": "转让矿用液压支架高水基介质密封的配方、结构和试验方法，提供全套图纸和工艺文件，并培训受让方技术人员，"
    "直至独立生产合格产品为止，技术指标和验收方法见附件（样例）。",
    "delivery": "合同生效后三十日内交付全部资料，双方按附件验收。",
    "ownership": "后续改进成果归各自所有。",
    "ip_kind": "know_how",
}
_PRICE = {"price": "1000000", "technology": "800000", "equipment": "200000", "payment_mode": "lump_sum"}
_BEGUN = {
    "kind": "development",
    "sub_kind": "commissioned",
    "title": "风电叶片覆冰监测装置委托开发合同（样例）",
    "content": "研制叶片覆冰在线监测装置，完成样机、软件和挂机试验（样例）。",
    "ip_kind": "none",
}


def fill_in_forms(world: World) -> None:
    """The demonstration's university has three forms: submitted, begun, and thrown away."""
    agent, at = world.agent(_APPLICANT), world.now - timedelta(days=2)
    university = world.organisations[_APPLICANT]
    sheet = begin_sheet(university, actor=agent, now=at)
    steps = {
        "subject": _SUBJECT,
        "parties": _parties(university),
        "price": _PRICE,
        "details": _details(at),
        "papers": {"is_undertaken": "on"},
    }
    for step, typed in steps.items():
        sheet = _saved(world, sheet, step, typed, at)
    parsed = parse_sheet(sheet, actor=agent)
    assert parsed.terms is not None
    submit_sheet(sheet, *parsed.terms, actor=agent, now=at)
    begun = begin_sheet(university, actor=agent, now=world.now - timedelta(hours=20))
    _saved(world, begun, "subject", _BEGUN, world.now - timedelta(hours=19))
    discard_sheet(begin_sheet(university, actor=agent, now=at), actor=agent, now=at)


def _saved(world: World, sheet: Sheet, step: str, typed: dict[str, str], at: datetime) -> Sheet:
    agent = world.agent(_APPLICANT)
    documents = [paper("技术转让合同正本（样例）.pdf", agent, now=at)] if step == "papers" else None
    answers = {name: [value] for name, value in typed.items()}
    return save_step(sheet, step, answers, documents=documents, version=sheet.version, actor=agent, now=at)


def _parties(university: Organisation) -> dict[str, str]:
    """The university sells to a company that is not on the market."""
    seller = {"side": "seller", "name": university.name, "code": university.social_credit_code, "nature": "022"}
    rows = (seller, {"side": "buyer", "name": "云中煤机制造公司（样例）", "nature": "150"})
    typed = {"parties-TOTAL_FORMS": str(len(rows)), "parties-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        whole = row | {"country": "142", "region": "140602"}
        typed |= {f"parties-{number}-{field}": value for field, value in whole.items()}
    return typed


def _details(at: datetime) -> dict[str, str]:
    signed = day_of(at) - timedelta(days=6)
    until = signed + timedelta(days=3 * 365)
    return {
        "signed_on": signed.isoformat(),
        "valid_from": signed.isoformat(),
        "valid_until": until.isoformat(),
        "funding_source": "none",
        "technology_field": "manufacturing",
        "objective": "industry",
        "contact": "科技成果转化办公室",
        "contact_phone": "0349-0000000",
    }
