"""Appeals against credit records, and their repair."""

from __future__ import annotations

from datetime import datetime

from brokers.credit.actions.appeals import (
    decline_repair,
    dismiss_appeal,
    grant_repair,
    uphold_appeal,
    withdraw_appeal,
)
from brokers.credit.models import Appeal, Repair
from brokers.credit.states import APPEAL, REPAIR
from tests.credit.builders import a_repair, an_appeal
from tests.house.walks import Walk
from tests.people import Cast

_DECIDED = {"decision": "已核对证据。", "published": "经查，原记录不实。"}


def _uphold(cast: Cast, it: Appeal, now: datetime) -> Appeal:
    return uphold_appeal(it, **_DECIDED, actor=cast.administrator.actor, now=now)


def _dismiss(cast: Cast, it: Appeal, now: datetime) -> Appeal:
    return dismiss_appeal(it, **_DECIDED, actor=cast.administrator.actor, now=now)


def _withdraw(cast: Cast, it: Appeal, now: datetime) -> Appeal:
    return withdraw_appeal(it, actor=cast.broker.actor, now=now)


def _grant(cast: Cast, it: Repair, now: datetime) -> Repair:
    return grant_repair(it, answer="已核实", actor=cast.administrator.actor, now=now)


def _decline(cast: Cast, it: Repair, now: datetime) -> Repair:
    return decline_repair(it, answer="未附证明", actor=cast.administrator.actor, now=now)


WALKS = (
    Walk(
        APPEAL,
        states={
            "filed": an_appeal,
            "upheld": lambda cast, now: _uphold(cast, an_appeal(cast, now), now),
            "dismissed": lambda cast, now: _dismiss(cast, an_appeal(cast, now), now),
            "withdrawn": lambda cast, now: _withdraw(cast, an_appeal(cast, now), now),
        },
        events={"uphold": _uphold, "dismiss": _dismiss, "withdraw": _withdraw},
    ),
    Walk(
        REPAIR,
        states={
            "asked": a_repair,
            "granted": lambda cast, now: _grant(cast, a_repair(cast, now), now),
            "declined": lambda cast, now: _decline(cast, a_repair(cast, now), now),
        },
        events={"grant": _grant, "decline": _decline},
    ),
)
