"""Money that must come back."""

from __future__ import annotations

from datetime import datetime

from market.payments.actions.deposits import confirm_payment
from market.payments.actions.recoveries import approve_write_off, propose_write_off, reject_write_off, set_off, void_recovery
from market.payments.models.recoveries import Recovery
from market.payments.states import RECOVERY
from tests.cards.builders import a_recovery
from tests.house.walks import Walk
from tests.payments.builders import market_finance
from tests.people import Cast


def _propose(cast: Cast, it: Recovery, now: datetime) -> Recovery:
    return propose_write_off(it, reason="金额小", actor=market_finance(cast).actor, now=now)


def _proposed(cast: Cast, now: datetime) -> Recovery:
    return _propose(cast, a_recovery(cast, now), now)


def _paid(cast: Cast, now: datetime) -> Recovery:
    recovery = a_recovery(cast, now)
    confirm_payment(recovery.payment, actor=market_finance(cast).actor, now=now)
    recovery.refresh_from_db()
    return recovery


def _void(cast: Cast, now: datetime) -> Recovery | None:
    return void_recovery(a_recovery(cast, now).refund, now=now)


WALKS = (
    Walk(
        RECOVERY,
        states={
            "open": a_recovery,
            "proposed": _proposed,
            "paid": _paid,
            "set_off": lambda cast, now: set_off(a_recovery(cast, now), now=now),
            "written_off": lambda cast, now: approve_write_off(_proposed(cast, now), actor=cast.supervisor.actor, now=now),
            "void": _void,
        },
        events={
            "pay": lambda cast, it, now: confirm_payment(it.payment, actor=market_finance(cast).actor, now=now),
            "set_off": lambda cast, it, now: set_off(it, now=now),
            "fail": lambda cast, it, now: void_recovery(it.refund, now=now),
            "propose": _propose,
            "approve": lambda cast, it, now: approve_write_off(it, actor=cast.supervisor.actor, now=now),
            "reject": lambda cast, it, now: reject_write_off(it, grounds="可追回", actor=cast.supervisor.actor, now=now),
        },
        # Whatever was met before stays so, though the refund failed.
        quiet=frozenset({"fail"}),
    ),
)
