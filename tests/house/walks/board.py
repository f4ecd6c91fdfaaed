"""Leads on a broker's board."""

from __future__ import annotations

from datetime import datetime

from brokers.board.actions import follow_deal, follow_market, move_lead
from brokers.board.models import Lead
from brokers.board.states import LEAD, LeadEvent
from tests.board.builders import a_closed_lead, a_lead_in_contract, a_mandated_lead
from tests.house.walks import Act, Walk
from tests.people import Cast

_F = LeadEvent.FORWARD


def _by_hand(event: LeadEvent) -> Act:
    return lambda cast, lead, now: move_lead(lead, event, actor=cast.broker.actor, now=now)


def _by_mandate(event: LeadEvent) -> Act:
    def act(cast: Cast, lead: Lead, now: datetime) -> None:
        assert lead.engagement is not None
        parties = [cast.enterprise.pk, cast.university.pk]
        follow_market(lead.engagement, event, parties=parties, deal=lead.deal, now=now)

    return act


def _by_deal(event: LeadEvent) -> Act:
    def act(cast: Cast, lead: Lead, now: datetime) -> None:
        if lead.deal is not None:
            follow_deal(lead.deal, event, now=now)

    return act


WALKS = (
    Walk(
        LEAD,
        states={
            "found": a_mandated_lead,
            "talks": lambda cast, now: a_mandated_lead(cast, now, _F),
            "terms": lambda cast, now: a_mandated_lead(cast, now, _F, _F),
            "contract": a_lead_in_contract,
            "closed": a_closed_lead,
            "dropped": lambda cast, now: a_mandated_lead(cast, now, LeadEvent.DROP),
        },
        events={event: _by_hand(LeadEvent(event)) for event in ("forward", "back", "drop", "take_up")}
        | {event: _by_mandate(LeadEvent(event)) for event in ("meet", "intend", "deal")}
        | {event: _by_deal(LeadEvent(event)) for event in ("sign", "fail", "settle")},
        quiet=frozenset({"meet", "intend", "deal", "sign", "fail", "settle"}),
    ),
)
