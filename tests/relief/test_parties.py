"""Another party takes the place of a taxpayer: the relief stays with whoever had the income, and the price is free once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from contracts.actions.decisions import recognise_contract
from contracts.actions.registrations import ChangeTerms, enter_change, request_change
from contracts.models import Registration
from contracts.relief.actions import file_claim
from contracts.relief.queries import finding_of, known_facts, live_claims
from contracts.relief.rulebook import book
from contracts.relief.rules.facts import Facts, read_facts
from contracts.relief.tasks import follow_registration
from market.events.models import Event
from market.values.dates import day_of
from market.values.money import ZERO, Money
from tests.contracts.builders import answer_flags
from tests.contracts.sheets import a_submitted_sheet
from tests.documents_made import a_document
from tests.people import Cast, Member
from tests.relief.builders import a_claim, typed

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]

RULE = "VAT-TT"


def _registered_outside(cast: Cast, now: datetime) -> Registration:
    """Made outside the market: the university sells to two companies that are not on it."""
    sheet = a_submitted_sheet(cast, now)
    assert sheet.contract is not None
    application = sheet.contract.applications.get()
    answer_flags(cast, application, now)
    value = Money(application.technology_value_fen)
    return recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)


def _enterprise_sells(cast: Cast, registration: Registration, now: datetime) -> None:
    """The university's place is taken, and the ledger hears of it."""
    party = {"name": cast.enterprise.name, "code": cast.enterprise.social_credit_code, "nature": "150", "country": "142"}
    terms = ChangeTerms(kind="party", reason="卖方转让合同", party_place="seller-1", party=party)
    actor = cast.university_agent.actor
    change = request_change(registration, terms, documents=[a_document(actor)], actor=actor, now=now)
    enter_change(change, actor=cast.registrar.actor, now=now)
    follow_registration(Event.objects.get(name="registration.changed"))


def test_the_claim_stays_is_told_and_can_be_filed_and_the_price_is_not_claimed_twice(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    registration = _registered_outside(cast, now)
    claim = a_claim(cast, now, RULE, registration=registration)
    before = (claim.entitled_fen, read_facts(claim.facts).values["side"])
    _enterprise_sells(cast, registration, now)
    claim.refresh_from_db()
    contract = claim.contract
    assert (contract.seller, claim.taxpayer, claim.state) == (cast.enterprise, cast.university, "entitled")
    assert (claim.entitled_fen, read_facts(claim.facts).values["side"]) == before
    assert Event.objects.get(name="relief.party_left", subject=claim.subject).payload["party"] == cast.enterprise.name
    page = sign_in(cast.university_finance).get(f"/en{claim.get_absolute_url()}").content.decode()
    assert "no longer a party" in page
    assert f"/contracts/{contract.key}/" not in page, "it would lead nowhere"
    facts = known_facts(contract, cast.enterprise.pk, typed(now), book().versions(RULE)[0], live_claims(contract))
    assert (facts.values["side"], facts.values["price"]) == ("seller", ZERO)
    assert finding_of(RULE, facts).relief == ZERO
    day, actor = day_of(now), cast.university_finance.actor
    assert file_claim(claim, filed_on=day, receipt="税受1号", actor=actor, now=now).state == "filed"


def test_a_former_buyer_is_no_seller(cast: Cast, now: datetime) -> None:
    contract = _registered_outside(cast, now).contract
    rule, said = book().versions(RULE)[0], Facts({**typed(now).values, "side": "buyer"})
    facts = known_facts(contract, cast.rival.pk, said, rule, live_claims(contract))
    assert facts.values["side"] == "buyer"
    assert facts.values["price"] == contract.price


def test_a_new_name_alone_says_nothing_to_the_taxpayer(cast: Cast, now: datetime) -> None:
    registration = _registered_outside(cast, now)
    a_claim(cast, now, RULE, registration=registration)
    party = {"name": "改名大学", "code": cast.university.social_credit_code, "nature": "022", "country": "142"}
    terms = ChangeTerms(kind="party", reason="更名", party_place="seller-1", party=party)
    actor = cast.university_agent.actor
    change = request_change(registration, terms, documents=[a_document(actor)], actor=actor, now=now)
    enter_change(change, actor=cast.registrar.actor, now=now)
    follow_registration(Event.objects.get(name="registration.changed"))
    assert not Event.objects.filter(name="relief.party_left").exists()
