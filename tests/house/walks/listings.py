"""Achievements, listings, objections and intents."""

from __future__ import annotations

from datetime import datetime, timedelta

from listings.actions.achievements import (
    discard_achievement,
    register_achievement,
    return_achievement,
    revoke_achievement,
    submit_achievement,
)
from listings.actions.deals import close_due_notice, conclude_bidding, fail_deal
from listings.actions.intents import confirm_intent, qualify_intent, reject_intent, withdraw_intent
from listings.actions.listings import (
    change_price,
    discard_listing,
    lose_intents,
    publish_listing,
    terminate_listing,
    void_intent,
    withdraw_listing,
)
from listings.actions.next_offers import conclude_next_offer
from listings.actions.objections import dismiss_objection, raise_objection, uphold_objection, withdraw_objection
from listings.models.achievements import Achievement
from listings.models.deals import Deal
from listings.models.listings import Intent, Listing, Objection
from listings.queries.deals import accepted_offer
from listings.states.achievements import ACHIEVEMENT
from listings.states.listings import INTENT, LISTING, OBJECTION
from market.values.money import Money
from tests.house.walks import Walk
from tests.listings.builders import a_deal, a_listing, a_next_offer, an_achievement, an_intent
from tests.payments.builders import pay_deposit
from tests.people import Cast

MUCH_LATER = timedelta(days=400)

# --- Achievements


def _draft(cast: Cast, now: datetime) -> Achievement:
    return an_achievement(cast, now, registered=False)


def _submitted(cast: Cast, now: datetime) -> Achievement:
    return submit_achievement(_draft(cast, now), actor=cast.university_agent.actor, now=now)


def _returned(cast: Cast, now: datetime) -> Achievement:
    return return_achievement(_submitted(cast, now), reason="材料不全", actor=cast.registrar.actor, now=now)


# --- Listings


def close(listing: Listing) -> Listing:
    """The sweep comes to the listing's notice at its very end."""
    notice = listing.notices.order_by("-pk").first()
    assert notice is not None
    close_due_notice(notice, now=notice.ends_at or notice.closed_at or notice.listing.created_at + MUCH_LATER)
    return listing


def _close(cast: Cast, listing: Listing, now: datetime) -> object:
    notice = listing.notices.order_by("-pk").first()
    return None if notice is None else close_due_notice(notice, now=now + MUCH_LATER)


def _objected(cast: Cast, now: datetime) -> Listing:
    listing = a_listing(cast, now)
    raise_objection(listing, statement="权属不清", actor=cast.rival_agent.actor, now=now)
    return listing


def _with_qualified(cast: Cast, now: datetime, *, buyers: int, **terms: object) -> Listing:
    listing = a_listing(cast, now, **terms)
    for buyer in (cast.enterprise_agent, cast.rival_agent)[:buyers]:
        an_intent(cast, listing, now, buyer=buyer, qualified=True)
    return listing


def _bidding(cast: Cast, now: datetime) -> Listing:
    return close(_with_qualified(cast, now, buyers=2))


def _terminated(cast: Cast, now: datetime) -> Listing:
    listing = _objected(cast, now)
    uphold_objection(Objection.objects.get(notice__listing=listing), answer="成立", actor=cast.supervisor.actor, now=now)
    return listing


def _object(cast: Cast, listing: Listing, now: datetime) -> object:
    return raise_objection(listing, statement="另有权属争议", actor=cast.outsider.actor, now=now)


def _release(cast: Cast, listing: Listing, now: datetime) -> object:
    objection = Objection.objects.filter(notice__listing=listing).first()
    return objection and dismiss_objection(objection, answer="经核查不成立", actor=cast.supervisor.actor, now=now)


def _conclude(cast: Cast, listing: Listing, now: datetime) -> object:
    if listing.state == "on_notice":
        return _close(cast, listing, now)
    winner = listing.intents.filter(state="qualified").first()
    return conclude_bidding(listing, winner=winner, price=Money.yuan("1400000"), now=now)


def _lapse(cast: Cast, listing: Listing, now: datetime) -> object:
    if listing.state == "on_notice":
        return _close(cast, listing, now)
    return conclude_bidding(listing, winner=None, price=None, now=now)


def _change_price(cast: Cast, listing: Listing, now: datetime) -> object:
    return change_price(listing, Money.yuan("1150000"), approval="", actor=cast.university_agent.actor, now=now)


def _withdraw(cast: Cast, listing: Listing, now: datetime) -> Listing:
    return withdraw_listing(listing, reason="自行实施", actor=cast.university_agent.actor, now=now)


# --- Objections, intents, deals, demands


def _raised(cast: Cast, now: datetime) -> Objection:
    return raise_objection(a_listing(cast, now), statement="权属不清", actor=cast.rival_agent.actor, now=now)


def _dismiss(cast: Cast, it: Objection, now: datetime) -> Objection:
    return dismiss_objection(it, answer="不成立", actor=cast.supervisor.actor, now=now)


def _uphold(cast: Cast, it: Objection, now: datetime) -> Objection:
    return uphold_objection(it, answer="成立", actor=cast.supervisor.actor, now=now)


def _take_back(cast: Cast, it: Objection, now: datetime) -> Objection:
    return withdraw_objection(it, actor=cast.rival_agent.actor, now=now)


def _registered_intent(cast: Cast, now: datetime) -> Intent:
    return an_intent(cast, a_listing(cast, now), now)


def _paid_intent(cast: Cast, now: datetime) -> Intent:
    intent = _registered_intent(cast, now)
    pay_deposit(cast, intent.subject, now)
    return intent


def _qualified_intent(cast: Cast, now: datetime) -> Intent:
    return an_intent(cast, a_listing(cast, now), now, qualified=True)


def _won(cast: Cast, now: datetime) -> Intent:
    return a_deal(cast, now).intent


def _lost(cast: Cast, now: datetime) -> Intent:
    intent = _registered_intent(cast, now)
    _withdraw(cast, intent.listing, now)
    return intent


def _bidder(cast: Cast, now: datetime) -> Intent:
    return _bidding(cast, now).intents.filter(state="qualified").first()  # type: ignore[return-value]


def _void(cast: Cast, intent: Intent, now: datetime) -> Intent:
    listing = Listing.objects.get(pk=intent.listing_id)
    price = listing.price - Money.yuan("1000")
    change_price(listing, price, approval="", actor=cast.university_agent.actor, now=now + timedelta(days=2))
    intent.refresh_from_db()
    return intent


def _confirm(cast: Cast, intent: Intent, now: datetime) -> Intent:
    return confirm_intent(intent, Money.yuan("1300000"), actor=cast.enterprise_agent.actor, now=now + timedelta(days=3))


def _win(cast: Cast, intent: Intent, now: datetime) -> object:
    listing = Listing.objects.get(pk=intent.listing_id)
    return conclude_bidding(listing, winner=intent, price=Money.yuan("1400000"), now=now + MUCH_LATER)


def _reject(cast: Cast, intent: Intent, now: datetime) -> Intent:
    return reject_intent(intent, reason="资质不符", actor=cast.university_agent.actor, now=now + timedelta(days=2))


def _back_out(cast: Cast, intent: Intent, now: datetime) -> Intent:
    return withdraw_intent(intent, actor=cast.enterprise_agent.actor, now=now + timedelta(days=2))


def _qualify(cast: Cast, intent: Intent, now: datetime) -> Intent:
    return qualify_intent(intent, actor=cast.university_agent.actor, now=now + timedelta(days=2))


def _failed(cast: Cast, now: datetime) -> Intent:
    deal = a_deal(cast, now)
    fail_deal(deal, reason="买方放弃", actor=cast.supervisor.actor, now=now)
    return Intent.objects.get(pk=deal.intent_id)


def _fail(cast: Cast, intent: Intent, now: datetime) -> None:
    """The intent's deal fails, where it has one that stands."""
    if (deal := Deal.objects.filter(intent=intent, state="concluded").first()) is not None:
        fail_deal(deal, reason="买方放弃", actor=cast.supervisor.actor, now=now)


def _succeed(cast: Cast, intent: Intent, now: datetime) -> None:
    """As the worker does when a deposit has come in."""
    if (offer := accepted_offer(intent.subject)) is not None:
        conclude_next_offer(offer, now=now)


def successor(cast: Cast, now: datetime) -> Intent:
    offer = a_next_offer(cast, now, state="accepted")
    pay_deposit(cast, offer.intent.subject, now)
    return offer.intent


WALKS = (
    Walk(
        ACHIEVEMENT,
        states={
            "draft": _draft,
            "submitted": _submitted,
            "returned": _returned,
            "registered": an_achievement,
            "revoked": lambda cast, now: revoke_achievement(
                an_achievement(cast, now), reason="权属争议", actor=cast.registrar.actor, now=now
            ),
            "discarded": lambda cast, now: discard_achievement(_draft(cast, now), actor=cast.university_agent.actor, now=now),
        },
        events={
            "submit": lambda cast, it, now: submit_achievement(it, actor=cast.university_agent.actor, now=now),
            "register": lambda cast, it, now: register_achievement(it, actor=cast.registrar.actor, now=now),
            "return": lambda cast, it, now: return_achievement(it, reason="x", actor=cast.registrar.actor, now=now),
            "revoke": lambda cast, it, now: revoke_achievement(it, reason="x", actor=cast.registrar.actor, now=now),
            "discard": lambda cast, it, now: discard_achievement(it, actor=cast.university_agent.actor, now=now),
        },
    ),
    Walk(
        LISTING,
        states={
            "draft": lambda cast, now: a_listing(cast, now, on_notice=False),
            "on_notice": a_listing,
            "suspended": _objected,
            "bidding": _bidding,
            "concluded": lambda cast, now: a_deal(cast, now).listing,
            "lapsed": lambda cast, now: close(a_listing(cast, now, if_no_intent="end")),
            "withdrawn": lambda cast, now: _withdraw(cast, a_listing(cast, now), now),
            "terminated": _terminated,
            "discarded": lambda cast, now: discard_listing(
                a_listing(cast, now, on_notice=False), actor=cast.university_agent.actor, now=now
            ),
        },
        events={
            "publish": lambda cast, it, now: publish_listing(it, actor=cast.university_agent.actor, now=now),
            "discard": lambda cast, it, now: discard_listing(it, actor=cast.university_agent.actor, now=now),
            "change_price": _change_price,
            "object": _object,
            "release": _release,
            "terminate": lambda cast, it, now: terminate_listing(it, reason="x", actor=cast.registrar.actor, now=now),
            "withdraw": _withdraw,
            "extend": _close,
            "open_bidding": _close,
            "conclude": _conclude,
            "lapse": _lapse,
        },
        prepared={
            ("on_notice", "open_bidding"): lambda cast, now: _with_qualified(cast, now, buyers=2),
            ("on_notice", "conclude"): lambda cast, now: _with_qualified(cast, now, buyers=1),
            ("on_notice", "lapse"): lambda cast, now: a_listing(cast, now, if_no_intent="end"),
        },
        # What only the sweep does, and the release, which follows from the answer to an objection.
        quiet=frozenset({"extend", "open_bidding", "release"}),
    ),
    Walk(
        OBJECTION,
        states={
            "raised": _raised,
            "dismissed": lambda cast, now: _dismiss(cast, _raised(cast, now), now),
            "upheld": lambda cast, now: _uphold(cast, _raised(cast, now), now),
            "withdrawn": lambda cast, now: _take_back(cast, _raised(cast, now), now),
        },
        events={"dismiss": _dismiss, "uphold": _uphold, "withdraw": _take_back},
    ),
    Walk(
        INTENT,
        states={
            "registered": _registered_intent,
            "qualified": _qualified_intent,
            "rejected": lambda cast, now: _reject(cast, _registered_intent(cast, now), now),
            "withdrawn": lambda cast, now: _back_out(cast, _registered_intent(cast, now), now),
            "unconfirmed": lambda cast, now: _void(cast, _registered_intent(cast, now), now),
            "won": _won,
            "lost": _lost,
            "failed": _failed,
        },
        events={
            "qualify": _qualify,
            "reject": _reject,
            "void": lambda cast, it, now: void_intent(it, actor=cast.university_agent.actor, now=now),
            "confirm": _confirm,
            "confirm_qualified": _confirm,
            "withdraw": _back_out,
            "lose": lambda cast, it, now: lose_intents([it], actor=cast.university_agent.actor, now=now),
            "win": _win,
            "fail": _fail,
            "succeed": _succeed,
        },
        prepared={
            ("registered", "qualify"): _paid_intent,
            ("qualified", "win"): _bidder,
            ("unconfirmed", "confirm_qualified"): lambda cast, now: _void(cast, _qualified_intent(cast, now), now),
            ("lost", "succeed"): successor,
        },
        # What follows from a deal's end.
        quiet=frozenset({"fail", "succeed"}),
    ),
)
