"""Contracts, applications and registrations, built through the actions that lead there."""

from __future__ import annotations

from datetime import datetime

from contracts.actions.contracts import agree_contract, draft_contract
from contracts.actions.recognition import apply_for_recognition, recognise_contract
from contracts.models import Application, Registration, TechnologyContract
from contracts.queries import digest_of
from listings.models.deals import Deal
from market.values.money import Money
from tests.documents_made import a_document
from tests.listings.builders import a_deal
from tests.people import Cast


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


def a_registration(cast: Cast, now: datetime) -> Registration:
    application = an_application(cast, now)
    value = Money(application.technology_value_fen)
    return recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)
