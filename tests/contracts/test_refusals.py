"""Every code by which an act on contracts is refused, provoked by the real action; nothing of the act is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from contracts.actions.contracts import ContractTerms, agree_contract, change_contract, draft_contract, terms_of
from contracts.actions.decisions import recognise_contract, refuse_application, return_application
from contracts.actions.recognition import apply_for_recognition, resubmit_application, withdraw_application
from contracts.actions.registrations import revoke_registration
from contracts.models import TechnologyContract
from contracts.queries.contracts import digest_of
from contracts.refusals import SENTENCES
from listings.models.deals import Deal
from market.accounts.models import Membership
from market.values.money import ZERO, Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.contracts.builders import a_contract, a_registration, an_application
from tests.contracts.test_deciding import SETTINGS as DECIDING
from tests.contracts.test_experts import SETTINGS as EXPERTS
from tests.contracts.test_imports import SETTINGS as IMPORTS
from tests.contracts.test_sheets import SETTINGS as SHEETS
from tests.documents_made import a_document
from tests.listings.builders import a_deal
from tests.people import Cast
from tests.refused import refused_with

pytestmark = pytest.mark.django_db

type Act = Callable[[], object]
type Setting = Callable[[Cast, datetime], Act]


def _change(**changes: object) -> Setting:
    def setting(cast: Cast, now: datetime) -> Act:
        contract = a_contract(cast, now, agreed=False)
        terms: ContractTerms = replace(terms_of(contract), **changes)  # type: ignore[arg-type]
        return lambda: change_contract(contract, terms, actor=cast.university_agent.actor, now=now)

    return setting


def _apply(cast: Cast, contract: TechnologyContract, now: datetime, *, text: bool = True, by_buyer: bool = False) -> Act:
    actor = (cast.enterprise_agent if by_buyer else cast.university_agent).actor
    documents = [a_document(actor)] if text else []
    return lambda: apply_for_recognition(contract, documents=documents, actor=actor, now=now)


def _drafted_before(cast: Cast, now: datetime) -> Act:
    deal = Deal.objects.get(pk=a_contract(cast, now, agreed=False).deal_id)
    return lambda: draft_contract(deal, actor=cast.enterprise_agent.actor, now=now)


def _terms_changed(cast: Cast, now: datetime) -> Act:
    contract = a_contract(cast, now, agreed=False)
    return lambda: agree_contract(contract, digest="0" * 64, actor=cast.university_agent.actor, now=now)


def _agreed_before(cast: Cast, now: datetime) -> Act:
    contract, actor = a_contract(cast, now, agreed=False), cast.university_agent.actor
    agree_contract(contract, digest=digest_of(contract), actor=actor, now=now)
    return lambda: agree_contract(contract, digest=digest_of(contract), actor=actor, now=now)


def _registered_before(cast: Cast, now: datetime) -> Act:
    registration = a_registration(cast, now)
    revoke_registration(registration, reason="虚假合同", actor=cast.registrar.actor, now=now)
    return _apply(cast, registration.contract, now)


def _own_contract(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    Membership.objects.create(person=cast.registrar.person, organisation=cast.university, role="agent")
    value = Money(application.technology_value_fen)
    return lambda: recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)


def _value_out_of_range(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    return lambda: recognise_contract(application, technology_value=ZERO, actor=cast.registrar.actor, now=now)


def _returned_before(cast: Cast, now: datetime) -> Act:
    application, agent = an_application(cast, now), cast.university_agent.actor
    return_application(application, reason="缺少签章页", actor=cast.registrar.actor, now=now)
    resubmit_application(application, documents=[a_document(agent)], actor=agent, now=now)
    return lambda: return_application(application, reason="仍不完整", actor=cast.registrar.actor, now=now)


def _reason_missing(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    return lambda: refuse_application(application, code="other", reason="  ", actor=cast.registrar.actor, now=now)


SETTINGS: dict[str, tuple[type[Refused], Setting]] = {
    "contracts.sub_kind_of_another_kind": (Refused, _change(sub_kind="training")),
    "contracts.industry_code_unknown": (Refused, _change(industry_served="9999")),
    "contracts.content_too_short": (Refused, _change(content="太短")),
    "contracts.price_zero": (Refused, _change(price=ZERO)),
    "contracts.parts_exceed_price": (Refused, _change(equipment=Money.yuan("1250000.01"))),
    "contracts.ends_before_it_begins": (Refused, _change(valid_until=datetime(2020, 1, 1).date())),
    "contracts.seller_applies": (Forbidden, lambda cast, now: _apply(cast, a_contract(cast, now), now, by_buyer=True)),
    "contracts.not_in_force": (Refused, lambda cast, now: _apply(cast, a_contract(cast, now, agreed=False), now)),
    "contracts.no_longer_in_force": (
        Refused,
        lambda cast, now: _apply(cast, a_contract(cast, now), now + timedelta(days=800)),
    ),
    "contracts.text_missing": (Refused, lambda cast, now: _apply(cast, a_contract(cast, now), now, text=False)),
    "contracts.application_open": (OutOfTurn, lambda cast, now: _apply(cast, an_application(cast, now).contract, now)),
    "contracts.registered_before": (OutOfTurn, _registered_before),
    "contracts.drafted_before": (OutOfTurn, _drafted_before),
    "contracts.terms_changed": (OutOfTurn, _terms_changed),
    "contracts.agreed_before": (OutOfTurn, _agreed_before),
    "contracts.own_contract": (Forbidden, _own_contract),
    "contracts.technology_value_out_of_range": (Refused, _value_out_of_range),
    "contracts.returned_before": (Refused, _returned_before),
    "contracts.reason_missing": (Refused, _reason_missing),
}


# Shown where they arise: two in the rules alone, one in the view.
ELSEWHERE = {"contracts.items_do_not_add_up": "test_amounts", "contracts.none_chosen": "test_workbench"}


@pytest.mark.parametrize("code", SETTINGS)
def test_what_is_refused_leaves_nothing_behind(code: str, cast: Cast, now: datetime) -> None:
    kind, setting = SETTINGS[code]
    act = setting(cast, now)
    with refused_with(code, kind):
        act()


def test_every_code_is_provoked() -> None:
    by_experts = {code for code, _kind, _setting in EXPERTS}
    provoked = set(SETTINGS) | set(DECIDING) | set(SHEETS) | set(IMPORTS) | by_experts | set(ELSEWHERE)
    assert {code for code in provoked if code.startswith("contracts.")} == set(SENTENCES)


def test_strangers_and_brokers_change_agree_and_withdraw_nothing(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now, agreed=False)
    application = an_application(cast, now, contract=a_contract(cast, now, deal=a_deal(cast, now)))
    digest, terms = digest_of(contract), terms_of(contract)
    for member in (cast.outsider, cast.broker, cast.registrar, cast.university_finance):
        with refused_with("accounts.role_missing", Forbidden):
            agree_contract(contract, digest=digest, actor=member.actor, now=now)
        with refused_with("accounts.role_missing", Forbidden):
            change_contract(contract, terms, actor=member.actor, now=now)
        with refused_with("contracts.seller_applies", Forbidden):
            withdraw_application(application, actor=member.actor, now=now)
