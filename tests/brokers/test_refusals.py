"""Every code by which an act on brokers and mandates is refused, provoked by the real action; nothing of the act is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from brokers.actions.brokers import apply_as_broker, verify_broker, write_service_profile
from brokers.actions.engagements import (
    consent_to_both_sides,
    counter_engagement,
    decide_dispute,
    dispute_engagement,
    end_engagement,
    propose_engagement,
    sign_engagement,
    withdraw_dispute,
)
from brokers.actions.introductions import agree_to_bear, confirm_introduction, object_to_introduction
from brokers.models import Engagement
from brokers.refusals import SENTENCES
from brokers.rules import Bracket, CommissionTerms
from market.accounts.models import Membership
from market.accounts.permissions import actor_of
from market.values.actor import Role
from market.values.money import ZERO, Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.brokers.builders import (
    a_broker,
    a_disputed_engagement,
    a_service_entry,
    an_engagement,
    an_entry,
    an_introduction,
    some_terms,
)
from tests.listings.builders import a_listing
from tests.people import Cast, a_member
from tests.refused import refused_with

pytestmark = pytest.mark.django_db

RATE = Decimal("0.03")

type Act = Callable[[], object]
type Setting = Callable[[Cast, datetime], Act]


def _propose(**changes: object) -> Setting:
    def setting(cast: Cast, now: datetime) -> Act:
        listing, broker = a_listing(cast, now), a_broker(cast, now)
        return lambda: an_engagement(cast, listing, now, signed=False, broker=broker, **changes)

    return setting


def _terms(**changes: object) -> Setting:
    given: dict[str, object] = {"rate": Decimal("0.03"), "fixed": None, "cap": None}
    return _propose(commission=CommissionTerms(**(given | changes)))  # type: ignore[arg-type]


def _not_current(cast: Cast, now: datetime) -> Act:
    listing, broker = a_listing(cast, now), a_broker(cast, now, verified=False)
    return lambda: an_engagement(cast, listing, now, signed=False, broker=broker)


def _own_organisation(cast: Cast, now: datetime) -> Act:
    listing, broker, actor = a_listing(cast, now), a_broker(cast, now), cast.broker.actor
    return lambda: propose_engagement(listing, some_terms(cast), broker=broker, principal=cast.institution, actor=actor, now=now)


def _acts_for_other_side(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    an_engagement(cast, listing, now)
    terms, broker, agent = some_terms(cast, side="seller", both_consent=True), a_broker(cast, now), cast.university_agent.actor
    return lambda: propose_engagement(listing, terms, broker=broker, principal=cast.university, actor=agent, now=now)


def _another_broker(cast: Cast, now: datetime) -> object:
    second = a_member("second-broker@a.example", cast.institution, Role.AGENT)
    entry = an_entry(cast, certificate_number="JS20240002", evidence=())
    broker = apply_as_broker(entry, institution=cast.institution, actor=second.actor, now=now)
    return verify_broker(broker, actor=cast.supervisor.actor, now=now)


def _after_another(*, first: bool, second: bool) -> Setting:
    """A mandate to one broker is in force, exclusive or not, and one to another broker is proposed."""

    def setting(cast: Cast, now: datetime) -> Act:
        listing = a_listing(cast, now)
        an_engagement(cast, listing, now, is_exclusive=first)
        other = _another_broker(cast, now)
        return lambda: an_engagement(cast, listing, now, signed=False, broker=other, is_exclusive=second)  # type: ignore[arg-type]

    return setting


def _consented_before(cast: Cast, now: datetime) -> Act:
    engagement = an_engagement(cast, a_listing(cast, now), now, both_consent=True)
    return lambda: consent_to_both_sides(engagement, actor=cast.enterprise_agent.actor, now=now)


def _institution_only(cast: Cast, now: datetime) -> Act:
    actor, entry = cast.enterprise_agent.actor, an_entry(cast)
    return lambda: apply_as_broker(entry, institution=cast.enterprise, actor=actor, now=now)


def _services_only(cast: Cast, now: datetime) -> Act:
    actor, entry = cast.enterprise_agent.actor, a_service_entry()
    return lambda: write_service_profile(cast.enterprise, entry, actor=actor, now=now)


def _expired(cast: Cast, now: datetime) -> Act:
    entry = an_entry(cast, valid_until=date(2026, 3, 9))
    return lambda: apply_as_broker(entry, institution=cast.institution, actor=cast.broker.actor, now=now)


def _reason_missing(cast: Cast, now: datetime) -> Act:
    engagement = an_engagement(cast, a_listing(cast, now), now)
    return lambda: end_engagement(engagement, reason=" ", actor=cast.enterprise_agent.actor, now=now)


def _engagement_exists(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    engagement = an_engagement(cast, listing, now, signed=False)
    return lambda: an_engagement(cast, listing, now, signed=False, broker=engagement.broker)


def _own_application(cast: Cast, now: datetime) -> Act:
    Membership.objects.create(person=cast.administrator.person, organisation=cast.institution, role="agent")
    actor = actor_of(cast.administrator.person, cast.institution)
    broker = apply_as_broker(an_entry(cast, evidence=()), institution=cast.institution, actor=actor, now=now)
    return lambda: verify_broker(broker, actor=cast.administrator.actor, now=now)


def _signed_already(cast: Cast, now: datetime) -> Act:
    engagement = an_engagement(cast, a_listing(cast, now), now, signed=False)
    return lambda: sign_engagement(engagement, version=1, actor=cast.enterprise_agent.actor, now=now)


def _proposed(cast: Cast, now: datetime) -> Engagement:
    return an_engagement(cast, a_listing(cast, now), now, signed=False)


def _nothing_changed(cast: Cast, now: datetime) -> Act:
    engagement = _proposed(cast, now)
    return lambda: counter_engagement(engagement, some_terms(cast), version=1, actor=cast.broker.actor, now=now)


def _terms_changed(cast: Cast, now: datetime) -> Act:
    engagement = _proposed(cast, now)
    counter_engagement(engagement, some_terms(cast, scope="只找买方"), version=1, actor=cast.broker.actor, now=now)
    return lambda: sign_engagement(engagement, version=1, actor=cast.enterprise_agent.actor, now=now)


def _statement_missing(cast: Cast, now: datetime) -> Act:
    engagement = an_engagement(cast, a_listing(cast, now), now)
    return lambda: dispute_engagement(engagement, statement=" ", actor=cast.broker.actor, now=now)


def _others_dispute(cast: Cast, now: datetime) -> Act:
    engagement = a_disputed_engagement(cast, now)
    return lambda: withdraw_dispute(engagement, actor=cast.enterprise_agent.actor, now=now)


def _own_dispute(cast: Cast, now: datetime) -> Act:
    engagement = a_disputed_engagement(cast, now)
    Membership.objects.create(person=cast.supervisor.person, organisation=cast.enterprise, role="agent")
    return lambda: decide_dispute(engagement, stands=True, grounds="核实", actor=cast.supervisor.actor, now=now)


def _bear(*, principal_share: str, agreed: bool = False) -> Setting:
    def setting(cast: Cast, now: datetime) -> Act:
        engagement = an_engagement(cast, a_listing(cast, now), now, principal_share=Decimal(principal_share))
        introduction, actor = an_introduction(cast, now, engagement), cast.university_agent.actor
        if agreed:
            agree_to_bear(introduction, actor=actor, now=now)
        return lambda: agree_to_bear(introduction, actor=actor, now=now)

    return setting


def _introduce(*, principal: bool = False, ended: bool = False, twice: bool = False) -> Setting:
    def setting(cast: Cast, now: datetime) -> Act:
        engagement = an_engagement(cast, a_listing(cast, now), now)
        if ended:
            end_engagement(engagement, reason="解除", actor=cast.broker.actor, now=now)
        if twice:
            an_introduction(cast, now, engagement)
        introduced = cast.enterprise if principal else cast.university
        return lambda: an_introduction(cast, now, engagement, introduced=introduced)

    return setting


def _before_the_mandate(cast: Cast, now: datetime) -> Act:
    engagement = an_engagement(cast, a_listing(cast, now), now)
    return lambda: an_introduction(cast, now - timedelta(days=1), engagement)


def _objection_missing(cast: Cast, now: datetime) -> Act:
    introduction = an_introduction(cast, now)
    return lambda: object_to_introduction(introduction, objection=" ", actor=cast.university_agent.actor, now=now)


def _heard_before(cast: Cast, now: datetime) -> Act:
    introduction = confirm_introduction(an_introduction(cast, now), actor=cast.university_agent.actor, now=now)
    return lambda: confirm_introduction(introduction, actor=cast.university_agent.actor, now=now)


SETTINGS: dict[str, tuple[type[Refused], Setting]] = {
    "brokers.not_current": (Refused, _not_current),
    "brokers.own_organisation": (Refused, _own_organisation),
    "brokers.acts_for_other_side": (Refused, _acts_for_other_side),
    "brokers.exclusive": (Refused, _after_another(first=True, second=False)),
    "brokers.others_engaged": (Refused, _after_another(first=False, second=True)),
    "brokers.consented_before": (OutOfTurn, _consented_before),
    "brokers.scope_missing": (Refused, _propose(scope=" ")),
    "brokers.term_over": (Refused, _propose(valid_until=date(2026, 3, 10))),
    "brokers.rate_or_fixed": (Refused, _terms(fixed=Money(1))),
    "brokers.rate_too_high": (Refused, _terms(rate=Decimal("0.99"))),
    "brokers.fixed_zero": (Refused, _terms(rate=None, fixed=ZERO)),
    "brokers.cap_zero": (Refused, _terms(cap=ZERO)),
    "brokers.shares_not_whole": (Refused, lambda cast, now: _propose(shares={cast.institution.pk: Decimal("0.9")})(cast, now)),
    "brokers.services_only": (Forbidden, _services_only),
    "brokers.institution_only": (Forbidden, _institution_only),
    "brokers.valid_until_in_the_past": (Refused, _expired),
    "brokers.reason_missing": (Refused, _reason_missing),
    "brokers.engagement_exists": (OutOfTurn, _engagement_exists),
    "brokers.own_application": (Forbidden, _own_application),
    "brokers.brackets_not_in_order": (Refused, _terms(rate=None, brackets=(Bracket(None, RATE), Bracket(None, RATE)))),
    "brokers.nothing_changed": (Refused, _nothing_changed),
    "brokers.terms_changed": (OutOfTurn, _terms_changed),
    "brokers.statement_missing": (Refused, _statement_missing),
    "brokers.others_dispute": (Forbidden, _others_dispute),
    "brokers.own_dispute": (Forbidden, _own_dispute),
    "brokers.payers_share_out_of_range": (Refused, _propose(principal_share=Decimal("1.01"))),
    "brokers.nothing_to_bear": (Refused, _bear(principal_share="1")),
    "brokers.bears_already": (Refused, _bear(principal_share="0.4", agreed=True)),
    "brokers.tail_too_long": (Refused, _propose(tail_months=25)),
    "brokers.introduces_principal": (Refused, _introduce(principal=True)),
    "brokers.introduced_outside_mandate": (Refused, _before_the_mandate),
    "brokers.introduced_before": (OutOfTurn, _introduce(twice=True)),
    "brokers.not_in_force": (OutOfTurn, _introduce(ended=True)),
    "brokers.objection_missing": (Refused, _objection_missing),
    "brokers.heard_before": (Forbidden, _heard_before),
    "brokers.signed_already": (Forbidden, _signed_already),
}


@pytest.mark.parametrize("code", SETTINGS)
def test_what_is_refused_leaves_nothing_behind(code: str, cast: Cast, now: datetime) -> None:
    kind, setting = SETTINGS[code]
    act = setting(cast, now)
    with refused_with(code, kind):
        act()


def test_every_code_is_provoked() -> None:
    assert set(SETTINGS) == set(SENTENCES)
