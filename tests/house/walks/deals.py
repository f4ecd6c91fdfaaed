"""Deals, and offers to the next bidder."""

from __future__ import annotations

from datetime import datetime, timedelta

from listings.actions.deals import declare_default, fail_deal, note_overdue_deal, sign_deal
from listings.actions.next_offers import accept_next_offer, conclude_next_offer, decline_next_offer, lapse_next_offer
from listings.models.deals import Deal, NextOffer
from listings.states.deals import DEAL, NEXT_OFFER
from market.values.money import ZERO
from tests.house.walks import Walk
from tests.house.walks.listings import MUCH_LATER, successor
from tests.listings.builders import a_deal, a_next_offer
from tests.people import Cast


def _fail(cast: Cast, deal: Deal, now: datetime) -> Deal:
    return fail_deal(deal, reason="买方放弃", actor=cast.supervisor.actor, now=now)


def _sign(cast: Cast, deal: Deal, now: datetime) -> Deal:
    return sign_deal(deal, actor=cast.university_agent.actor, now=now)


def _overdue(cast: Cast, now: datetime) -> Deal:
    deal = a_deal(cast, now)
    note_overdue_deal(deal, now=now + timedelta(days=200))
    return deal


def _accept(cast: Cast, offer: NextOffer, now: datetime) -> NextOffer:
    return accept_next_offer(offer, actor=cast.rival_agent.actor, now=now)


def _decline(cast: Cast, offer: NextOffer, now: datetime) -> NextOffer:
    return decline_next_offer(offer, actor=cast.rival_agent.actor, now=now)


def _lapse_offer(cast: Cast, offer: NextOffer, now: datetime) -> NextOffer:
    lapse_next_offer(offer, now=now + MUCH_LATER)
    return offer


WALKS = (
    Walk(
        DEAL,
        states={
            "concluded": a_deal,
            "contracted": lambda cast, now: _sign(cast, a_deal(cast, now), now),
            "failed": lambda cast, now: _fail(cast, a_deal(cast, now), now),
        },
        events={
            "sign": _sign,
            "fail": _fail,
            "default": lambda cast, it, now: declare_default(it, now=now + MUCH_LATER),
        },
        prepared={("concluded", "default"): _overdue},
        quiet=frozenset({"default"}),
    ),
    Walk(
        NEXT_OFFER,
        states={
            "made": a_next_offer,
            "accepted": lambda cast, now: a_next_offer(cast, now, state="accepted"),
            "taken": lambda cast, now: _accept(cast, a_next_offer(cast, now, deposit=ZERO), now),
            "declined": lambda cast, now: _decline(cast, a_next_offer(cast, now), now),
            "lapsed": lambda cast, now: _lapse_offer(cast, a_next_offer(cast, now), now),
        },
        events={
            "accept": _accept,
            "accept_freely": _accept,
            "conclude": lambda cast, it, now: conclude_next_offer(it, now=now),
            "decline": _decline,
            "lapse": _lapse_offer,
        },
        prepared={
            ("made", "accept_freely"): lambda cast, now: a_next_offer(cast, now, deposit=ZERO),
            ("accepted", "conclude"): lambda cast, now: successor(cast, now).next_offer,
        },
        quiet=frozenset({"conclude", "lapse"}),
    ),
)
