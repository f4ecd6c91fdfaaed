"""Two at once on the same object end in one change: one of them is told that it comes too late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from brokers.actions.brokers import verify_broker
from brokers.actions.engagements import decline_engagement, sign_engagement
from contracts.actions.contracts import agree_contract, change_contract, draft_contract, terms_of
from contracts.actions.decisions import recognise_contract, refuse_application
from contracts.models import Agreement, Registration, TechnologyContract
from contracts.queries.contracts import digest_of
from listings.actions.achievements import register_achievement, submit_achievement
from listings.actions.deals import close_due_notice
from listings.actions.intents import qualify_intent, register_intent, reject_intent
from listings.actions.listings import draft_listing, publish_listing, withdraw_listing
from listings.actions.objections import raise_objection
from listings.models.deals import Deal
from listings.models.listings import Intent, Listing, Objection
from market.accounts.actions import OrganisationEntry, register_organisation, submit_verification, verify_organisation
from market.accounts.models import Organisation
from market.accounts.states import OrganisationState
from market.events.models import Event
from market.events.queries import broken_links
from market.policy.actions import PolicyTerms, approve_policy_row, propose_policy_row, reject_policy_row
from market.policy.models import PolicyRow
from market.values.actor import Role
from market.values.money import Money
from market.values.refusal import OutOfTurn
from tests.brokers.builders import a_broker, an_engagement
from tests.concurrency.at_once import Outcome, at_once, twice
from tests.contracts.builders import a_contract, an_application
from tests.documents_made import a_document
from tests.listings.builders import a_deal, a_listing, an_achievement, an_intent, some_intent_terms, some_terms
from tests.payments.builders import pay_deposit
from tests.people import Cast, Member, a_member, an_organisation, social_code

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def cast(committed_db: None) -> Cast:
    return Cast()


def one_of(outcome: Outcome, event: str) -> None:
    """One act was done and stands in the log once; the others were refused as out of turn, and every chain holds."""
    assert outcome.errors == []
    assert len(outcome.results) == 1
    assert all(isinstance(refused, OutOfTurn) for refused in outcome.refusals), outcome.refusals
    assert Event.objects.filter(name=event).count() == 1
    assert broken_links() == []


def test_two_registrars_register_an_achievement_once(cast: Cast, now: datetime) -> None:
    actor = cast.university_agent.actor
    achievement = submit_achievement(an_achievement(cast, now, registered=False), actor=actor, now=now)
    other = a_member("second-registrar@a.example", cast.bureau, Role.REGISTRAR)

    outcome = at_once(
        [lambda by=by: register_achievement(achievement, actor=by.actor, now=now) for by in (cast.registrar, other)]  # type: ignore[misc]
    )

    one_of(outcome, "achievement.registered")


def test_a_double_click_drafts_one_listing(cast: Cast, now: datetime) -> None:
    achievement = an_achievement(cast, now)

    outcome = twice(lambda: draft_listing(achievement, some_terms(), actor=cast.university_agent.actor, now=now))

    one_of(outcome, "listing.drafted")
    assert Listing.objects.count() == 1


def test_a_double_click_publishes_once(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now, on_notice=False)

    outcome = twice(lambda: publish_listing(listing, actor=cast.university_agent.actor, now=now))

    one_of(outcome, "listing.published")
    assert listing.notices.count() == 1


def test_a_double_click_registers_one_intent(cast: Cast, now: datetime) -> None:
    listing, buyer = a_listing(cast, now), cast.enterprise_agent

    outcome = twice(
        lambda: register_intent(
            listing, some_intent_terms(), buyer=buyer.organisation, actor=buyer.actor, now=now + timedelta(days=1)
        )
    )

    assert outcome.errors == []
    assert (len(outcome.results), len(outcome.refusals), Intent.objects.count()) == (1, 1, 1)


def test_an_intent_is_qualified_or_rejected_once(cast: Cast, now: datetime) -> None:
    intent, seller = an_intent(cast, a_listing(cast, now), now), cast.university_agent.actor
    pay_deposit(cast, intent.subject, now)
    later = now + timedelta(days=2)

    outcome = at_once(
        [
            lambda: qualify_intent(intent, actor=seller, now=later),
            lambda: qualify_intent(intent, actor=seller, now=later),
            lambda: reject_intent(intent, reason="资金未落实。", actor=seller, now=later),
        ]
    )

    assert outcome.errors == []
    assert (len(outcome.results), len(outcome.refusals)) == (1, 2)
    assert Event.objects.filter(name__in=["intent.qualified", "intent.rejected"]).count() == 1


def test_a_double_click_raises_one_objection(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)

    outcome = twice(lambda: raise_objection(listing, statement="权属有争议。", actor=cast.rival_agent.actor, now=now))

    assert outcome.errors == []
    assert (len(outcome.results), len(outcome.refusals), Objection.objects.count()) == (1, 1, 1)


def test_two_workers_conclude_a_deal_once(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    an_intent(cast, listing, now, qualified=True)
    notice = listing.notices.get()
    assert notice.ends_at is not None
    end = notice.ends_at

    outcome = at_once([lambda: close_due_notice(notice, now=end)] * 4)

    assert outcome.errors == [] == outcome.refusals
    assert Deal.objects.count() == Event.objects.filter(name="deal.concluded").count() == 1
    assert broken_links() == []


def test_withdrawing_and_concluding_at_once_leave_one_truth(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    an_intent(cast, listing, now, qualified=True)
    notice = listing.notices.get()
    assert notice.ends_at is not None
    end = notice.ends_at

    outcome = at_once(
        [
            lambda: close_due_notice(notice, now=end),
            lambda: withdraw_listing(listing, reason="另行安排。", actor=cast.university_agent.actor, now=end),
        ]
    )

    listing.refresh_from_db()
    assert outcome.errors == []
    assert Deal.objects.count() == (1 if listing.state == "concluded" else 0)


def test_a_double_click_draws_up_one_contract(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)

    outcome = twice(lambda: draft_contract(deal, actor=cast.university_agent.actor, now=now))

    assert outcome.errors == []
    assert TechnologyContract.objects.count() == 1


def test_both_sides_agree_at_once_and_the_contract_is_in_force_once(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now, agreed=False)
    digest = digest_of(contract)
    sides: list[Member] = [cast.university_agent, cast.enterprise_agent]

    outcome = at_once(
        [lambda by=by: agree_contract(contract, digest=digest, actor=by.actor, now=now) for by in sides * 2]  # type: ignore[misc]
    )

    contract.refresh_from_db()
    assert outcome.errors == []
    assert len(outcome.results) == 2
    assert contract.state == "agreed"
    assert Agreement.objects.count() == 2
    assert Event.objects.filter(name="contract.agreed").count() == 1


def test_nobody_agrees_to_terms_that_change_at_that_moment(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now, agreed=False)
    digest, actor = digest_of(contract), cast.university_agent.actor
    agree_contract(contract, digest=digest, actor=actor, now=now)
    terms = replace(terms_of(contract), title="改动后的合同")

    outcome = at_once(
        [
            lambda: agree_contract(contract, digest=digest, actor=cast.enterprise_agent.actor, now=now),
            lambda: change_contract(contract, terms, actor=actor, now=now),
        ]
    )

    contract.refresh_from_db()
    assert outcome.errors == []
    assert len(outcome.results) == 1
    assert (contract.state == "agreed") == (contract.title != "改动后的合同")


def test_two_registrars_decide_on_an_application_once(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    value = Money(application.technology_value_fen)
    other = a_member("second-registrar@a.example", cast.bureau, Role.REGISTRAR)

    outcome = at_once(
        [
            lambda: recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now),
            lambda: recognise_contract(application, technology_value=value, actor=other.actor, now=now),
            lambda: refuse_application(application, code="illegal", reason="标的不合法。", actor=other.actor, now=now),
        ]
    )

    assert outcome.errors == []
    assert (len(outcome.results), len(outcome.refusals)) == (1, 2)
    recognised = Event.objects.filter(name="contract.recognised").count()
    assert recognised == Registration.objects.count() == (1 if isinstance(outcome.results[0], Registration) else 0)


def test_an_engagement_is_signed_or_declined_once(cast: Cast, now: datetime) -> None:
    engagement, broker = an_engagement(cast, a_listing(cast, now), now, signed=False), cast.broker.actor

    outcome = at_once(
        [
            lambda: sign_engagement(engagement, version=1, actor=broker, now=now),
            lambda: sign_engagement(engagement, version=1, actor=broker, now=now),
            lambda: decline_engagement(engagement, actor=broker, now=now),
        ]
    )

    assert outcome.errors == []
    assert (len(outcome.results), len(outcome.refusals)) == (1, 2)
    assert Event.objects.filter(name__in=["engagement.signed", "engagement.declined"]).count() == 1


def test_two_officials_verify_a_broker_once(cast: Cast, now: datetime) -> None:
    broker = a_broker(cast, now, verified=False)

    outcome = at_once(
        [lambda by=by: verify_broker(broker, actor=by.actor, now=now) for by in (cast.supervisor, cast.administrator)]  # type: ignore[misc]
    )

    one_of(outcome, "broker.verified")


def test_two_administrators_verify_an_organisation_once(cast: Cast, now: datetime) -> None:
    newcomer = an_organisation("Newcomer", "enterprise", 60000001, state=OrganisationState.UNVERIFIED)
    owner = a_member("newcomer@a.example", newcomer, Role.OWNER)
    submit_verification(newcomer, [a_document(owner.actor)], actor=owner.actor, now=now)
    other = a_member("second-administrator@a.example", cast.bureau, Role.ADMINISTRATOR)

    outcome = at_once(
        [lambda by=by: verify_organisation(newcomer, actor=by.actor, now=now) for by in (cast.administrator, other)]  # type: ignore[misc]
    )

    one_of(outcome, "organisation.verified")


def test_a_social_credit_code_is_registered_once(cast: Cast, now: datetime) -> None:
    entry: dict[str, Any] = {
        "name": "新企业",
        "name_en": "",
        "region": "140602",
        "address": "",
        "contact": "",
        "introduction": "",
    }
    code = social_code(77777777)

    outcome = twice(
        lambda: register_organisation(
            OrganisationEntry(**entry), kind="enterprise", social_credit_code=code, actor=cast.outsider.actor, now=now
        )
    )

    assert outcome.errors == []
    assert Organisation.objects.filter(social_credit_code=code).count() == 1
    assert [refusal.code for refused in outcome.refusals for refusal in refused.refusals] == ["accounts.social_code_taken"]


def test_a_policy_row_is_decided_once(cast: Cast, now: datetime) -> None:
    terms = PolicyTerms(
        kind="listing.announcement_period",
        scope="",
        value=Decimal(10),
        measure="working_days",
        valid_from=date(2026, 4, 1),
        source="测试",
        confidence="medium",
    )
    row = propose_policy_row(terms, actor=cast.supervisor.actor, now=now)
    decide: Callable[..., PolicyRow] = approve_policy_row

    outcome = at_once(
        [
            lambda: decide(row, actor=cast.administrator.actor, now=now),
            lambda: decide(row, actor=cast.administrator.actor, now=now),
            lambda: reject_policy_row(row, reason="不妥。", actor=cast.administrator.actor, now=now),
        ]
    )

    assert outcome.errors == []
    assert (len(outcome.results), len(outcome.refusals)) == (1, 2)
    assert Event.objects.filter(name__in=["policy.approved", "policy.rejected"]).count() == 1
