"""Every refusal of the trade: what provokes it, and that it leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps

from listings.actions.achievements import draft_achievement, register_achievement, return_achievement, submit_achievement
from listings.actions.intents import qualify_intent, register_intent
from listings.actions.listings import change_price, draft_listing, publish_listing
from listings.actions.next_offers import accept_next_offer
from listings.actions.objections import comment_objection, dismiss_objection, raise_objection
from listings.refusals import SENTENCES
from listings.rules.achievements import InventorFacts
from market.events.models import Event
from market.refusals import sentence
from market.values.actor import Role
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.listings.builders import (
    a_listing,
    a_next_offer,
    a_patent,
    an_achievement,
    an_entry,
    an_intent,
    some_intent_terms,
    some_terms,
)
from tests.people import Cast, a_member

type Act = Callable[[], object]
type Case = Callable[[Cast, datetime], Act]

CASES: dict[str, Case] = {}


def case(code: str) -> Callable[[Case], Case]:
    def enter(function: Case) -> Case:
        CASES[f"listings.{code}"] = function
        return function

    return enter


def drafting(**changes: Any) -> Case:
    """Entering an achievement that is right but for this."""

    def prepare(cast: Cast, now: datetime) -> Act:
        actor = cast.university_agent.actor
        return lambda: draft_achievement(an_entry(**changes), organisation=cast.university, actor=actor, now=now)

    return prepare


def submitting(**changes: Any) -> Case:
    """Submitting a draft that is right but for this."""

    def prepare(cast: Cast, now: datetime) -> Act:
        achievement = an_achievement(cast, now, registered=False, **changes)
        return lambda: submit_achievement(achievement, actor=cast.university_agent.actor, now=now)

    return prepare


def listing_it(**changes: Any) -> Case:
    """Preparing a listing on terms that are right but for this."""

    def prepare(cast: Cast, now: datetime) -> Act:
        achievement = an_achievement(cast, now)
        return lambda: draft_listing(achievement, some_terms(**changes), actor=cast.university_agent.actor, now=now)

    return prepare


def intending(**changes: Any) -> Case:
    """Registering an intent that is right but for this."""

    def prepare(cast: Cast, now: datetime) -> Act:
        listing = a_listing(cast, now)
        buyer = cast.enterprise_agent
        terms = some_intent_terms(**changes)
        return lambda: register_intent(listing, terms, buyer=buyer.organisation, actor=buyer.actor, now=now)

    return prepare


def lowering(price: str, approval: str = "") -> Case:
    def prepare(cast: Cast, now: datetime) -> Act:
        listing = a_listing(cast, now)
        actor = cast.university_agent.actor
        return lambda: change_price(listing, Money.yuan(price), approval=approval, actor=actor, now=now)

    return prepare


@case("deposit_not_held")
def _(cast: Cast, now: datetime) -> Act:
    intent = an_intent(cast, a_listing(cast, now), now)
    return lambda: qualify_intent(intent, actor=cast.university_agent.actor, now=now + timedelta(days=2))


PATENT = a_patent(1)
TOMORROW = date(2026, 3, 11)
BUYER_OF_NOBODY = 10**6
CASES |= {
    "listings.abstract_too_short": submitting(abstract="太短"),
    "listings.funding_source_missing": submitting(funding_source="none"),
    "listings.too_many_keywords": drafting(keywords=("一", "二", "三", "四")),
    "listings.completed_in_the_future": drafting(completed_on=TOMORROW),
    "listings.started_after_completed": drafting(started_on=date(2025, 7, 1)),
    "listings.evaluated_in_the_future": drafting(evaluation_method="review", evaluated_on=TOMORROW),
    "listings.level_without_evaluation": drafting(level="domestic_leading"),
    "listings.industry_code_unknown": drafting(gbt4754="999"),
    "listings.form_not_of_kind": drafting(kind="basic", result_form="equipment"),
    "listings.inventor_missing": drafting(inventors=()),
    "listings.share_not_positive": drafting(inventors=(InventorFacts("甲", Decimal(1)), InventorFacts("乙", Decimal(0)))),
    "listings.shares_not_whole": drafting(inventors=(InventorFacts("甲", Decimal("0.99999")),)),
    "listings.patent_number_wrong": drafting(patents=(replace(PATENT, number="ZL201910123456.1"),)),
    "listings.patent_twice": drafting(
        patents=(PATENT, replace(PATENT, number=PATENT.number.removeprefix("ZL").replace(".", "")))
    ),
    "listings.patent_kind_wrong": drafting(patents=(replace(PATENT, kind="utility_model"),)),
    "listings.ipc_wrong": drafting(patents=(replace(PATENT, ipc="F23"),)),
    "listings.ipc_unknown": drafting(patents=(replace(PATENT, ipc="F18C 1/00"),)),
    "listings.granted_in_the_future": drafting(patents=(replace(PATENT, granted_on=TOMORROW),)),
    "listings.grant_day_missing": drafting(patents=(replace(PATENT, granted_on=None),)),
    "listings.granted_but_pending": drafting(patents=(replace(PATENT, legal_state="pending"),)),
    "listings.price_zero": listing_it(price=Money(0), reserve_price=None),
    "listings.reserve_below_price": listing_it(reserve_price=Money.yuan("1199999.99")),
    "listings.deposit_too_large": listing_it(deposit=Money.yuan("360000.01")),
    "listings.licence_term_missing": listing_it(transaction="sole_licence"),
    "listings.named_buyer_missing": listing_it(route="negotiated"),
    "listings.named_buyer_not_here": listing_it(named_buyer_id=BUYER_OF_NOBODY),
    "listings.pricing_basis_missing": listing_it(route="negotiated", named_buyer_id=BUYER_OF_NOBODY, pricing_basis=" "),
    "listings.notice_too_short": listing_it(notice_period=19),
    "listings.price_not_lower": lowering("1200000"),
    "listings.approval_missing": lowering("1079999.99", approval="  "),
    "listings.terms_not_accepted": intending(accepts_terms=False),
    "listings.offer_below_price": intending(offered_price=Money.yuan("1199999.99")),
}


@case("entered_before")
def _(cast: Cast, now: datetime) -> Act:
    drafting(key="abcdefghjkmn2345")(cast, now)()
    return drafting(key="abcdefghjkmn2345")(cast, now)


@case("registered_already")
def _(cast: Cast, now: datetime) -> Act:
    """The same patent, written otherwise and under another title."""
    first = an_achievement(cast, now)
    patent = replace(an_entry().patents[0], number="201910123456X")
    twin = an_achievement(cast, now, registered=False, title="另一名称", patents=(patent,))
    submit_achievement(twin, actor=cast.university_agent.actor, now=now)
    assert first.certificate_number
    return lambda: register_achievement(twin, actor=cast.registrar.actor, now=now)


@case("own_achievement")
def _(cast: Cast, now: datetime) -> Act:
    """A registrar who is also the university's agent, acting for the bureau at the moment."""
    both = a_member(cast.university_agent.person.email, cast.bureau, Role.REGISTRAR)
    achievement = submit_achievement(an_achievement(cast, now, registered=False), actor=cast.university_agent.actor, now=now)
    return lambda: register_achievement(achievement, actor=both.actor, now=now)


@case("reason_missing")
def _(cast: Cast, now: datetime) -> Act:
    achievement = submit_achievement(an_achievement(cast, now, registered=False), actor=cast.university_agent.actor, now=now)
    return lambda: return_achievement(achievement, reason=" \n", actor=cast.registrar.actor, now=now)


@case("not_registered")
def _(cast: Cast, now: datetime) -> Act:
    achievement = an_achievement(cast, now, registered=False)
    return lambda: draft_listing(achievement, some_terms(), actor=cast.university_agent.actor, now=now)


@case("already_listed")
def _(cast: Cast, now: datetime) -> Act:
    first = a_listing(cast, now)
    second = a_listing(cast, now, on_notice=False, achievement=first.achievement)
    return lambda: publish_listing(second, actor=cast.university_agent.actor, now=now)


@case("draft_exists")
def _(cast: Cast, now: datetime) -> Act:
    first = a_listing(cast, now, on_notice=False)
    return lambda: draft_listing(first.achievement, some_terms(), actor=cast.university_agent.actor, now=now)


@case("buyer_is_seller")
def _(cast: Cast, now: datetime) -> Act:
    return listing_it(route="negotiated", named_buyer_id=cast.university.pk)(cast, now)


@case("notice_is_over")
def _(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    return lambda: change_price(
        listing, Money.yuan("1150000"), approval="", actor=cast.university_agent.actor, now=now + timedelta(days=60)
    )


@case("own_listing")
def _(cast: Cast, now: datetime) -> Act:
    listing, seller = a_listing(cast, now), cast.university_agent
    return lambda: register_intent(listing, some_intent_terms(), buyer=cast.university, actor=seller.actor, now=now)


@case("not_the_named_buyer")
def _(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now, route="negotiated", named_buyer_id=cast.enterprise.pk)
    rival = cast.rival_agent
    return lambda: register_intent(listing, some_intent_terms(), buyer=rival.organisation, actor=rival.actor, now=now)


@case("intent_exists")
def _(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    an_intent(cast, listing, now)
    return lambda: an_intent(cast, listing, now)


@case("objection_exists")
def _(cast: Cast, now: datetime) -> Act:
    listing = a_listing(cast, now)
    raise_objection(listing, statement="权属不清", actor=cast.rival_agent.actor, now=now)
    return lambda: raise_objection(listing, statement="还是不清", actor=cast.rival_agent.actor, now=now)


@case("objection_to_own_listing")
def _(cast: Cast, now: datetime) -> Act:
    """The seller's owner, acting for another organisation of theirs at the moment."""
    listing = a_listing(cast, now)
    elsewhere = a_member(cast.university_owner.person.email, cast.outside, Role.AGENT)
    return lambda: raise_objection(listing, statement="价格太低", actor=elsewhere.actor, now=now)


@case("own_objection")
def _(cast: Cast, now: datetime) -> Act:
    """A supervisor who also belongs to the seller."""
    both = a_member(cast.university_owner.person.email, cast.bureau, Role.SUPERVISOR)
    objection = raise_objection(a_listing(cast, now), statement="权属不清", actor=cast.rival_agent.actor, now=now)
    return lambda: dismiss_objection(objection, answer="不成立", actor=both.actor, now=now)


@case("nothing_typed")
def _(cast: Cast, now: datetime) -> Act:
    objection = raise_objection(a_listing(cast, now), statement="权属不清", actor=cast.rival_agent.actor, now=now)
    return lambda: comment_objection(objection, statement=" ", actor=cast.university_agent.actor, now=now)


@case("next_offer_is_over")
def _(cast: Cast, now: datetime) -> Act:
    offer = a_next_offer(cast, now)
    return lambda: accept_next_offer(
        offer, actor=cast.rival_agent.actor, now=datetime.combine(offer.due_on + timedelta(days=1), time(4), UTC)
    )


@case("deposit_on_its_way_back")
def _(cast: Cast, now: datetime) -> Act:
    offer = a_next_offer(cast, now, refunded=False)
    return lambda: accept_next_offer(offer, actor=cast.rival_agent.actor, now=datetime.combine(offer.due_on, time(4), UTC))


STATUS = {
    Forbidden: {
        "listings.own_achievement",
        "listings.own_objection",
        "listings.objection_to_own_listing",
        "listings.own_listing",
        "listings.not_the_named_buyer",
    },
    OutOfTurn: {
        "listings.entered_before",
        "listings.draft_exists",
        "listings.intent_exists",
        "listings.notice_is_over",
        "listings.not_registered",
        "listings.next_offer_is_over",
        "listings.deposit_on_its_way_back",
    },
}


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the trade and the number of events."""
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in apps.get_app_config("listings").get_models()}
    return rows | {"events": [{"n": Event.objects.count()}]}


@pytest.mark.django_db
@pytest.mark.parametrize("code", SENTENCES)
def test_it_is_refused_with_a_sentence_and_leaves_nothing(cast: Cast, now: datetime, code: str) -> None:
    act = CASES[code](cast, now)
    before = everything()
    with pytest.raises(Refused) as refused:
        act()
    by_code = {refusal.code: refusal for refusal in refused.value.refusals}
    assert code in by_code
    assert "{" not in sentence(by_code[code])
    kind = next((kind for kind, codes in STATUS.items() if code in codes), Refused)
    assert type(refused.value) is kind
    assert everything() == before
