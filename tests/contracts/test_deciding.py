"""S-11: two officials decide, nobody decides on their own matter, and nothing happens out of turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.actions.appeals import appeal_refusal, reopen_application
from contracts.actions.decisions import (
    propose_decision,
    recognise_contract,
    recognise_together,
    refuse_application,
    return_application,
    send_back_application,
)
from contracts.actions.radar import answer_flag, assign_application, read_application
from contracts.actions.recognition import resubmit_application, withdraw_application
from contracts.actions.registrations import ChangeTerms, enter_change, request_change
from contracts.models import Application, Change, Flag, Registration
from contracts.permissions import visible_applications, visible_contracts
from market.accounts.models import Membership
from market.events.models import Event
from market.values.actor import Role
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.contracts.builders import a_change, a_large_application, a_registration, an_application, answer_flags
from tests.documents_made import a_document
from tests.people import Cast, Member
from tests.refused import refused_with

pytestmark = pytest.mark.django_db

type Act = Callable[[], object]
type Setting = Callable[[Cast, datetime], Act]

SIX_MILLION = Money.yuan("6000000")


def _proposed(cast: Cast, now: datetime, proposal: str = "recognise") -> Application:
    application = a_large_application(cast, now)
    return propose_decision(
        application, proposal=proposal, value=SIX_MILLION, code="other", reason="理由", actor=cast.registrar.actor, now=now
    )


# --- two registrars


def test_from_the_amount_on_one_registrar_alone_decides_nothing(cast: Cast, now: datetime) -> None:
    application = a_large_application(cast, now)
    with refused_with("contracts.second_registrar_needed"):
        recognise_contract(application, technology_value=SIX_MILLION, actor=cast.registrar.actor, now=now)
    with refused_with("contracts.second_registrar_needed"):
        refuse_application(application, code="other", reason="不符", actor=cast.registrar.actor, now=now)


def test_below_the_amount_one_decides_and_a_correction_does_not_slip_under_it(cast: Cast, now: datetime) -> None:
    application = a_large_application(cast, now)
    with refused_with("contracts.second_registrar_needed"):
        recognise_contract(
            application, technology_value=Money.yuan("4999999.99"), reason="核减", actor=cast.registrar.actor, now=now
        )
    assert a_registration(cast, now).state == "in_force"


def test_two_different_registrars_register_what_the_first_proposed(cast: Cast, now: datetime) -> None:
    application = _proposed(cast, now)
    with refused_with("contracts.proposer_confirms", Forbidden):
        recognise_contract(application, technology_value=SIX_MILLION, actor=cast.registrar.actor, now=now)
    with refused_with("contracts.other_than_proposed", OutOfTurn):
        recognise_contract(application, technology_value=Money.yuan("1"), actor=cast.second_registrar.actor, now=now)
    with refused_with("contracts.other_than_proposed", OutOfTurn):
        refuse_application(application, code="other", reason="不符", actor=cast.second_registrar.actor, now=now)
    registration = recognise_contract(application, technology_value=SIX_MILLION, actor=cast.second_registrar.actor, now=now)
    application.refresh_from_db()
    assert (application.proposed_by, application.decided_by) == (cast.registrar.person, cast.second_registrar.person)
    assert registration.technology_value == SIX_MILLION


def test_a_refusal_needs_the_second_too_and_keeps_its_reason(cast: Cast, now: datetime) -> None:
    application = _proposed(cast, now, "refuse")
    with refused_with("contracts.other_than_proposed", OutOfTurn):
        recognise_contract(application, technology_value=SIX_MILLION, actor=cast.second_registrar.actor, now=now)
    refuse_application(application, code="other", reason="理由", actor=cast.second_registrar.actor, now=now)
    application.refresh_from_db()
    assert application.state == "refused"


def test_what_is_sent_back_is_examined_anew_by_anybody(cast: Cast, now: datetime) -> None:
    application = _proposed(cast, now)
    send_back_application(application, reason="金额存疑", actor=cast.second_registrar.actor, now=now)
    application.refresh_from_db()
    assert (application.state, application.proposal, application.proposed_by) == ("submitted", "", None)
    propose_decision(application, proposal="recognise", value=SIX_MILLION, actor=cast.second_registrar.actor, now=now)
    assert recognise_contract(application, technology_value=SIX_MILLION, actor=cast.registrar.actor, now=now).number


# --- nobody in their own matter


def _submitted_by_registrar(cast: Cast, now: datetime) -> Application:
    """The university's agent is a registrar as well, and has left the university since."""
    application = an_application(cast, now)
    answer_flags(cast, application, now)
    agent = cast.university_agent.person
    Membership.objects.create(person=agent, organisation=cast.bureau, role=Role.REGISTRAR.value)
    Membership.objects.filter(person=agent, organisation=cast.university).delete()
    return application


def test_who_submitted_never_decides_whatever_they_have_become(cast: Cast, now: datetime) -> None:
    application = _submitted_by_registrar(cast, now)
    actor = Member(cast.university_agent.person, cast.bureau).actor
    value = Money(application.technology_value_fen)
    acts: list[Act] = [
        lambda: recognise_contract(application, technology_value=value, actor=actor, now=now),
        lambda: refuse_application(application, code="other", reason="不符", actor=actor, now=now),
        lambda: return_application(application, reason="不符", actor=actor, now=now),
        lambda: propose_decision(application, proposal="recognise", value=value, actor=actor, now=now),
    ]
    for act in acts:
        with refused_with("contracts.submitter_decides", Forbidden):
            act()


def test_who_belongs_to_a_side_is_given_no_case(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    Membership.objects.create(person=cast.second_registrar.person, organisation=cast.enterprise, role="agent")
    with refused_with("contracts.cannot_be_assigned"):
        assign_application(application, to=cast.second_registrar.person, actor=cast.registrar.actor, now=now)
    with refused_with("contracts.cannot_be_assigned"):
        assign_application(application, to=cast.supervisor.person, actor=cast.registrar.actor, now=now)
    assert assign_application(application, to=cast.registrar.person, actor=cast.registrar.actor, now=now).assigned_to


def test_a_registrar_sees_the_applications_of_their_own_region(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    for region, is_seen in (
        ("140602", True),
        ("140600", True),
        ("140000", True),
        ("", True),
        ("140603", False),
        ("330100", False),
    ):
        cast.bureau.region = region
        cast.bureau.save()
        assert visible_applications(cast.registrar.actor).filter(pk=application.pk).exists() is is_seen, region
    assert visible_applications(cast.supervisor.actor).filter(pk=application.pk).exists()


def test_an_applicant_from_elsewhere_comes_to_the_registry_itself(cast: Cast, now: datetime) -> None:
    cast.university.region = "330100"
    cast.university.save()
    assert an_application(cast, now).region == "140600"


# --- every state, every act, every role

# --- the radar, and many at once


def _with_flag(cast: Cast, now: datetime) -> Application:
    application = an_application(cast, now)
    Flag.objects.create(application=application, code="related", weight=20)
    return application


def test_a_sign_without_an_answer_holds_the_decision_up(cast: Cast, now: datetime) -> None:
    application = _with_flag(cast, now)
    value = Money(application.technology_value_fen)
    with refused_with("contracts.flags_open"):
        recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)
    with refused_with("contracts.reason_missing"):
        answer_flag(application.flags.get(code="related"), answer=" ", actor=cast.registrar.actor, now=now)
    answer_flags(cast, application, now)
    assert recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)
    assert Event.objects.filter(name="application.flag_answered").exists()


def test_many_are_recognised_together_only_when_each_was_read_and_then_all_or_none(cast: Cast, now: datetime) -> None:
    applications = [an_application(cast, now), an_application(cast, now)]
    for application in applications:
        answer_flags(cast, application, now)
    read_application(applications[0], actor=cast.registrar.actor, now=now)
    with refused_with("contracts.not_read"):
        recognise_together(applications, actor=cast.registrar.actor, now=now)
    read_application(applications[1], actor=cast.second_registrar.actor, now=now)
    with refused_with("contracts.not_read"):
        recognise_together(applications, actor=cast.registrar.actor, now=now)
    read_application(applications[1], actor=cast.registrar.actor, now=now)
    assert len(recognise_together(applications, actor=cast.registrar.actor, now=now)) == 2


def test_what_was_corrected_since_must_be_read_again(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    read_application(application, actor=cast.registrar.actor, now=now)
    return_application(application, reason="缺少签章页", actor=cast.registrar.actor, now=now)
    agent = cast.university_agent.actor
    later = now + timedelta(days=1)
    resubmit_application(application, documents=[a_document(agent)], actor=agent, now=later)
    answer_flags(cast, application, later)
    with refused_with("contracts.not_read"):
        recognise_together([application], actor=cast.registrar.actor, now=later)


# --- the clock


def test_under_the_old_rules_the_days_away_do_not_count_and_the_time_does_not_begin_anew(cast: Cast) -> None:
    begun = datetime(2026, 1, 5, 2, tzinfo=UTC)
    application = an_application(cast, begun)
    return_application(application, reason="缺少签章页", actor=cast.registrar.actor, now=begun + timedelta(days=5))
    agent, back = cast.university_agent.actor, begun + timedelta(days=12)
    application = resubmit_application(application, documents=[a_document(agent)], actor=agent, now=back)
    assert application.due_on == date(2026, 2, 11), "30 days after 5 January, and the 7 days away"


# --- appeals and changes


def test_a_granted_appeal_is_examined_again_in_new_time_by_another_than_the_supervisor(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    answer_flags(cast, application, now)
    refuse_application(application, code="not_technology", reason="非技术合同", actor=cast.registrar.actor, now=now)
    later = now + timedelta(days=20)
    appeal_refusal(application, grounds="有技术内容", actor=cast.university_agent.actor, now=later)
    application = reopen_application(application, answer="理由成立", actor=cast.supervisor.actor, now=later)
    assert (application.state, application.reason_code, application.counted_from) == ("submitted", "", date(2026, 3, 30))
    value = Money(application.technology_value_fen)
    answer_flags(cast, application, later)
    assert recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=later)


def test_royalties_are_added_as_they_come_in_and_relief_hears_before_and_after(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    agent = cast.university_agent.actor
    terms = ChangeTerms(kind="royalty", reason="2026年提成", received=Money.yuan("200000"))
    change = request_change(registration, terms, documents=[a_document(agent)], actor=agent, now=now)
    registration.refresh_from_db()
    assert registration.technology_value == Money.yuan("1250000"), "asked for is not entered"
    enter_change(change, actor=cast.registrar.actor, now=now)
    registration.refresh_from_db()
    assert registration.technology_value == registration.contract_value == Money.yuan("1450000")
    payload = Event.objects.get(name="registration.changed").payload
    assert (payload["technology_value_before_fen"], payload["technology_value_fen"]) == (125000000, 145000000)


NEW_PARTY = {"name": "塞北新能源公司", "code": "", "nature": "150", "country": "142", "region": "140602"}


def _party_change(cast: Cast, now: datetime, **changes: str) -> Act:
    registration, actor = a_registration(cast, now), cast.university_agent.actor
    place = changes.pop("place", "buyer-1")
    terms = ChangeTerms(kind="party", reason="买方合并", party_place=place, party={**NEW_PARTY, **changes})
    proof = [a_document(actor)]
    return lambda: request_change(registration, terms, documents=proof, actor=actor, now=now)


def test_a_new_party_stands_from_then_on_and_the_old_one_with_the_change(cast: Cast, now: datetime) -> None:
    change = _party_change(cast, now, code=cast.rival.social_credit_code, name=cast.rival.name)()
    assert isinstance(change, Change)
    contract = change.registration.contract
    assert contract.buyer_name == cast.enterprise.name, "asked for is not entered"
    assert not visible_contracts(cast.rival_agent.actor).exists()
    enter_change(change, actor=cast.registrar.actor, now=now)
    contract = visible_contracts(cast.rival_agent.actor).get()
    assert (contract.buyer_name, contract.buyers[0].organisation) == (cast.rival.name, cast.rival)
    change.refresh_from_db()
    assert change.party_before["name"] == cast.enterprise.name
    payload = Event.objects.get(name="registration.changed").payload
    assert (payload["party_before"]["name"], payload["party"]["name"]) == (cast.enterprise.name, cast.rival.name)


# --- each refusal by its real action


def _late_appeal(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    answer_flags(cast, application, now)
    refuse_application(application, code="other", reason="不符", actor=cast.registrar.actor, now=now)
    late = now + timedelta(days=61)
    return lambda: appeal_refusal(application, grounds="有技术内容", actor=cast.university_agent.actor, now=late)


def _change(**terms: object) -> Setting:
    def setting(cast: Cast, now: datetime) -> Act:
        registration, actor = a_registration(cast, now), cast.university_agent.actor
        proof = [a_document(actor)] if terms.pop("proof", True) else []
        entry = ChangeTerms(reason="补充协议", **terms)  # type: ignore[arg-type]
        return lambda: request_change(registration, entry, documents=proof, actor=actor, now=now)

    return setting


def _second_change(cast: Cast, now: datetime) -> Act:
    registration: Registration = a_change(cast, now).registration
    actor = cast.university_agent.actor
    proof = [a_document(actor)]
    terms = ChangeTerms(kind="amount", reason="补充协议", technology_value=Money.yuan("900000"))
    return lambda: request_change(registration, terms, documents=proof, actor=actor, now=now)


def _answered_late(cast: Cast, now: datetime) -> Act:
    application = _with_flag(cast, now)
    flag = application.flags.get(code="related")
    withdraw_application(application, actor=cast.university_agent.actor, now=now)
    return lambda: answer_flag(flag, answer="已核对", actor=cast.registrar.actor, now=now)


def _corrected_silently(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    answer_flags(cast, application, now)
    return lambda: recognise_contract(application, technology_value=Money(1), actor=cast.registrar.actor, now=now)


def _alone(cast: Cast, now: datetime) -> Act:
    application = a_large_application(cast, now)
    return lambda: recognise_contract(application, technology_value=SIX_MILLION, actor=cast.registrar.actor, now=now)


def _own_submission(cast: Cast, now: datetime) -> Act:
    application = _submitted_by_registrar(cast, now)
    actor = Member(cast.university_agent.person, cast.bureau).actor
    return lambda: return_application(application, reason="不符", actor=actor, now=now)


def _own_proposal(cast: Cast, now: datetime) -> Act:
    application = _proposed(cast, now)
    return lambda: recognise_contract(application, technology_value=SIX_MILLION, actor=cast.registrar.actor, now=now)


def _other_value(cast: Cast, now: datetime) -> Act:
    application = _proposed(cast, now)
    return lambda: recognise_contract(application, technology_value=Money(5), actor=cast.second_registrar.actor, now=now)


def _open_flag(cast: Cast, now: datetime) -> Act:
    application = _with_flag(cast, now)
    value = Money(application.technology_value_fen)
    return lambda: recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)


def _unread(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    return lambda: recognise_together([application], actor=cast.registrar.actor, now=now)


def _assigned_to_supervisor(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    return lambda: assign_application(application, to=cast.supervisor.person, actor=cast.registrar.actor, now=now)


SETTINGS: dict[str, tuple[type[Refused], Setting]] = {
    "contracts.correction_without_reason": (Refused, _corrected_silently),
    "contracts.submitter_decides": (Forbidden, _own_submission),
    "contracts.proposer_confirms": (Forbidden, _own_proposal),
    "contracts.second_registrar_needed": (Refused, _alone),
    "contracts.other_than_proposed": (OutOfTurn, _other_value),
    "contracts.flags_open": (Refused, _open_flag),
    "contracts.not_read": (Refused, _unread),
    "contracts.not_under_examination": (OutOfTurn, _answered_late),
    "contracts.cannot_be_assigned": (Refused, _assigned_to_supervisor),
    "contracts.appeal_late": (Refused, _late_appeal),
    "contracts.change_open": (OutOfTurn, _second_change),
    "contracts.royalty_missing": (Refused, _change(kind="royalty")),
    "contracts.nothing_changed": (Refused, _change(kind="amount")),
    "contracts.new_term_missing": (Refused, _change(kind="term")),
    "contracts.party_unknown": (Refused, lambda cast, now: _party_change(cast, now, place="buyer-9")),
    "contracts.new_party_missing": (Refused, lambda cast, now: _party_change(cast, now, name="")),
    "contracts.party_twice": (Refused, lambda cast, now: _party_change(cast, now, code=cast.university.social_credit_code)),
    "contracts.proof_missing": (Refused, _change(kind="term", valid_until=date(2029, 1, 1), proof=False)),
}


@pytest.mark.parametrize("code", SETTINGS)
def test_what_is_refused_leaves_nothing_behind(code: str, cast: Cast, now: datetime) -> None:
    kind, setting = SETTINGS[code]
    act = setting(cast, now)
    with refused_with(code, kind):
        act()
