"""From deal to certificate, and every turn it may take."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.actions.contracts import agree_contract, change_contract, draft_contract, terms_of
from contracts.actions.decisions import recognise_contract, refuse_application, return_application
from contracts.actions.recognition import apply_for_recognition, resubmit_application
from contracts.actions.registrations import cancel_registration, revoke_registration
from contracts.models import Registration
from contracts.queries.applications import application_dates
from contracts.queries.contracts import digest_of
from contracts.tasks import compute_again
from market.accounts.models import Membership
from market.events.models import Event
from market.events.queries import broken_links
from market.policy.actions import AnnouncedDay, announce_holidays
from market.values.dates import day_of
from market.values.machine import IllegalMove
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.contracts.builders import a_contract, a_registration, an_application
from tests.documents_made import a_document
from tests.listings.builders import a_deal
from tests.people import Cast
from tests.second_factor import set_up_second_factor

pytestmark = pytest.mark.django_db


def test_a_draft_is_filled_in_from_listing_and_achievement(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now, agreed=False)
    assert contract.title == contract.deal.listing.achievement.title
    assert contract.price == Money.yuan("1250000")
    assert (contract.kind, contract.ip_kind) == ("transfer", "invention")


def test_only_the_parties_draw_up_a_contract_and_only_once(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    with pytest.raises(Forbidden):
        draft_contract(deal, actor=cast.rival_agent.actor, now=now)
    draft_contract(deal, actor=cast.enterprise_agent.actor, now=now)
    with pytest.raises(OutOfTurn):
        draft_contract(deal, actor=cast.university_agent.actor, now=now)


def test_both_sides_agreements_put_the_contract_in_force(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now)
    assert contract.state == "agreed"
    assert contract.signed_on == date(2026, 3, 10)
    contract.deal.refresh_from_db()
    assert contract.deal.state == "contracted"


def test_one_side_cannot_agree_for_both(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now, agreed=False)
    agent = cast.university_agent.actor
    agree_contract(contract, digest=digest_of(contract), actor=agent, now=now)
    with pytest.raises(OutOfTurn):
        agree_contract(contract, digest=digest_of(contract), actor=agent, now=now)
    contract.refresh_from_db()
    assert contract.state == "half_agreed"


def test_a_changed_term_asks_both_sides_anew(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now, agreed=False)
    before = digest_of(contract)
    agree_contract(contract, digest=before, actor=cast.university_agent.actor, now=now)
    terms = replace(terms_of(contract), equipment=Money.yuan("50000"))
    contract = change_contract(contract, terms, actor=cast.enterprise_agent.actor, now=now)
    assert contract.state == "draft"
    assert not contract.agreements.filter(is_current=True).exists()
    with pytest.raises(OutOfTurn):
        agree_contract(contract, digest=before, actor=cast.university_agent.actor, now=now)


def test_an_agreed_contract_is_not_changed(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now)
    with pytest.raises(IllegalMove):
        change_contract(contract, terms_of(contract), actor=cast.university_agent.actor, now=now)


def test_the_seller_applies_and_the_registry_has_fifteen_working_days(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    assert application.rule_set == "MIIT-2026"
    assert application.due_on == date(2026, 3, 31)


def test_an_application_before_march_2026_keeps_the_old_rules(cast: Cast) -> None:
    long_ago = datetime(2026, 1, 5, 2, tzinfo=UTC)
    application = an_application(cast, long_ago)
    assert application.rule_set == "MOST-2000"
    assert application.due_on == date(2026, 2, 4)


def test_a_large_contract_is_reviewed_by_experts_in_thirty_working_days(cast: Cast, now: datetime) -> None:
    set_up_second_factor(cast.university_agent.person)
    contract = a_contract(cast, now, agreed=False)
    change_contract(
        contract, replace(terms_of(contract), price=Money.yuan("5000000")), actor=cast.university_agent.actor, now=now
    )
    for member in (cast.university_agent, cast.enterprise_agent):
        contract.refresh_from_db()
        agree_contract(contract, digest=digest_of(contract), actor=member.actor, now=now)
    application = an_application(cast, now, contract=contract)
    assert application.needs_experts
    assert application.due_on == date(2026, 4, 22)


def test_the_buyer_does_not_apply(cast: Cast, now: datetime) -> None:
    actor = cast.enterprise_agent.actor
    with pytest.raises(Forbidden):
        apply_for_recognition(a_contract(cast, now), documents=[a_document(actor)], actor=actor, now=now)


def test_without_the_contracts_text_nothing_is_applied_for(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        apply_for_recognition(a_contract(cast, now), documents=[], actor=cast.university_agent.actor, now=now)
    assert [refusal.code for refusal in refused.value.refusals] == ["contracts.text_missing"]


def test_recognition_gives_a_number_and_tells_the_log(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    assert registration.number == "2026140600000001"
    event = Event.objects.get(name="contract.recognised")
    assert event.payload["technology_value_fen"] == 125000000
    assert broken_links() == []


def test_a_registrar_of_a_party_does_not_decide(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    Membership.objects.create(person=cast.registrar.person, organisation=cast.university, role="agent")
    value = Money(application.technology_value_fen)
    with pytest.raises(Forbidden):
        recognise_contract(application, technology_value=value, actor=cast.university_agent.actor, now=now)
    assert not Registration.objects.exists()


def test_a_value_beyond_the_contract_is_refused_and_nothing_is_registered(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    with pytest.raises(Refused):
        recognise_contract(application, technology_value=Money.yuan("9999999"), actor=cast.registrar.actor, now=now)
    application.refresh_from_db()
    assert application.state == "submitted"
    assert not Registration.objects.exists()


def test_a_returned_application_comes_back_once_with_new_time(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    application = return_application(application, reason="缺少签章页", actor=cast.registrar.actor, now=now)
    agent = cast.university_agent.actor
    later = now + timedelta(days=7)
    application = resubmit_application(application, documents=[a_document(agent)], actor=agent, now=later)
    assert application.due_on == date(2026, 4, 8)
    with pytest.raises(Refused):
        return_application(application, reason="仍不完整", actor=cast.registrar.actor, now=later)


def test_a_correction_past_its_day_is_still_taken_as_no_source_bears_that_day(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    application = return_application(application, reason="缺少签章页", actor=cast.registrar.actor, now=now)
    agent, late = cast.university_agent.actor, now + timedelta(days=31)
    assert not application_dates(application, today=day_of(now + timedelta(days=30))).is_correction_late, "its last day"
    dates = application_dates(application, today=day_of(late))
    assert dates.is_correction_late
    assert not dates.is_correction_confirmed
    assert resubmit_application(application, documents=[a_document(agent)], actor=agent, now=late).state == "submitted"


def test_no_correction_is_taken_once_recognition_was_refused(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    return_application(application, reason="缺少签章页", actor=cast.registrar.actor, now=now)
    agent, late = cast.university_agent.actor, now + timedelta(days=31)
    refuse_application(application, code="other", reason="逾期未补正", actor=cast.registrar.actor, now=late)
    document, events = a_document(agent), Event.objects.count()
    with pytest.raises(IllegalMove):
        resubmit_application(application, documents=[document], actor=agent, now=late)
    application.refresh_from_db()
    assert (application.state, Event.objects.count()) == ("refused", events)


def test_a_refused_application_can_be_followed_by_another(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    refuse_application(application, code="not_technology", reason="不属于技术合同", actor=cast.registrar.actor, now=now)
    assert an_application(cast, now, contract=application.contract).state == "submitted"


def test_two_applications_at_once_are_one_too_many(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    with pytest.raises(OutOfTurn):
        an_application(cast, now, contract=application.contract)


def test_a_revoked_number_is_not_given_again(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    revoke_registration(registration, reason="虚假合同", actor=cast.registrar.actor, now=now)
    with pytest.raises(IllegalMove):
        cancel_registration(registration, reason="合同解除", actor=cast.registrar.actor, now=now)
    with pytest.raises(OutOfTurn):
        an_application(cast, now, contract=registration.contract)


def test_an_announced_year_moves_a_provisional_day_of_decision(cast: Cast) -> None:
    late = datetime(2026, 12, 21, 2, tzinfo=UTC)
    application = an_application(cast, late)
    assert application.is_due_provisional
    before = application.due_on
    day = AnnouncedDay(date(2027, 1, 1), "元旦", is_working=False)
    announce_holidays(2027, [day], source="国务院办公厅", actor=cast.administrator.actor, now=late)
    compute_again(Event.objects.get(subject="holidays:2027"))
    application.refresh_from_db()
    assert application.due_on > before
    assert not application.is_due_provisional
