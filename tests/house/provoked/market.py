"""Refusals of accounts, policy, documents, letters and oversight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from listings.actions.listings import publish_listing
from market.accounts.actions import (
    OrganisationEntry,
    add_member,
    change_organisation,
    register_organisation,
    remove_member,
    return_organisation,
    submit_verification,
    verify_organisation,
)
from market.accounts.models import Membership
from market.accounts.permissions import actor_of
from market.letters.actions import choose_language
from market.once.actions import act_once
from market.once.rules import SentForm
from market.oversight.actions import IndicatorTerms, PlanTerms, load_plan
from market.policy.actions import (
    PolicyTerms,
    add_calendar_day,
    announce_holidays,
    approve_policy_row,
    propose_policy_row,
    reject_policy_row,
)
from market.policy.rules import AnnouncedDay
from market.values.actor import Role
from market.values.money import Money
from tests.house.provoked import Act, Provocation
from tests.house.walks import market
from tests.listings.builders import a_listing, an_achievement, an_entry
from tests.people import Cast, a_member

ENTRY = OrganisationEntry("新企业", "", "140602", "", "", "")
TERMS = PolicyTerms("listing.announcement_period", "", Decimal(10), "working_days", date(2026, 12, 1), "测试", "medium")
NEW_YEAR = AnnouncedDay(date(2027, 1, 1), "元旦", is_working=False)


def _register(code: str) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        actor = cast.outsider.actor
        return lambda: register_organisation(ENTRY, kind="enterprise", social_credit_code=code, actor=actor, now=now)

    return provoke


def _taken(cast: Cast, now: datetime) -> Act:
    return _register(cast.university.social_credit_code)(cast, now)


def _lists_for_much(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now, on_notice=False, price=Money.yuan("5000000"), reserve_price=None)
    return lambda: publish_listing(listing, actor=cast.university_agent.actor, now=now)


def _propose(**changes: object) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        terms = replace(TERMS, **changes)  # type: ignore[arg-type]
        return lambda: propose_policy_row(terms, actor=cast.supervisor.actor, now=now)

    return provoke


def _same_day(cast: Cast, now: datetime) -> Act:
    first, second = (propose_policy_row(TERMS, actor=cast.supervisor.actor, now=now) for _ in range(2))
    approve_policy_row(first, actor=cast.administrator.actor, now=now)
    return lambda: approve_policy_row(second, actor=cast.administrator.actor, now=now)


def _announce(year: int, *days: AnnouncedDay) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        return lambda: announce_holidays(year, days, source="国务院办公厅通知", actor=cast.supervisor.actor, now=now)

    return provoke


def _announced_twice(cast: Cast, now: datetime) -> Act:
    announce_holidays(2027, [NEW_YEAR], source="通知", actor=cast.supervisor.actor, now=now)
    return _announce(2027, NEW_YEAR)(cast, now)


def _add(day: AnnouncedDay) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        return lambda: add_calendar_day(day, source="通知", actor=cast.supervisor.actor, now=now)

    return provoke


def _add_member(email: str, role: Role) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        actor = cast.university_owner.actor
        return lambda: add_member(cast.university, email=email, role=role, actor=actor, now=now)

    return provoke


def _member_twice(cast: Cast, now: datetime) -> Act:
    return _add_member(cast.university_agent.person.email, Role.AGENT)(cast, now)


def _last_owner(cast: Cast, now: datetime) -> Act:
    membership = cast.university_owner.person.memberships.get()
    return lambda: remove_member(membership, actor=cast.university_owner.actor, now=now)


def _member_gone(cast: Cast, now: datetime) -> Act:
    membership = cast.university_finance.person.memberships.get()
    remove_member(Membership.objects.get(pk=membership.pk), actor=cast.university_owner.actor, now=now)
    return lambda: remove_member(membership, actor=cast.university_owner.actor, now=now)


def _waits(cast: Cast, now: datetime) -> Act:
    organisation = market.WALKS[0].states["submitted"](cast, now)
    actor = actor_of(cast.outsider.person, organisation)
    return lambda: change_organisation(organisation, ENTRY, actor=actor, now=now)


def _renames(cast: Cast, now: datetime) -> Act:
    return lambda: change_organisation(cast.university, ENTRY, actor=cast.university_owner.actor, now=now)


def _no_evidence(cast: Cast, now: datetime) -> Act:
    organisation = market.WALKS[0].states["unverified"](cast, now)
    actor = actor_of(cast.outsider.person, organisation)
    return lambda: submit_verification(organisation, [], actor=actor, now=now)


def _no_reason(cast: Cast, now: datetime) -> Act:
    organisation = market.WALKS[0].states["submitted"](cast, now)
    return lambda: return_organisation(organisation, reason=" ", actor=cast.administrator.actor, now=now)


def _own_verification(cast: Cast, now: datetime) -> Act:
    cast.bureau.state = "submitted"
    cast.bureau.save()
    return lambda: verify_organisation(cast.bureau, actor=cast.administrator.actor, now=now)


def _not_verified(cast: Cast, now: datetime) -> Act:
    from listings.actions.achievements import submit_achievement

    achievement = an_achievement(cast, now, registered=False)
    cast.university.state = "suspended"
    cast.university.save()
    return lambda: submit_achievement(achievement, actor=cast.university_agent.actor, now=now)


def _role_missing(cast: Cast, now: datetime) -> Act:
    from listings.actions.achievements import draft_achievement

    entry = an_entry()
    return lambda: draft_achievement(entry, organisation=cast.university, actor=cast.enterprise_agent.actor, now=now)


def _officials_only(cast: Cast, now: datetime) -> Act:
    from listings.actions.achievements import register_achievement, submit_achievement

    achievement = an_achievement(cast, now, registered=False)
    submit_achievement(achievement, actor=cast.university_agent.actor, now=now)
    return lambda: register_achievement(achievement, actor=cast.supervisor.actor, now=now)


def _policy_outsider(cast: Cast, now: datetime) -> Act:
    registrar = a_member("only-registrar@a.example", cast.bureau, Role.REGISTRAR)
    return lambda: propose_policy_row(TERMS, actor=registrar.actor, now=now)


def _policy_no_reason(cast: Cast, now: datetime) -> Act:
    row = propose_policy_row(TERMS, actor=cast.supervisor.actor, now=now)
    return lambda: reject_policy_row(row, reason=" ", actor=cast.administrator.actor, now=now)


def _plan(*codes: str, by: str = "supervisor") -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        terms = _plan_terms(codes)
        return lambda: load_plan(terms, actor=getattr(cast, by).actor, now=now)

    return provoke


def _plan_terms(codes: tuple[str, ...]) -> PlanTerms:
    from tests.oversight.test_figures import PLAN

    first = PLAN.indicators[0]
    indicators: tuple[IndicatorTerms, ...] = tuple(replace(first, code=code) for code in codes)
    return replace(PLAN, indicators=indicators)


def _sent(amount: str, key: str = "key-of-the-page") -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        def form(amount: str) -> SentForm:
            return SentForm(cast.outsider.person.pk, key, "act", {}, {"amount": [amount]})

        if key:
            act_once(form("100"), lambda: "/", led_to=str, now=now)
        return lambda: act_once(form(amount), lambda: "/", led_to=str, now=now)

    return provoke


PROVOKED: dict[str, Provocation] = {
    "once.no_key": _sent("100", key=""),
    "once.other_contents": _sent("200"),
    "accounts.role_missing": _role_missing,
    "accounts.officials_only": _officials_only,
    "accounts.second_factor_needed": _lists_for_much,
    "accounts.organisation_not_verified": _not_verified,
    "accounts.social_code_wrong": _register("91140600000000000X"),
    "accounts.social_code_taken": _taken,
    "accounts.evidence_missing": _no_evidence,
    "accounts.reason_missing": _no_reason,
    "accounts.last_owner": _last_owner,
    "accounts.official_role_outside_government": _add_member("rival-agent@a.example", Role.REGISTRAR),
    "accounts.person_unknown": _add_member("nobody@a.example", Role.AGENT),
    "accounts.already_member": _member_twice,
    "accounts.waits_for_official": _waits,
    "accounts.name_is_verified": _renames,
    "accounts.member_gone": _member_gone,
    "accounts.own_verification": _own_verification,
    "policy.measure_not_allowed": _propose(measure="fen"),
    "policy.value_out_of_range": _propose(value=Decimal("1.5")),
    "policy.period_out_of_range": _propose(value=Decimal(1001)),
    "policy.seconds_out_of_range": _propose(kind="auction.loss_time", value=Decimal(9), measure="seconds"),
    "policy.scope_not_allowed": _propose(scope="moon"),
    "policy.source_missing": _propose(source=" "),
    "policy.valid_from_in_the_past": _propose(valid_from=date(2026, 3, 9)),
    "policy.officials_only": _policy_outsider,
    "policy.reason_missing": _policy_no_reason,
    "policy.same_day_row": _same_day,
    "policy.year_out_of_range": _announce(2040, AnnouncedDay(date(2040, 1, 1), "元旦", is_working=False)),
    "policy.year_empty": _announce(2027),
    "policy.day_not_in_year": _announce(2027, AnnouncedDay(date(2028, 1, 1), "元旦", is_working=False)),
    "policy.day_twice": _announce(2027, NEW_YEAR, NEW_YEAR),
    "policy.day_without_name": _announce(2027, AnnouncedDay(date(2027, 1, 1), " ", is_working=False)),
    "policy.made_up_on_a_weekday": _announce(2027, NEW_YEAR, AnnouncedDay(date(2027, 1, 4), "元旦", is_working=True)),
    "policy.year_already_announced": _announced_twice,
    "policy.year_not_announced": _add(NEW_YEAR),
    "policy.day_not_ahead": _add(AnnouncedDay(date(2026, 3, 10), "临时", is_working=False)),
    "letters.language_unknown": lambda cast, now: lambda: choose_language("xx", actor=cast.outsider.actor),
    "oversight.officials_only": _plan("a", by="registrar"),
    "oversight.code_twice": _plan("a", "a"),
}
