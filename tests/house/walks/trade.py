"""Contracts, applications, registrations, brokers, engagements and commissions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from brokers.actions.brokers import apply_as_broker, expire_broker, reject_broker, verify_broker
from brokers.actions.commissions import credit_commissions, reverse_commissions
from brokers.actions.engagements import (
    consent_to_both_sides,
    counter_engagement,
    decide_dispute,
    decline_engagement,
    dispute_engagement,
    end_engagement,
    expire_engagement,
    sign_engagement,
    withdraw_dispute,
)
from brokers.actions.introductions import confirm_introduction, decide_introduction, object_to_introduction
from brokers.models import Broker, Commission, Engagement, Introduction
from brokers.states import BROKER, COMMISSION, ENGAGEMENT, INTRODUCTION
from contracts.actions.appeals import appeal_refusal, reopen_application, uphold_refusal
from contracts.actions.contracts import agree_contract, change_contract, declare_contract, enter_contract, terms_of
from contracts.actions.decisions import (
    propose_decision,
    recognise_contract,
    refuse_application,
    return_application,
    send_back_application,
)
from contracts.actions.radar import assign_application
from contracts.actions.recognition import resubmit_application, withdraw_application
from contracts.actions.registrations import cancel_registration, decline_change, enter_change, revoke_registration
from contracts.actions.sheets import discard_sheet, reopen_sheet, save_step, submit_sheet
from contracts.forms.sheets import parse_sheet
from contracts.models import Application, Change, Registration, Sheet, TechnologyContract
from contracts.queries.contracts import digest_of
from contracts.states import APPLICATION, CHANGE, CONTRACT, REGISTRATION, SHEET
from listings.actions.deals import close_due_notice
from listings.models.deals import Deal
from market.values.money import Money
from tests.brokers.builders import a_broker, a_disputed_engagement, an_engagement, an_entry, an_introduction, some_terms
from tests.contracts.builders import a_change, a_contract, a_registration, an_application
from tests.contracts.sheets import a_sheet, a_submitted_sheet
from tests.documents_made import a_document
from tests.house.walks import Walk
from tests.listings.builders import a_listing, an_intent
from tests.people import Cast

YEARS_LATER = timedelta(days=2000)

# --- Contracts and their recognition


def _draft(cast: Cast, now: datetime) -> TechnologyContract:
    return a_contract(cast, now, agreed=False)


def _agree(cast: Cast, it: TechnologyContract, now: datetime) -> TechnologyContract:
    """By the side that has not agreed yet."""
    has_seller = it.agreements.filter(is_current=True, organisation=cast.university).exists()
    member = cast.enterprise_agent if has_seller else cast.university_agent
    return agree_contract(it, digest=digest_of(it), actor=member.actor, now=now)


def _change(cast: Cast, it: TechnologyContract, now: datetime) -> TechnologyContract:
    terms = replace(terms_of(it), delivery=f"{it.delivery}另附操作手册。")
    return change_contract(it, terms, actor=cast.enterprise_agent.actor, now=now)


def _entered(cast: Cast, now: datetime) -> TechnologyContract:
    """Made outside the market, and not declared yet."""
    return enter_contract(cast.university, terms_of(_draft(cast, now)), signed_on=now.date(), now=now)


def _declare(cast: Cast, it: TechnologyContract, now: datetime) -> TechnologyContract:
    return declare_contract(it, actor=cast.university_agent.actor, now=now)


def _return(cast: Cast, it: Application, now: datetime) -> Application:
    return return_application(it, reason="内容不清", actor=cast.registrar.actor, now=now)


def _resubmit(cast: Cast, it: Application, now: datetime) -> Application:
    actor = cast.university_agent.actor
    return resubmit_application(it, documents=[a_document(actor)], actor=actor, now=now)


def _propose(cast: Cast, it: Application, now: datetime) -> Application:
    value = Money(it.technology_value_fen)
    return propose_decision(it, proposal="recognise", value=value, actor=cast.registrar.actor, now=now)


def _examined(cast: Cast, now: datetime) -> Application:
    return _propose(cast, an_application(cast, now), now)


def _examined_to_refuse(cast: Cast, now: datetime) -> Application:
    it = an_application(cast, now)
    value = Money(it.technology_value_fen)
    return propose_decision(it, proposal="refuse", value=value, code="other", reason="不符", actor=cast.registrar.actor, now=now)


def _send_back(cast: Cast, it: Application, now: datetime) -> Application:
    return send_back_application(it, reason="金额需再核", actor=cast.second_registrar.actor, now=now)


def _recognise(cast: Cast, it: Application, now: datetime) -> Application:
    recognise_contract(it, technology_value=Money(it.technology_value_fen), actor=cast.second_registrar.actor, now=now)
    return it


def _refuse(cast: Cast, it: Application, now: datetime) -> Application:
    return refuse_application(it, code="other", reason="非技术合同", actor=cast.second_registrar.actor, now=now)


def _refused(cast: Cast, now: datetime) -> Application:
    return _refuse(cast, an_application(cast, now), now)


def _assign(cast: Cast, it: Application, now: datetime) -> Application:
    return assign_application(it, to=cast.second_registrar.person, actor=cast.registrar.actor, now=now)


def _appeal(cast: Cast, it: Application, now: datetime) -> Application:
    return appeal_refusal(it, grounds="合同有明确的技术内容。", actor=cast.university_agent.actor, now=now).application


def _appealed(cast: Cast, now: datetime) -> Application:
    return _appeal(cast, _refused(cast, now), now)


def _uphold(cast: Cast, it: Application, now: datetime) -> Application:
    return uphold_refusal(it, answer="维持原决定", actor=cast.supervisor.actor, now=now)


def _reopen(cast: Cast, it: Application, now: datetime) -> Application:
    return reopen_application(it, answer="重新审查", actor=cast.supervisor.actor, now=now)


def _withdraw(cast: Cast, it: Application, now: datetime) -> Application:
    return withdraw_application(it, actor=cast.university_agent.actor, now=now)


def _cancel(cast: Cast, it: Registration, now: datetime) -> Registration:
    return cancel_registration(it, reason="合同终止", actor=cast.registrar.actor, now=now)


def _revoke(cast: Cast, it: Registration, now: datetime) -> Registration:
    return revoke_registration(it, reason="虚假材料", actor=cast.registrar.actor, now=now)


def _change_entry(cast: Cast, it: Registration, now: datetime) -> Registration:
    """What moves a registration is a change that was asked for before, while it was in force."""
    change = it.changes.filter(state="requested").first() or a_change(cast, now, registration=it)
    return enter_change(change, actor=cast.registrar.actor, now=now).registration


def _with_change(cast: Cast, now: datetime) -> Registration:
    return a_change(cast, now).registration


def _enter(cast: Cast, it: Change, now: datetime) -> Change:
    return enter_change(it, actor=cast.registrar.actor, now=now)


def _decline_change(cast: Cast, it: Change, now: datetime) -> Change:
    return decline_change(it, reason="证明不足", actor=cast.registrar.actor, now=now)


def _returned_sheet(cast: Cast, now: datetime) -> Sheet:
    """Submitted, and returned by the registry: it may be opened again."""
    sheet = a_submitted_sheet(cast, now)
    assert sheet.contract is not None
    _return(cast, sheet.contract.applications.get(), now)
    return sheet


def _save_sheet(cast: Cast, it: Sheet, now: datetime) -> Sheet:
    it.refresh_from_db()
    actor = cast.university_agent.actor
    return save_step(it, "subject", {"title": ["新名称"]}, version=it.version, actor=actor, now=now)


def _submit_sheet(cast: Cast, it: Sheet, now: datetime) -> Sheet:
    actor = cast.university_agent.actor
    parsed = parse_sheet(it, actor=actor)
    assert parsed.terms is not None
    submit_sheet(it, *parsed.terms, actor=actor, now=now)
    return it


def _reopen_sheet(cast: Cast, it: Sheet, now: datetime) -> Sheet:
    return reopen_sheet(it, actor=cast.university_agent.actor, now=now)


def _discard_sheet(cast: Cast, it: Sheet, now: datetime) -> Sheet:
    return discard_sheet(it, actor=cast.university_agent.actor, now=now)


# --- Brokers


def _applied(cast: Cast, now: datetime) -> Broker:
    return a_broker(cast, now, verified=False)


def _verify(cast: Cast, it: Broker, now: datetime) -> Broker:
    return verify_broker(it, actor=cast.supervisor.actor, now=now)


def _reject(cast: Cast, it: Broker, now: datetime) -> Broker:
    return reject_broker(it, reason="证书无法核实", actor=cast.supervisor.actor, now=now)


def _expire(cast: Cast, it: Broker, now: datetime) -> Broker:
    expire_broker(it, now=now + YEARS_LATER)
    return it


def _apply(cast: Cast, it: Broker, now: datetime) -> Broker:
    return apply_as_broker(an_entry(cast), institution=cast.institution, actor=cast.broker.actor, now=now)


def _proposed(cast: Cast, now: datetime) -> Engagement:
    return an_engagement(cast, a_listing(cast, now), now, signed=False)


def _active(cast: Cast, now: datetime) -> Engagement:
    return an_engagement(cast, a_listing(cast, now), now)


def _sign(cast: Cast, it: Engagement, now: datetime) -> Engagement:
    return sign_engagement(it, version=1, actor=cast.broker.actor, now=now)


def _decline(cast: Cast, it: Engagement, now: datetime) -> Engagement:
    return decline_engagement(it, actor=cast.broker.actor, now=now)


def _end(cast: Cast, it: Engagement, now: datetime) -> Engagement:
    return end_engagement(it, reason="双方同意", actor=cast.enterprise_agent.actor, now=now)


def _counter(cast: Cast, it: Engagement, now: datetime) -> Engagement:
    return counter_engagement(it, some_terms(cast, scope="只寻找买方。"), version=1, actor=cast.broker.actor, now=now)


def _dispute(cast: Cast, it: Engagement, now: datetime) -> Engagement:
    return dispute_engagement(it, statement="佣金未付", actor=cast.broker.actor, now=now)


def _withdraw_dispute(cast: Cast, it: Engagement, now: datetime) -> Engagement:
    return withdraw_dispute(it, actor=cast.broker.actor, now=now)


def _keep(cast: Cast, it: Engagement, now: datetime) -> Engagement:
    return decide_dispute(it, stands=True, grounds="双方仍受约束", actor=cast.supervisor.actor, now=now)


def _dissolve(cast: Cast, it: Engagement, now: datetime) -> Engagement:
    return decide_dispute(it, stands=False, grounds="信任已失", actor=cast.supervisor.actor, now=now)


def _consent(cast: Cast, it: Engagement, now: datetime) -> Engagement:
    return consent_to_both_sides(it, actor=cast.enterprise_agent.actor, now=now)


def _run_out(cast: Cast, it: Engagement, now: datetime) -> Engagement:
    expire_engagement(it, now=now + YEARS_LATER)
    return it


def _confirm(cast: Cast, it: Introduction, now: datetime) -> Introduction:
    """By the side that was not heard yet."""
    member = cast.enterprise_agent if it.heard_id == cast.university.pk else cast.university_agent
    return confirm_introduction(it, actor=member.actor, now=now)


def _object(cast: Cast, it: Introduction, now: datetime) -> Introduction:
    return object_to_introduction(it, objection="我们早已相识。", actor=cast.enterprise_agent.actor, now=now)


def _count(cast: Cast, it: Introduction, now: datetime) -> Introduction:
    return decide_introduction(it, counts=True, grounds="有会议签到。", actor=cast.supervisor.actor, now=now)


def _count_not(cast: Cast, it: Introduction, now: datetime) -> Introduction:
    return decide_introduction(it, counts=False, grounds="无证据。", actor=cast.supervisor.actor, now=now)


def _credited(cast: Cast, now: datetime) -> Commission:
    listing = a_listing(cast, now)
    an_engagement(cast, listing, now)
    an_intent(cast, listing, now, qualified=True)
    notice = listing.notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    deal = Deal.objects.get(listing=listing)
    (commission,) = credit_commissions(deal, contract_value=Money(deal.price_fen), reason="合同登记", now=now)
    return commission


def _reverse(cast: Cast, it: Commission, now: datetime) -> Commission:
    reverse_commissions(it.deal, now=now)
    return it


WALKS = (
    Walk(
        CONTRACT,
        states={
            "draft": _draft,
            "half_agreed": lambda cast, now: _agree(cast, _draft(cast, now), now),
            "agreed": a_contract,
        },
        events={"agree": _agree, "change": _change, "declare": _declare},
        prepared={("draft", "declare"): _entered},
    ),
    Walk(
        SHEET,
        states={
            "open": a_sheet,
            "submitted": _returned_sheet,
            "discarded": lambda cast, now: discard_sheet(a_sheet(cast, now), actor=cast.university_agent.actor, now=now),
        },
        events={"save": _save_sheet, "submit": _submit_sheet, "reopen": _reopen_sheet, "discard": _discard_sheet},
    ),
    Walk(
        APPLICATION,
        states={
            "submitted": an_application,
            "returned": lambda cast, now: _return(cast, an_application(cast, now), now),
            "recognised": lambda cast, now: _recognise(cast, an_application(cast, now), now),
            "examined": _examined,
            "refused": _refused,
            "withdrawn": lambda cast, now: _withdraw(cast, an_application(cast, now), now),
            "appealed": _appealed,
            "upheld": lambda cast, now: _uphold(cast, _appealed(cast, now), now),
        },
        prepared={("examined", "refuse"): _examined_to_refuse},
        events={
            "assign": _assign,
            "propose": _propose,
            "send_back": _send_back,
            "appeal": _appeal,
            "uphold": _uphold,
            "reopen": _reopen,
            "return": _return,
            "resubmit": _resubmit,
            "recognise": _recognise,
            "refuse": _refuse,
            "withdraw": _withdraw,
        },
    ),
    Walk(
        REGISTRATION,
        states={
            "in_force": a_registration,
            "cancelled": lambda cast, now: _cancel(cast, _with_change(cast, now), now),
            "revoked": lambda cast, now: _revoke(cast, _with_change(cast, now), now),
        },
        prepared={("in_force", "change"): _with_change},
        events={"change": _change_entry, "cancel": _cancel, "revoke": _revoke},
    ),
    Walk(
        CHANGE,
        states={
            "requested": a_change,
            "entered": lambda cast, now: _enter(cast, a_change(cast, now), now),
            "declined": lambda cast, now: _decline_change(cast, a_change(cast, now), now),
        },
        events={"enter": _enter, "decline": _decline_change},
    ),
    Walk(
        BROKER,
        states={
            "applied": _applied,
            "verified": a_broker,
            "rejected": lambda cast, now: _reject(cast, _applied(cast, now), now),
            "expired": lambda cast, now: _expire(cast, a_broker(cast, now), now),
        },
        events={"verify": _verify, "reject": _reject, "expire": _expire, "apply": _apply},
        quiet=frozenset({"expire"}),
    ),
    Walk(
        ENGAGEMENT,
        states={
            "proposed": _proposed,
            "active": _active,
            "declined": lambda cast, now: _decline(cast, _proposed(cast, now), now),
            "ended": lambda cast, now: _end(cast, _active(cast, now), now),
            "expired": lambda cast, now: _run_out(cast, _active(cast, now), now),
            "disputed": a_disputed_engagement,
        },
        events={
            "sign": _sign,
            "counter": _counter,
            "decline": _decline,
            "end": _end,
            "expire": _run_out,
            "consent": _consent,
            "dispute": _dispute,
            "withdraw": _withdraw_dispute,
            "keep": _keep,
            "dissolve": _dissolve,
        },
        quiet=frozenset({"expire"}),
    ),
    Walk(
        INTRODUCTION,
        states={
            "stated": an_introduction,
            "half_confirmed": lambda cast, now: _confirm(cast, an_introduction(cast, now), now),
            "confirmed": lambda cast, now: an_introduction(cast, now, confirmed=True),
            "objected": lambda cast, now: _object(cast, an_introduction(cast, now), now),
            "void": lambda cast, now: _count_not(cast, _object(cast, an_introduction(cast, now), now), now),
        },
        events={"confirm": _confirm, "object": _object, "dismiss": _count, "uphold": _count_not},
    ),
    Walk(
        COMMISSION,
        states={
            "credited": _credited,
            "reversed": lambda cast, now: _reverse(cast, _credited(cast, now), now),
        },
        events={"reverse": _reverse},
        quiet=frozenset({"reverse"}),
    ),
)
