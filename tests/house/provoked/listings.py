"""Refusals of achievements, listings, objections, intents and demands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from listings.actions.achievements import (
    draft_achievement,
    register_achievement,
    return_achievement,
    submit_achievement,
)
from listings.actions.intents import register_intent
from listings.actions.listings import change_price, draft_listing
from listings.actions.objections import dismiss_objection, raise_objection
from listings.rules.achievements import InventorFacts, PatentFacts
from market.values.actor import Role
from market.values.money import Money
from tests.house.provoked import Act, Provocation
from tests.listings.builders import (
    a_listing,
    an_achievement,
    an_entry,
    an_intent,
    some_intent_terms,
    some_terms,
)
from tests.people import Cast, Member, a_member

PATENT = PatentFacts("ZL201910123456.X", "invention", "循环流化床锅炉布风装置", "F23C 10/00", date(2023, 5, 9), "in_force")


def _entry(**changes: object) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        entry = an_entry(**changes)
        return lambda: draft_achievement(entry, organisation=cast.university, actor=cast.university_agent.actor, now=now)

    return provoke


def _patent(**changes: object) -> Provocation:
    return _entry(patents=(replace(PATENT, **changes),))  # type: ignore[arg-type]


def _submitted(**changes: object) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        achievement = an_achievement(cast, now, registered=False, **changes)
        return lambda: submit_achievement(achievement, actor=cast.university_agent.actor, now=now)

    return provoke


def _twice(cast: Cast, now: datetime) -> Act:
    entry = an_entry(key="k" * 16)
    actor = cast.university_agent.actor
    draft_achievement(entry, organisation=cast.university, actor=actor, now=now)
    return lambda: draft_achievement(entry, organisation=cast.university, actor=actor, now=now)


def _twin(cast: Cast, now: datetime) -> Act:
    actor = cast.university_agent.actor
    an_achievement(cast, now)
    twin = draft_achievement(an_entry(), organisation=cast.university, actor=actor, now=now)
    submit_achievement(twin, actor=actor, now=now)
    return lambda: register_achievement(twin, actor=cast.registrar.actor, now=now)


def _own(cast: Cast, now: datetime) -> Act:
    achievement = an_achievement(cast, now, registered=False)
    submit_achievement(achievement, actor=cast.university_agent.actor, now=now)
    a_member(cast.registrar.person.email, cast.university, Role.AGENT)
    return lambda: register_achievement(achievement, actor=cast.registrar.actor, now=now)


def _no_reason(cast: Cast, now: datetime) -> Act:
    achievement = an_achievement(cast, now, registered=False)
    submit_achievement(achievement, actor=cast.university_agent.actor, now=now)
    return lambda: return_achievement(achievement, reason=" ", actor=cast.registrar.actor, now=now)


def _terms(**changes: object) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        achievement = an_achievement(cast, now)
        if changes.get("named_buyer_id") == "seller":
            changes["named_buyer_id"] = cast.university.pk
        if changes.get("named_buyer_id") == "buyer":
            changes["named_buyer_id"] = cast.enterprise.pk
        terms = some_terms(**changes)
        return lambda: draft_listing(achievement, terms, actor=cast.university_agent.actor, now=now)

    return provoke


def _second_draft(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now, on_notice=False)
    return lambda: draft_listing(listing.achievement, some_terms(), actor=cast.university_agent.actor, now=now)


def _price_not_lower(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    actor = cast.university_agent.actor
    return lambda: change_price(listing, listing.price, approval="", actor=actor, now=now)


def _intent(by: str = "enterprise_agent", **changes: object) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        listing = a_listing(cast, now)
        buyer: Member = getattr(cast, by)
        terms = some_intent_terms(**changes)
        return lambda: register_intent(listing, terms, buyer=buyer.organisation, actor=buyer.actor, now=now)

    return provoke


def _not_named(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now, route="negotiated", named_buyer_id=cast.enterprise.pk, deposit=Money(0))
    buyer = cast.rival_agent
    return lambda: register_intent(listing, some_intent_terms(), buyer=buyer.organisation, actor=buyer.actor, now=now)


def _objection_to_own(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    return lambda: raise_objection(listing, statement="价格太低", actor=cast.university_agent.actor, now=now)


def _second_intent(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    an_intent(cast, listing, now)
    buyer = cast.enterprise_agent
    return lambda: register_intent(
        listing, some_intent_terms(), buyer=buyer.organisation, actor=buyer.actor, now=now + timedelta(days=1)
    )


def _second_objection(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    raise_objection(listing, statement="权属不清", actor=cast.rival_agent.actor, now=now)
    return lambda: raise_objection(listing, statement="再次异议", actor=cast.rival_agent.actor, now=now)


def _own_objection(cast: Cast, now: datetime) -> Act:
    objection = raise_objection(a_listing(cast, now), statement="权属不清", actor=cast.supervisor.actor, now=now)
    return lambda: dismiss_objection(objection, answer="不成立", actor=cast.supervisor.actor, now=now)


def _silent(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    return lambda: raise_objection(listing, statement=" ", actor=cast.rival_agent.actor, now=now)


HALF = Decimal("0.5")
PROVOKED: dict[str, Provocation] = {
    "listings.abstract_too_short": _submitted(abstract="太短"),
    "listings.funding_source_missing": _submitted(funding_source="none"),
    "listings.too_many_keywords": _entry(keywords=tuple("甲乙丙丁戊己庚辛壬癸子丑")),
    "listings.completed_in_the_future": _entry(completed_on=date(2026, 3, 11)),
    "listings.started_after_completed": _entry(started_on=date(2025, 7, 1)),
    "listings.industry_code_unknown": _entry(gbt4754="9999"),
    "listings.form_not_of_kind": _entry(result_form="paper"),
    "listings.evaluated_in_the_future": _entry(evaluation_method="review", evaluated_on=date(2026, 3, 11)),
    "listings.level_without_evaluation": _entry(level="domestic_leading"),
    "listings.inventor_missing": _entry(inventors=()),
    "listings.share_not_positive": _entry(inventors=(InventorFacts("甲", Decimal(1)), InventorFacts("乙", Decimal(0)))),
    "listings.shares_not_whole": _entry(inventors=(InventorFacts("甲", HALF), InventorFacts("乙", Decimal("0.4")))),
    "listings.patent_number_wrong": _patent(number="ZL201910123456.1"),
    "listings.patent_twice": _entry(patents=(PATENT, PATENT)),
    "listings.patent_kind_wrong": _patent(kind="design"),
    "listings.ipc_wrong": _patent(ipc="23C"),
    "listings.ipc_unknown": _patent(ipc="F57C 10/00"),
    "listings.granted_in_the_future": _patent(granted_on=date(2026, 3, 11)),
    "listings.grant_day_missing": _patent(granted_on=None),
    "listings.granted_but_pending": _patent(legal_state="pending"),
    "listings.entered_before": _twice,
    "listings.registered_already": _twin,
    "listings.own_achievement": _own,
    "listings.reason_missing": _no_reason,
    "listings.price_zero": _terms(price=Money(0)),
    "listings.reserve_below_price": _terms(reserve_price=Money.yuan("1100000")),
    "listings.deposit_too_large": _terms(deposit=Money.yuan("400000")),
    "listings.licence_term_missing": _terms(transaction="sole_licence"),
    "listings.named_buyer_missing": _terms(route="negotiated"),
    "listings.pricing_basis_missing": _terms(route="negotiated", pricing_basis=" "),
    "listings.named_buyer_not_here": _terms(named_buyer_id="buyer"),
    "listings.buyer_is_seller": _terms(route="negotiated", named_buyer_id="seller"),
    "listings.notice_too_short": _terms(notice_period=1),
    "listings.draft_exists": _second_draft,
    "listings.price_not_lower": _price_not_lower,
    "listings.objection_to_own_listing": _objection_to_own,
    "listings.own_listing": _intent("university_agent"),
    "listings.terms_not_accepted": _intent(accepts_terms=False),
    "listings.offer_below_price": _intent(offered_price=Money.yuan("1")),
    "listings.not_the_named_buyer": _not_named,
    "listings.intent_exists": _second_intent,
    "listings.objection_exists": _second_objection,
    "listings.own_objection": _own_objection,
    "listings.nothing_typed": _silent,
}
