"""Registration forms, filled in as a seller's office would."""

from __future__ import annotations

from datetime import datetime

from contracts.actions.sheets import begin_sheet, save_step, submit_sheet
from contracts.forms.sheets import parse_sheet
from contracts.models import Sheet
from tests.documents_made import a_document
from tests.people import Cast

STEPS: dict[str, dict[str, str]] = {
    "subject": {
        "kind": "transfer",
        "sub_kind": "know_how_transfer",
        "title": "矿用液压支架密封技术转让合同",
        "content": "转让矿用液压支架高水基介质密封的配方、结构和试验方法，提供全套图纸和工艺文件，"
        "并培训受让方技术人员直至独立生产合格产品为止，技术指标见附件。",
        "ownership": "后续改进归各自所有。",
        "ip_kind": "know_how",
    },
    "parties": {},
    "price": {
        "price": "1000000",
        "technology": "800000",
        "equipment": "200000",
        "payment_mode": "lump_sum",
    },
    "details": {
        "signed_on": "2026-03-02",
        "valid_from": "2026-03-02",
        "valid_until": "2029-03-01",
        "funding_source": "none",
        "technology_field": "manufacturing",
        "objective": "industry",
        "contact": "技术转移办公室",
        "contact_phone": "0349-1234567",
    },
    "papers": {"is_undertaken": "on"},
}


def PARTIES(cast: Cast) -> dict[str, str]:
    """The university sells to two companies that are not on the market."""
    rows = [
        ("seller", cast.university.name, cast.university.social_credit_code, "022"),
        ("buyer", "大同某煤机公司", "", "150"),
        ("buyer", "朔州某电厂", "", "110"),
    ]
    typed = {"parties-TOTAL_FORMS": "3", "parties-INITIAL_FORMS": "0"}
    for number, (side, name, code, nature) in enumerate(rows):
        values = {"side": side, "name": name, "code": code, "nature": nature, "country": "142", "region": "140602"}
        typed |= {f"parties-{number}-{field}": value for field, value in values.items()}
    return typed


def a_sheet(cast: Cast, now: datetime) -> Sheet:
    """Filled in whole, and not submitted yet."""
    actor = cast.university_agent.actor
    sheet = begin_sheet(cast.university, actor=actor, now=now)
    for step, typed in {**STEPS, "parties": PARTIES(cast)}.items():
        documents = [a_document(actor)] if step == "papers" else None
        answers = {name: [value] for name, value in typed.items()}
        sheet = save_step(sheet, step, answers, documents=documents, version=sheet.version, actor=actor, now=now)
    return sheet


def a_submitted_sheet(cast: Cast, now: datetime) -> Sheet:
    actor = cast.university_agent.actor
    sheet = a_sheet(cast, now)
    parsed = parse_sheet(sheet, actor=actor)
    assert parsed.terms is not None, {step: form.errors for step, form in parsed.steps.items()} | {"rows": parsed.rows.errors}
    submit_sheet(sheet, *parsed.terms, actor=actor, now=now)
    sheet.refresh_from_db()
    return sheet
