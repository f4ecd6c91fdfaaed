"""From certificate to commission, and every turn it may take."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from brokers.actions.brokers import reject_broker, verify_broker
from brokers.actions.commissions import credit_commissions
from brokers.actions.engagements import (
    consent_to_both_sides,
    decide_dispute,
    decline_engagement,
    end_engagement,
    propose_engagement,
    sign_engagement,
)
from brokers.actions.introductions import decide_introduction, object_to_introduction
from brokers.models import Commission
from brokers.queries import commission_shares
from brokers.tasks import expire
from contracts.actions.registrations import revoke_registration
from contracts.permissions import visible_contracts
from listings.models.deals import Deal
from listings.permissions.deals import visible_deals
from market.accounts.models import Membership, Organisation
from market.events.actions import advance
from market.events.models import Event
from market.events.queries import broken_links
from market.events.registry import READERS
from market.values.machine import IllegalMove
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.brokers.builders import a_broker, a_disputed_engagement, an_engagement, an_entry, an_introduction, some_terms
from tests.contracts.builders import a_contract, a_registration, an_application
from tests.listings.builders import a_deal, a_listing
from tests.people import Cast, an_organisation
from tests.refused import refused_with

pytestmark = pytest.mark.django_db


def test_an_official_verifies_a_broker(cast: Cast, now: datetime) -> None:
    broker = a_broker(cast, now, verified=False)
    with pytest.raises(Forbidden):
        verify_broker(broker, actor=cast.broker.actor, now=now)
    assert verify_broker(broker, actor=cast.administrator.actor, now=now).state == "verified"


def test_a_rejected_broker_applies_again(cast: Cast, now: datetime) -> None:
    broker = a_broker(cast, now, verified=False)
    reject_broker(broker, reason="证书编号有误", actor=cast.supervisor.actor, now=now)
    from brokers.actions.brokers import apply_as_broker

    entry = an_entry(cast, certificate_number="JS20240002")
    again = apply_as_broker(entry, institution=cast.institution, actor=cast.broker.actor, now=now)
    assert again.pk == broker.pk
    assert again.state == "applied"


def test_only_a_current_broker_is_engaged(cast: Cast, now: datetime) -> None:
    broker = a_broker(cast, now, verified=False)
    with pytest.raises(Refused) as refused:
        an_engagement(cast, a_listing(cast, now), now, broker=broker)
    assert [refusal.code for refusal in refused.value.refusals] == ["brokers.not_current"]


def test_a_mandate_is_in_force_when_the_other_side_signs(cast: Cast, now: datetime) -> None:
    engagement = an_engagement(cast, a_listing(cast, now), now, signed=False)
    with pytest.raises(Forbidden):
        sign_engagement(engagement, version=1, actor=cast.enterprise_agent.actor, now=now)
    assert sign_engagement(engagement, version=1, actor=cast.broker.actor, now=now).state == "active"


def test_a_broker_may_propose_too(cast: Cast, now: datetime) -> None:
    engagement = propose_engagement(
        a_listing(cast, now),
        some_terms(cast, side="seller"),
        broker=a_broker(cast, now),
        principal=cast.university,
        actor=cast.broker.actor,
        now=now,
    )
    assert engagement.proposed_by_broker
    assert sign_engagement(engagement, version=1, actor=cast.university_agent.actor, now=now).state == "active"


def test_acting_for_both_sides_needs_both_consents(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    of_buyer = an_engagement(cast, listing, now)
    proposal = {
        "broker": a_broker(cast, now),
        "principal": cast.university,
        "actor": cast.university_agent.actor,
        "now": now,
    }
    for consents in (False, True):
        with refused_with("brokers.acts_for_other_side"):
            propose_engagement(listing, some_terms(cast, side="seller", both_consent=consents), **proposal)
    consent_to_both_sides(of_buyer, actor=cast.enterprise_agent.actor, now=now)
    with refused_with("brokers.acts_for_other_side"):
        propose_engagement(listing, some_terms(cast, side="seller"), **proposal)
    of_seller = propose_engagement(listing, some_terms(cast, side="seller", both_consent=True), **proposal)
    assert sign_engagement(of_seller, version=1, actor=cast.broker.actor, now=now).state == "active"


def test_of_two_proposals_for_both_sides_the_second_is_not_signed_without_consent(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    of_buyer = an_engagement(cast, listing, now, signed=False)
    agent, terms, broker = cast.university_agent.actor, some_terms(cast, side="seller"), a_broker(cast, now)
    of_seller = propose_engagement(listing, terms, broker=broker, principal=cast.university, actor=agent, now=now)
    sign_engagement(of_seller, version=1, actor=cast.broker.actor, now=now)
    with refused_with("brokers.acts_for_other_side"):
        sign_engagement(of_buyer, version=1, actor=cast.broker.actor, now=now)


def test_only_the_principal_consents(cast: Cast, now: datetime) -> None:
    engagement = an_engagement(cast, a_listing(cast, now), now)
    with refused_with("accounts.role_missing", Forbidden):
        consent_to_both_sides(engagement, actor=cast.broker.actor, now=now)


def test_one_mandate_per_broker_listing_and_principal(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    an_engagement(cast, listing, now)
    with pytest.raises(OutOfTurn):
        an_engagement(cast, listing, now)


def test_a_stranger_neither_signs_nor_declines(cast: Cast, now: datetime) -> None:
    engagement = an_engagement(cast, a_listing(cast, now), now, signed=False)
    with pytest.raises(Forbidden):
        sign_engagement(engagement, version=1, actor=cast.outsider.actor, now=now)
    with pytest.raises(Forbidden):
        decline_engagement(engagement, actor=cast.outsider.actor, now=now)


def test_an_ended_mandate_is_final(cast: Cast, now: datetime) -> None:
    engagement = an_engagement(cast, a_listing(cast, now), now)
    end_engagement(engagement, reason="协商解除", actor=cast.enterprise_agent.actor, now=now)
    with pytest.raises(IllegalMove):
        end_engagement(engagement, reason="协商解除", actor=cast.broker.actor, now=now)


def test_recognition_credits_the_commission_once(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    an_engagement(cast, deal.listing, now)
    application = an_application(cast, now, contract=a_contract(cast, now, deal=deal))
    from contracts.actions.decisions import recognise_contract

    value = Money(application.technology_value_fen)
    recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)
    event = Event.objects.get(name="contract.recognised")
    READERS["brokers.commissions"].handlers["contract.recognised"](event)
    commission = Commission.objects.get()
    assert commission.amount == Money.yuan("30000")
    whole = {"fen": 3000000, "principal_fen": 3000000}
    assert commission.parts == [{"organisation": cast.institution.name, "id": cast.institution.pk} | whole]
    assert credit_commissions(deal, contract_value=deal.price, reason="again", now=now) == []
    assert broken_links() == []


def test_a_revoked_registration_reverses_the_commission(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    deal = registration.contract.deal
    an_engagement(cast, deal.listing, now)
    credit_commissions(deal, contract_value=deal.price, reason="test", now=now)
    revoke_registration(registration, reason="虚假合同", actor=cast.registrar.actor, now=now)
    READERS["brokers.commissions"].handlers["registration.revoked"](Event.objects.get(name="registration.revoked"))
    assert Commission.objects.get().state == "reversed"


def test_an_engaged_broker_sees_deal_and_contract_and_others_do_not(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    contract = a_contract(cast, now, deal=deal, agreed=False)
    assert not visible_deals(cast.broker.actor).exists()
    an_engagement(cast, deal.listing, now)
    assert visible_deals(cast.broker.actor).get() == deal
    assert visible_contracts(cast.broker.actor).get() == contract
    assert not visible_deals(cast.outsider.actor).exists()


def test_the_broker_of_one_who_went_away_empty_sees_nothing_of_the_deal(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    rival = {"principal": cast.rival, "actor": cast.rival_agent.actor, "now": now}
    engagement = propose_engagement(deal.listing, some_terms(cast), broker=a_broker(cast, now), **rival)
    sign_engagement(engagement, version=1, actor=cast.broker.actor, now=now)
    a_contract(cast, now, deal=deal)
    assert not visible_deals(cast.broker.actor).exists()
    assert not visible_contracts(cast.broker.actor).exists()
    assert credit_commissions(deal, contract_value=deal.price, reason="test", now=now) == []


def test_ending_a_mandate_after_the_deal_takes_nothing_from_the_broker(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    engagement = an_engagement(cast, deal.listing, now)
    later = deal.concluded_at + timedelta(days=1)
    end_engagement(engagement, reason="成交后解除", actor=cast.enterprise_agent.actor, now=later)
    assert visible_deals(cast.broker.actor).get() == deal
    assert len(credit_commissions(deal, contract_value=deal.price, reason="test", now=later)) == 1


def test_a_mandate_that_ended_before_the_deal_earns_nothing(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    engagement = an_engagement(cast, deal.listing, now)
    end_engagement(engagement, reason="解除", actor=cast.enterprise_agent.actor, now=deal.concluded_at - timedelta(days=1))
    assert not visible_deals(cast.broker.actor).exists()
    assert credit_commissions(deal, contract_value=deal.price, reason="test", now=deal.concluded_at) == []


def test_a_cancelled_registration_leaves_the_commission(cast: Cast, now: datetime) -> None:
    """It was earned when the contract came about; only what was obtained wrongly is taken back."""
    assert "registration.cancelled" not in READERS["brokers.commissions"].handlers


def test_the_steps_of_a_commission_stand_on_it(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    an_engagement(cast, deal.listing, now)
    (commission,) = credit_commissions(deal, contract_value=deal.price, reason="test", now=now)
    assert [(step["text"], step["fen"]) for step in commission.steps] == [
        ("basis", 125000000),
        ("by_rate", 3750000),
        ("capped", 3000000),
    ]


def test_certificates_and_mandates_expire_by_themselves(cast: Cast, now: datetime) -> None:
    engagement = an_engagement(cast, a_listing(cast, now), now)
    expire(datetime(2027, 7, 1, 2, tzinfo=UTC))
    engagement.refresh_from_db()
    assert engagement.state == "expired"
    expire(datetime(2028, 1, 2, 2, tzinfo=UTC))
    engagement.broker.refresh_from_db()
    assert engagement.broker.state == "expired"


def test_an_expired_certificate_is_not_applied_with(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused):
        a_broker(cast, now, valid_until=date(2026, 3, 9))


def test_the_reader_is_known_to_the_worker(now: datetime) -> None:
    assert advance(READERS["brokers.commissions"], now=now + timedelta(days=1)) == 0


@pytest.mark.parametrize(("due_when", "event"), [("signing", "deal.contracted"), ("receipt", "settlement.closed")])
def test_a_commission_falls_due_with_what_was_agreed(cast: Cast, now: datetime, due_when: str, event: str) -> None:
    deal = a_deal(cast, now)
    an_engagement(cast, deal.listing, now, due_when=due_when)
    contract = a_contract(cast, now, deal=deal)
    assert credit_commissions(deal, contract_value=deal.price, reason="recognised", now=now) == []
    subject, payload = (deal.subject, {}) if event.startswith("deal") else ("settlement:1", {"contract": contract.key})
    happened = Event(name=event, subject=subject, payload=payload, at=now)
    READERS["brokers.commissions"].handlers[event](happened)
    assert Commission.objects.get().basis_fen == deal.price_fen


def test_what_a_disputed_mandate_earned_is_paid_when_a_supervisor_has_decided(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    engagement = a_disputed_engagement(cast, now, deal.listing)
    credit_commissions(deal, contract_value=deal.price, reason="test", now=now)
    assert Commission.objects.get().state == "credited"
    assert commission_shares(deal) == []
    decide_dispute(engagement, stands=False, grounds="此前的中介服务有效。", actor=cast.supervisor.actor, now=now)
    assert [share.amount for share in commission_shares(deal)] == [Money.yuan("30000")]


@pytest.mark.parametrize(("introduced", "days", "earns"), [(True, 180, True), (True, 190, False), (False, 1, False)])
def test_whoever_was_introduced_does_not_wait_for_the_mandates_end(
    cast: Cast, now: datetime, introduced: bool, days: int, earns: bool
) -> None:
    """The mandate ended before the deal, with six months of protection."""
    deal = a_deal(cast, now)
    engagement = an_engagement(cast, deal.listing, now)
    an_introduction(cast, now, engagement, confirmed=introduced)
    end_engagement(engagement, reason="解除", actor=cast.enterprise_agent.actor, now=deal.concluded_at - timedelta(days=1))
    Deal.objects.filter(pk=deal.pk).update(concluded_at=deal.concluded_at + timedelta(days=days))
    deal.refresh_from_db()
    assert visible_deals(cast.broker.actor).exists() is earns
    assert bool(credit_commissions(deal, contract_value=deal.price, reason="test", now=deal.concluded_at)) is earns


def test_an_introduction_that_does_not_count_can_be_stated_again(cast: Cast, now: datetime) -> None:
    introduction = an_introduction(cast, now)
    object_to_introduction(introduction, objection="并未介绍", actor=cast.university_agent.actor, now=now)
    decide_introduction(introduction, counts=False, grounds="无证据", actor=cast.supervisor.actor, now=now)
    assert an_introduction(cast, now, introduction.engagement).state == "stated"


@pytest.mark.parametrize("side", ["introduced", "principal", "institution", "partner"])
def test_no_official_decides_where_their_own_organisation_has_an_interest(cast: Cast, now: datetime, side: str) -> None:
    partner = an_organisation("某律师事务所", "service_provider", 77)
    shares = {cast.institution.pk: Decimal("0.8"), partner.pk: Decimal("0.2")}
    engagement = an_engagement(cast, a_listing(cast, now), now, shares=shares)
    introduction = an_introduction(cast, now, engagement)
    object_to_introduction(introduction, objection="并未介绍", actor=cast.university_agent.actor, now=now)
    interested: dict[str, Organisation] = {
        "introduced": cast.university,
        "principal": cast.enterprise,
        "institution": cast.institution,
        "partner": partner,
    }
    Membership.objects.create(person=cast.supervisor.person, organisation=interested[side], role="agent")
    events = Event.objects.count()
    with refused_with("brokers.own_dispute", Forbidden):
        decide_introduction(introduction, counts=True, grounds="核实", actor=cast.supervisor.actor, now=now)
    introduction.refresh_from_db()
    assert (introduction.state, Event.objects.count()) == ("objected", events)
