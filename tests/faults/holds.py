"""Sixteen at once want the same held deposit: carried into the price, given back, or forfeited. Does exactly one have it, each time?

python -m tests.faults.holds [--races 1000] [--seed 1]

Each race is about a deposit of its own. The others must be told what the deposit already is, and the ledger must hold: of what
was held nothing is left but by the one way that won. What was given back is then fetched by sixteen at once.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from tests.bench import place
from tests.services import PostgreSQL

CALLERS = 16
# The events of which a race writes one.
ENDS = ("deposit.carried", "deposit.released", "deposit.forfeited")
# In these states nothing is held any more.
_GONE = {"carried", "forfeited", "refunded"}


def race(cast: Any, finance: Any, number: int, now: datetime, dice: random.Random) -> list[str]:
    """All that is wrong after one race, in sentences."""
    from market.payments.actions.deposits import carry_deposit, forfeit_deposit, refund_deposit, release_deposits
    from tests.concurrency.at_once import at_once
    from tests.payments.builders import a_deposit

    deposit = a_deposit(cast, now, state="held", matter=f"intent:race{number}")
    supervisor, seller = cast.supervisor.actor, cast.university
    ways: list[Callable[[], Any]] = [
        lambda: carry_deposit(deposit, now=now),
        lambda: release_deposits([deposit], now=now)[0],
        lambda: forfeit_deposit(deposit, seller=seller, reason="逾期未签订合同", actor=supervisor, now=now),
    ]
    acts = [ways[place % len(ways)] for place in range(CALLERS)]
    dice.shuffle(acts)
    found = flaws(at_once(acts), deposit, ends=ENDS)
    deposit.refresh_from_db()
    if deposit.state == "due_back":
        back = at_once([lambda: refund_deposit(deposit, actor=finance.actor, now=now)] * CALLERS)
        found += flaws(back, deposit, ends=("deposit.refunded",))
    return [f"race {number}: {flaw}" for flaw in found]


def flaws(outcome: Any, deposit: Any, *, ends: Sequence[str]) -> list[str]:
    """What is wrong with the outcome of one race about this deposit, of which these events are the ends."""
    from market.events.models import Event

    deposit.refresh_from_db()
    found = [f"somebody failed: {error!r}" for error in outcome.errors]
    if len(outcome.results) != 1:
        found.append(f"{len(outcome.results)} have won")
    told = {(each.code, str(each.data.get("state"))) for refused in outcome.refusals for each in refused.refusals}
    if told - {("market.out_of_turn", deposit.state)}:
        found.append(f"others were told {sorted(told)}, and it is {deposit.state}")
    written = Event.objects.filter(subject=deposit.subject, name__in=ends).count()
    if written != 1:
        found.append(f"the log has {written} ends")
    return found + _misplaced(deposit)


def _misplaced(deposit: Any) -> list[str]:
    """What came in for this deposit is in one place, as its state says."""
    from market.payments.models.ledger import Entry

    moved = Entry.objects.filter(source__purpose="deposit_held", posting__subject=deposit.matter)
    left = sum(entry.amount_fen for entry in moved)
    expected = deposit.amount_fen if deposit.state in _GONE else 0
    return [] if left == expected else [f"{left} fen left the account where {expected} should have"]


def main(options: argparse.Namespace) -> int:
    with place.market((PostgreSQL,)):
        from django.utils import timezone

        from tests.faults.verdict import prove
        from tests.payments.builders import market_finance
        from tests.people import Cast

        cast, dice = Cast(), random.Random(options.seed)
        finance, now, found = market_finance(cast), timezone.now(), []
        for number in range(options.races):
            found += race(cast, finance, number, now, dice)
        prove()
    print("\n".join(found[:20]) or "Nothing is wrong.")
    content = {"fault": "holds", "races": options.races, "callers": CALLERS, "seed": options.seed, "flaws": len(found)}
    print(json.dumps(content | {"holds": not found}))
    return 1 if found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("races", 1000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_options()))
