"""Contracts, applications and registrations, built through the actions that lead there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from allauth.mfa.models import Authenticator

from contracts.actions.contracts import agree_contract, change_contract, draft_contract, terms_of
from contracts.actions.decisions import recognise_contract
from contracts.actions.experts import ask_expert, enter_opinion
from contracts.actions.radar import answer_flag
from contracts.actions.recognition import apply_for_recognition
from contracts.actions.registrations import ChangeTerms, request_change
from contracts.models import Application, Change, Opinion, Registration, TechnologyContract
from contracts.queries.contracts import digest_of
from listings.models.deals import Deal
from market.values.money import Money
from tests.documents_made import a_document
from tests.listings.builders import a_deal
from tests.people import Cast
from tests.second_factor import set_up_second_factor


def a_contract(cast: Cast, now: datetime, *, agreed: bool = True, deal: Deal | None = None) -> TechnologyContract:
    contract = draft_contract(deal or a_deal(cast, now), actor=cast.university_agent.actor, now=now)
    if not agreed:
        return contract
    for member in (cast.university_agent, cast.enterprise_agent):
        contract = agree_contract(contract, digest=digest_of(contract), actor=member.actor, now=now)
    return contract


def an_application(cast: Cast, now: datetime, *, contract: TechnologyContract | None = None) -> Application:
    actor = cast.university_agent.actor
    contract = contract or a_contract(cast, now)
    return apply_for_recognition(contract, documents=[a_document(actor)], actor=actor, now=now)


def a_large_application(cast: Cast, now: datetime) -> Application:
    """Of an amount on which two registrars decide, and for which the seller needs a second factor."""
    if not Authenticator.objects.filter(user=cast.university_agent.person).exists():
        set_up_second_factor(cast.university_agent.person)
    contract = a_contract(cast, now, agreed=False)
    terms = replace(terms_of(contract), price=Money.yuan("6000000"))
    contract = change_contract(contract, terms, actor=cast.university_agent.actor, now=now)
    for member in (cast.university_agent, cast.enterprise_agent):
        contract = agree_contract(contract, digest=digest_of(contract), actor=member.actor, now=now)
    application = an_application(cast, now, contract=contract)
    answer_flags(cast, application, now)
    hear_expert(cast, application, now)
    return application


def hear_expert(cast: Cast, application: Application, now: datetime) -> Opinion:
    """An expert was asked and has said yes."""
    actor = cast.registrar.actor
    asked = {"expert": "煤燃烧专家甲", "workplace": "省能源研究会", "question": "是否属于技术转让？"}
    opinion = ask_expert(application, **asked, actor=actor, now=now)
    return enter_opinion(opinion, verdict="supports", text="属于技术转让。", documents=[], actor=actor, now=now)


def answer_flags(cast: Cast, application: Application, now: datetime) -> None:
    """Every sign of the radar has its answer."""
    for flag in application.flags.all():
        answer_flag(flag, answer="已核对原件。", actor=cast.registrar.actor, now=now)


def a_registration(cast: Cast, now: datetime) -> Registration:
    application = an_application(cast, now)
    value = Money(application.technology_value_fen)
    answer_flags(cast, application, now)
    return recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)


def a_change(cast: Cast, now: datetime, *, registration: Registration | None = None, technology_value: str = "1000000") -> Change:
    """Asked for by the seller: less technology than was registered."""
    registration = registration or a_registration(cast, now)
    actor = cast.university_agent.actor
    terms = ChangeTerms(kind="amount", reason="补充协议调整金额", technology_value=Money.yuan(technology_value))
    return request_change(registration, terms, documents=[a_document(actor)], actor=actor, now=now)
