"""Refusals of contracts, recognition and brokerage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from brokers.actions.brokers import apply_as_broker, reject_broker, verify_broker
from brokers.actions.engagements import sign_engagement
from contracts.actions.contracts import agree_contract, change_contract, draft_contract, terms_of
from contracts.actions.decisions import recognise_contract, refuse_application, return_application
from contracts.actions.recognition import apply_for_recognition, resubmit_application
from contracts.queries.contracts import digest_of
from listings.actions.deals import fail_deal
from listings.models.deals import Deal
from market.values.actor import Role
from market.values.money import Money
from tests.brokers.builders import a_broker, an_engagement, an_entry
from tests.contracts.builders import a_contract, a_registration, an_application
from tests.documents_made import a_document
from tests.house.provoked import Act, Provocation
from tests.listings.builders import a_deal, a_listing
from tests.people import Cast, a_member


def _out_of_turn(cast: Cast, now: datetime) -> Act:
    deal = fail_deal(a_deal(cast, now), reason="买方放弃", actor=cast.supervisor.actor, now=now)
    return lambda: draft_contract(deal, actor=cast.university_agent.actor, now=now)


def _second_contract(cast: Cast, now: datetime) -> Act:
    contract = a_contract(cast, now, agreed=False)
    deal = Deal.objects.get(pk=contract.deal_id)
    return lambda: draft_contract(deal, actor=cast.university_agent.actor, now=now)


def _changed_meanwhile(cast: Cast, now: datetime) -> Act:
    contract = a_contract(cast, now, agreed=False)
    digest = digest_of(contract)
    change_contract(contract, replace(terms_of(contract), delivery="另议"), actor=cast.enterprise_agent.actor, now=now)
    return lambda: agree_contract(contract, digest=digest, actor=cast.university_agent.actor, now=now)


def _agreed_before(cast: Cast, now: datetime) -> Act:
    contract = a_contract(cast, now, agreed=False)
    contract = agree_contract(contract, digest=digest_of(contract), actor=cast.university_agent.actor, now=now)
    return lambda: agree_contract(contract, digest=digest_of(contract), actor=cast.university_agent.actor, now=now)


def _not_in_force(cast: Cast, now: datetime) -> Act:
    contract = a_contract(cast, now, agreed=False)
    actor = cast.university_agent.actor
    documents = [a_document(actor)]
    return lambda: apply_for_recognition(contract, documents=documents, actor=actor, now=now)


def _too_late(cast: Cast, now: datetime) -> Act:
    contract = a_contract(cast, now)
    actor = cast.university_agent.actor
    documents = [a_document(actor)]
    later = now.replace(year=now.year + 3)
    return lambda: apply_for_recognition(contract, documents=documents, actor=actor, now=later)


def _buyer_applies(cast: Cast, now: datetime) -> Act:
    contract, actor = a_contract(cast, now), cast.enterprise_agent.actor
    documents = [a_document(actor)]
    return lambda: apply_for_recognition(contract, documents=documents, actor=actor, now=now)


def _second_application(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    actor = cast.university_agent.actor
    documents = [a_document(actor)]
    return lambda: apply_for_recognition(application.contract, documents=documents, actor=actor, now=now)


def _registered(cast: Cast, now: datetime) -> Act:
    registration = a_registration(cast, now)
    actor = cast.university_agent.actor
    documents = [a_document(actor)]
    return lambda: apply_for_recognition(registration.contract, documents=documents, actor=actor, now=now)


def _no_text(cast: Cast, now: datetime) -> Act:
    contract = a_contract(cast, now)
    return lambda: apply_for_recognition(contract, documents=[], actor=cast.university_agent.actor, now=now)


def _own_contract(cast: Cast, now: datetime) -> Act:
    """The registry's own bureau is the buyer."""
    application = an_application(cast, now)
    application.contract.buyer_id = cast.bureau.pk
    application.contract.save()
    value = Money(application.technology_value_fen)
    return lambda: recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)


def _too_valuable(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    value = Money(application.contract_value_fen + 1)
    return lambda: recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)


def _returned_twice(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    actor = cast.university_agent.actor
    return_application(application, reason="内容不清", actor=cast.registrar.actor, now=now)
    resubmit_application(application, documents=[a_document(actor)], actor=actor, now=now)
    return lambda: return_application(application, reason="仍不清", actor=cast.registrar.actor, now=now)


def _refused_without_reason(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    return lambda: refuse_application(application, code="other", reason=" ", actor=cast.registrar.actor, now=now)


def _wrong_institution(cast: Cast, now: datetime) -> Act:
    actor = cast.enterprise_agent.actor
    entry = an_entry(cast)
    return lambda: apply_as_broker(entry, institution=cast.enterprise, actor=actor, now=now)


def _certificate_over(cast: Cast, now: datetime) -> Act:
    entry = an_entry(cast, valid_until=date(2026, 3, 9))
    return lambda: apply_as_broker(entry, institution=cast.institution, actor=cast.broker.actor, now=now)


def _rejected_without_reason(cast: Cast, now: datetime) -> Act:
    broker = a_broker(cast, now, verified=False)
    return lambda: reject_broker(broker, reason=" ", actor=cast.supervisor.actor, now=now)


def _own_application(cast: Cast, now: datetime) -> Act:
    broker = a_broker(cast, now, verified=False)
    both = a_member(cast.broker.person.email, cast.bureau, Role.SUPERVISOR)
    return lambda: verify_broker(broker, actor=both.actor, now=now)


def _second_engagement(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    an_engagement(cast, listing, now)
    return lambda: an_engagement(cast, listing, now, signed=False)


def _signed_already(cast: Cast, now: datetime) -> Act:
    engagement = an_engagement(cast, a_listing(cast, now), now, signed=False)
    return lambda: sign_engagement(engagement, version=1, actor=cast.enterprise_agent.actor, now=now)


PROVOKED: dict[str, Provocation] = {
    "market.out_of_turn": _out_of_turn,
    "contracts.drafted_before": _second_contract,
    "contracts.terms_changed": _changed_meanwhile,
    "contracts.agreed_before": _agreed_before,
    "contracts.seller_applies": _buyer_applies,
    "contracts.not_in_force": _not_in_force,
    "contracts.no_longer_in_force": _too_late,
    "contracts.application_open": _second_application,
    "contracts.registered_before": _registered,
    "contracts.text_missing": _no_text,
    "contracts.own_contract": _own_contract,
    "contracts.technology_value_out_of_range": _too_valuable,
    "contracts.returned_before": _returned_twice,
    "contracts.reason_missing": _refused_without_reason,
    "brokers.institution_only": _wrong_institution,
    "brokers.valid_until_in_the_past": _certificate_over,
    "brokers.reason_missing": _rejected_without_reason,
    "brokers.own_application": _own_application,
    "brokers.engagement_exists": _second_engagement,
    "brokers.signed_already": _signed_already,
}
