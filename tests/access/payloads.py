"""What a browser would send to each route that takes a form: complete and right, so that only the person decides the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from contracts.models import Sheet
from contracts.queries.contracts import digest_of
from contracts.settlement.queries.settlements import plan_digest
from listings.auctions.envelopes import Context, public_key, seal
from tests.access.world import TODAY, World
from tests.auctions.builders import PUBLIC_KEY
from tests.contracts.sheets import STEPS
from tests.documents_made import an_upload
from tests.listings.builders import ABSTRACT
from tests.payments.builders import a_statement
from tests.people import social_code
from tests.rooms.builders import ASKED, LATER

type Payload = dict[str, Any]

REASON = {"reason": "材料不全，请补充权属证明。"}
_CREDIT_DECISION: Payload = {"decision": "已核对证据。", "published": "经查，情况属实。"}
_CREDIT_RECORD: Payload = {
    "rule": "admonished",
    "day": "2026-01-09",
    "title": "未按期报告",
    "statement": "经提醒，仍未按期报告。",
}
_MEETING: Payload = {"title": "技术交流", "starts_at": "2030-06-10T10:00", "ends_at": "2030-06-10T11:00"}
_ACHIEVEMENT: Payload = {
    "title": "低热值煤循环流化床稳燃技术",
    "kind": "applied",
    "industry": "power",
    "gbt4754": "44",
    "abstract": ABSTRACT,
    "keywords": "循环流化床，稳燃",
    "maturity": "pilot_scale",
    "completed_on": "2025-06-30",
    "is_publicly_funded": "on",
    "funding_source": "province",
    "inventors-TOTAL_FORMS": "1",
    "inventors-INITIAL_FORMS": "0",
    "inventors-0-name": "发明人甲",
    "inventors-0-share": "100",
    "patents-TOTAL_FORMS": "0",
    "patents-INITIAL_FORMS": "0",
}
_LISTING: Payload = {
    "route": "listed",
    "transaction": "transfer",
    "price": "1200000",
    "deposit": "120000",
    "payment_mode": "lump_sum",
    "terms": "合同生效后三十日内一次付清。",
    "notice_period": "20",
    "if_no_intent": "extend",
}
_INTENT: Payload = {
    "capacity": "拥有两台低热值煤机组，具备改造场地和专业队伍。",
    "finance": "上年度资产负债率为百分之四十五，资金已落实。",
    "offered_price": "1250000",
    "accepts_terms": "on",
}
_DEMAND: Payload = {
    "title": "矿井乏风余热利用技术",
    "industry": "power",
    "problem": "现有机组飞灰含碳量偏高，燃料适应性差，需要一套可在线调节的稳燃方案，改造停机时间不超过十五天。",
    "targets": "飞灰含碳量不高于百分之四",
    "cooperation": "transfer",
    "valid_until": "2026-12-31",
}
_CONTRACT: Payload = {
    "kind": "transfer",
    "sub_kind": "patent_transfer",
    "title": "低热值煤循环流化床稳燃技术转让合同",
    "content": ABSTRACT,
    "price": "1250000",
    "payment_mode": "lump_sum",
    "valid_from": "2026-06-10",
    "valid_until": "2028-06-09",
    "ip_kind": "invention",
    "funding_source": "province",
    "technology_field": "energy",
    "objective": "energy",
}
_BROKER: Payload = {
    "level": "senior",
    "certificate_number": "JS20240009",
    "valid_until": "2027-12-31",
    "fields_of_work": ["power"],
    "introduction": "从事能源领域技术转移十年。",
}
_ENGAGEMENT: Payload = {
    "due_when": "recognition",
    "tail_months": "6",
    "scope": "寻找并评估技术，参加洽谈，协助签约。",
    "valid_until": "2027-06-30",
    "rate": "3",
    "cap": "30000",
}
_POLICY: Payload = {
    "value": "15",
    "measure": "working_days",
    "valid_from": "2026-12-15",
    "source": "市科技局通知",
    "confidence": "medium",
    "reason": "缩短公告期。",
}
_AUCTION: Payload = {
    "start": "1250000",
    "step": "10000",
    "opens_at": "2027-03-10T10:00",
    "free_minutes": "240",
    "cycle": "300",
    "most_extensions": "50",
    "hard_stop_minutes": "240",
}
# What a browser sends of the long form when little is filled in: a university's patent, transferred in June.
RELIEF: Payload = {
    "contract_kind": "transfer",
    "right": "invention",
    "grant": "ownership",
    "side": "seller",
    "price": "1250000",
    "day": "2026-06-10",
    "recognised": "on",
    "separate_accounting": "on",
    "taxpayer": "public_university",
    "vat_payer": "general",
    "cit_rate": "0.25",
    "is_publicly_funded": "on",
    "has_approval": "on",
    "buyer_place": "domestic",
    "used_in": "china",
    "pilot_park": "none",
    "vat_period": "month",
    "reward_way": "none",
    "equity_choice": "none",
    "research_mode": "none",
}
_DECISION: Payload = {"amount": "1", "document": "税通〔2026〕8号"}
_SETTLEMENT_PLAN: Payload = {
    "dues-TOTAL_FORMS": "2",
    "dues-INITIAL_FORMS": "0",
    "dues-0-amount": "500000",
    "dues-0-due_on": "2099-07-10",
    "dues-1-amount": "750000",
    "dues-1-due_on": "2099-08-10",
}
_POINT = public_key(PUBLIC_KEY)
_ENVELOPE = json.dumps(seal(Context("somewhere", 1, 1), 1, {1: _POINT, 2: _POINT, 3: _POINT}))
_ORGANISATION: Payload = {"name": "新名称有限公司", "region": "140602", "address": "朔城区", "contact": "0349-1234567"}
_PLAIN: Mapping[str, Payload] = {
    "auctions:announce_auction": _AUCTION,
    "auctions:place_bid": {"amount": "1250000", "key": "key-00000001"},
    "auctions:signal": {"conclusion": "已核查，无异常。"},
    "auctions:note_line": {"milliseconds": "80"},
    "auctions:stop_clock": {"amount": "1250000", "key": "key-00000001"},
    "auctions:top_best": {"amount": "1300000", "key": "key-00000001"},
    "auctions:seal_bid": {"envelope": _ENVELOPE, "key": "key-00000001"},
    "auctions:withdraw_bid": {"key": "key-00000001"},
    "auctions:match_best": {"key": "key-00000001"},
    "auctions:waive_match": {"key": "key-00000001"},
    "auctions:make_lot_key": {"public_key": PUBLIC_KEY},
    "auctions:keep_lot_key": {"public_key": PUBLIC_KEY},
    # A holder who can read none of the three bids says so for each.
    "auctions:bring_key": {"shares": '{"1": null, "2": null, "3": null}'},
    "auctions:pause_auction": REASON,
    "auctions:annul_auction": REASON,
    "set_language": {"language": "en"},
    "accounts:register_organisation": {**_ORGANISATION, "kind": "enterprise", "social_credit_code": social_code(88888888)},
    "accounts:return_organisation": REASON,
    "accounts:suspend_organisation": REASON,
    "letters:letters": {"language": "en"},
    "demands:change_demand": _DEMAND,
    "payments:refuse_letter": REASON,
    "payments:bank_account": {"bank": "某银行城区支行", "number": "6200000000000000026"},
    "payments:line": {"decision": "set_aside", **REASON},
    "policy:propose_row": _POLICY,
    "policy:reject_row": REASON,
    "policy:announce_year": {"year": "2027", "source": "国务院办公厅通知", "days": "2027-02-06至2027-02-12，春节，休"},
    "policy:add_day": {"on": "2026-12-30", "name": "调休", "is_working": "off", "source": "国务院办公厅通知"},
    "listings:draft_achievement": _ACHIEVEMENT,
    "listings:change_achievement": _ACHIEVEMENT,
    "listings:return_achievement": REASON,
    "listings:revoke_achievement": REASON,
    "listings:draft_listing": _LISTING,
    "listings:change_listing": _LISTING,
    "listings:change_price": {"price": "1150000", "has_approval": "on"},
    "listings:withdraw_listing": REASON,
    "listings:register_intent": _INTENT,
    "listings:raise_objection": {"statement": "该成果的权属存在争议，附证据。"},
    "listings:confirm_intent": {"offered_price": "1300000", "accepts_terms": "on"},
    "listings:reject_intent": REASON,
    "listings:comment_objection": {"seller_statement": "权属清楚，见专利登记簿副本。"},
    "listings:answer_objection": {"answer": "经查，权属清楚。", "outcome": "dismiss"},
    "listings:fail_deal": REASON,
    "listings:state_obstacle": {"obstacle": "专利年费未缴清。"},
    "demands:publish_demand": _DEMAND,
    "demands:close_demand": REASON,
    "demands:draft_proposal": {"price": "1600000", "months": "12"},
    "demands:change_proposal": {"price": "1600000", "months": "12"},
    "demands:decline_proposal": REASON,
    "demands:ask_question": {"text": "工期可否缩短？"},
    "demands:answer_question": {"text": "可缩短一个月。"},
    "contracts:change_contract": _CONTRACT,
    "contracts:recognise_contract": {"technology_value": "1250000"},
    "contracts:return_application": REASON,
    "contracts:answer_flag": {"answer": "已核对原件。"},
    "contracts:propose_decision": {"proposal": "recognise", "technology_value": "1250000"},
    "contracts:send_back_application": REASON,
    "contracts:appeal_refusal": {"grounds": "合同有明确的技术内容。"},
    "contracts:uphold_refusal": {"answer": "维持原决定。"},
    "contracts:reopen_application": {"answer": "重新审查。"},
    "contracts:enter_change": {"answer": "同意。"},
    "contracts:decline_change": REASON,
    "contracts:refuse_application": {"code": "subject_unclear", **REASON},
    "contracts:revoke_registration": REASON,
    "contracts:cancel_registration": REASON,
    "relief:what_if": RELIEF,
    "relief:contract_relief": {**RELIEF, "enter": "CIT-TT-OWN"},
    "relief:file_claim": {"filed_on": "2026-06-10", "receipt": "税受〔2026〕1号"},
    "relief:drop_claim": REASON,
    "relief:grant_claim": {**_DECISION, "granted_on": "2026-06-10"},
    "relief:refuse_claim": REASON,
    "relief:settle_recovery": {**_DECISION, "settled_on": "2026-06-10"},
    "search:saved_searches": {"address": "q=煤矸石", "rhythm": "daily"},
    "search:change_saved": {"rhythm": "weekly"},
    "brokers:reject_broker": REASON,
    "cards:answer_dispute": {"explanation": "已按约定交付，附验收单。"},
    "cards:returned_by_bank": {"reference": "20260610000124"},
    "credit:ask_for_repair": {"statement": "已补报全部进展。", "promises": "on"},
    "credit:uphold_appeal": _CREDIT_DECISION,
    "credit:dismiss_appeal": _CREDIT_DECISION,
    "credit:grant_repair": {"answer": "已核实。"},
    "evaluation:draft_evaluation": {"year": "2003"},
    "evaluation:answer_comment": {"answer": "已补计。"},
    "evaluation:comment_on_result": {"text": "培训学时少计。"},
    "credit:decline_repair": {"answer": "未附证明。"},
    "credit:give_review": {"expertise": "5", "timeliness": "4", "integrity": "5", "text": "按期完成。"},
    "credit:reply_to_review": {"reply": "感谢信任。"},
    "payments:propose_write_off": REASON,
    "payments:reject_write_off": REASON,
    "payments:confirm_payout": {"bank_reference": "20260610000123"},
    "payments:return_payout": REASON,
    "settlement:propose_plan": _SETTLEMENT_PLAN,
    "settlement:confirm_delivery": {"is_delivered": "on"},
    "settlement:open_dispute": REASON,
    "settlement:answer_dispute": {"answer": "已按约定交付，附验收单。"},
    "settlement:decide_dispute": {"outcome": "release", "grounds": "验收单已由受让方签字。"},
    "contracts:ask_expert": {"expert": "煤燃烧专家乙", "workplace": "省煤炭学会", "question": "是否属于技术转让？"},
    "contracts:enter_opinion": {"verdict": "supports", "text": "属于技术转让。"},
    "contracts:opinion_page": {"verdict": "supports", "text": "属于技术转让。", "is_free": "on"},
    "contracts:enter_shareholders": {"holders": "某投资公司 51.5", "source": "企业信用信息公示系统", "as_of": "2026-03-01"},
    "settlement:report_royalty": {"base": "120000"},
    "settlement:object_to_report": REASON,
    "settlement:decide_report": {"base": "130000", **REASON},
    "settlement:set_inventors_share": {"rate": "60"},
    "board:move_lead": {"event": "forward"},
    "board:write_note": {"note": "先约技术负责人。"},
    "brokers:end_engagement": REASON,
    "brokers:object_to_introduction": REASON,
    "brokers:decide_introduction": {"counts": "yes", "grounds": "有会议签到。"},
    "brokers:write_service_profile": {"services": "brokerage", "introduction": "面向能源企业的技术转移服务。"},
    "brokers:sign_engagement": {"version": "1"},
    "brokers:counter_engagement": {**_ENGAGEMENT, "version": "1"},
    "brokers:dispute_engagement": REASON,
    "rooms:open_room": {"kinds": ["search", "contract"]},
    "rooms:finish_task": {"outcome": "已谈妥。"},
    "rooms:drop_task": REASON,
    "rooms:say": {"text": "请周五前答复。"},
    "rooms:open_paper": {"csrfmiddlewaretoken": "as a browser sends it"},
    "rooms:arrange_meeting": _MEETING,
    "rooms:move_meeting": _MEETING,
    "brokers:decide_dispute": {"stands": "yes", "grounds": "双方仍受约束。"},
}


def _with_file(payload: Payload, field: str) -> Callable[[World], Payload]:
    return lambda _world: {**payload, field: an_upload()}


def _a_statement() -> SimpleUploadedFile:
    return SimpleUploadedFile("statement.csv", a_statement(("2026-06-09", "100", "某公司", "货款", "Z1")), "text/csv")


def _task_of_broker(world: World) -> Payload:
    owner = world.full_room.inner.owner
    return {"kind": "negotiation", "owner": f"{owner.key}:", "due_on": LATER.isoformat()}


_MADE: Mapping[str, Callable[[World], Payload]] = {
    "accounts:act_for": lambda world: {"organisation": world.cast.university.key},
    "accounts:change_organisation": lambda world: {**_ORGANISATION, "name": world.cast.university.name},
    "accounts:submit_verification": _with_file({}, "evidence"),
    "accounts:members": lambda world: {"email": world.cast.outsider.person.email, "role": "finance"},
    "payments:offer_letter": _with_file({}, "letter"),
    "payments:import_statement": lambda _world: {"statement": _a_statement()},
    "contracts:agree_contract": lambda world: {"digest": digest_of(world.draft_contract)},
    "contracts:request_change": _with_file({"kind": "amount", "technology_value": "1000000", "reason": "补充协议"}, "documents"),
    "contracts:sheet_step": lambda world: {**STEPS["subject"], "version": str(Sheet.objects.get(pk=world.sheet.pk).version)},
    "contracts:assign_application": lambda world: {"person": str(world.cast.registrar.person.pk)},
    "settlement:agree_plan": lambda world: {"digest": plan_digest(world.proposed_settlement)},
    "settlement:enter_cost": _with_file({"what": "评估费", "amount": "8000"}, "documents"),
    "brokers:apply_as_broker": _with_file(_BROKER, "evidence"),
    "credit:file_appeal": _with_file({"grounds": "每月均已书面报告。"}, "evidence"),
    "credit:enter_by_hand": _with_file(_CREDIT_RECORD, "evidence"),
    "evaluation:enter_figure": _with_file({"indicator": "training", "value": "120", "statement": "按签到表核定。"}, "evidence"),
    "brokers:state_introduction": lambda world: {
        "code": world.cast.rival.social_credit_code,
        "introduced_on": TODAY.date().isoformat(),
        "account": "在对接会上介绍双方认识。",
    },
    "rooms:set_task": _task_of_broker,
    "rooms:change_task": _task_of_broker,
    "rooms:invite_partner": lambda world: {"code": world.adviser.social_credit_code, "asked": ASKED},
    "rooms:invite_counterparty": lambda world: {"organisation": world.cast.university.key, "asked": ASKED},
    "rooms:put_in_paper": _with_file({"title": "合同草案"}, "file"),
    "rooms:add_version": _with_file({"note": "改价"}, "file"),
    "board:add_lead": lambda world: {"listing_number": world.values("listing")["number"]},
    "brokers:propose_engagement": lambda world: {**_ENGAGEMENT, "broker": world.broker.key},
    "brokers:propose_engagement_for_demand": lambda world: {**_ENGAGEMENT, "broker": world.broker.key},
}


def payload_for(name: str, world: World) -> Payload:
    """The form of this route, filled in rightly; empty for a button."""
    made = _MADE.get(name)
    return made(world) if made else dict(_PLAIN.get(name, {}))


def routes_with_payload() -> frozenset[str]:
    return frozenset(_PLAIN) | frozenset(_MADE)
