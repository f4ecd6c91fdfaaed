"""How many bids does a hot auction take in a second? python -m tests.bench.bids [SECONDS [few|bidders|auctions …]]

Ours is `place_bid`, with everything a bid does; the reference is a bare loop in psycopg that locks the row, checks,
inserts and updates. Both by the same processes, in short turns of so many seconds, on the same server. Beside that: what
more bidders on one auction cost, and what more auctions gain, us and the bare loop, which says what the machine bears; or of
that only what is named. Of very many bidders each waits for the others, and who was overtaken meanwhile bids too little: the
more are refused. What they cost is therefore told by all bids that were answered, the others by those that were accepted.
"""

from __future__ import annotations

import json
import secrets
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from tests.bench import place
from tests.bench.report import PAIRS, at_least, say

PROCESSES, FEW, MANY, AUCTIONS = 4, 8, 64, 20
# A bidder bids more the later, so that nearly every bid is above the one before, whoever made that.
_STEPS_A_SECOND = 100_000


@dataclass(frozen=True, slots=True)
class Turn:
    """So many bidders bid in so many auctions, through our action or in the bare loop."""

    name: str
    bidders: int = FEW
    auctions: int = 1
    is_bare: bool = False


BARE, OURS, BARE_BIDDERS, BIDDERS, BARE_AUCTIONS, MANY_AUCTIONS = TURNS = (
    Turn("bare", is_bare=True),
    Turn("ours"),
    Turn("many bidders, bare", bidders=MANY, is_bare=True),
    Turn("many bidders", bidders=MANY),
    Turn("many auctions, bare", auctions=AUCTIONS, is_bare=True),
    Turn("many auctions", auctions=AUCTIONS),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two turns, and the least ratio of their rates; `by` is what counts."""

    bench: str
    ours: Turn
    reference: Turn
    goal: float
    by: Literal["accepted", "answered"] = "accepted"


# Each by the word that asks for it.
COMPARED = {
    "few": [Compared("bids", OURS, BARE, 0.5)],
    "bidders": [
        Compared("bids of 64 bidders by those of 8", BIDDERS, OURS, 0.7, by="answered"),
        Compared("the same in the bare loop", BARE_BIDDERS, BARE, 0.7, by="answered"),
    ],
    "auctions": [
        Compared("bids in 20 auctions by those in one", MANY_AUCTIONS, OURS, 1.8),
        Compared("the same in the bare loop", BARE_AUCTIONS, BARE, 1.8),
        Compared("bids in 20 auctions by the bare loop's", MANY_AUCTIONS, BARE_AUCTIONS, 0.5),
    ],
}


def main(seconds: float, asked: Sequence[str]) -> None:
    compared = [one for word in asked for one in COMPARED[word]]
    turns = [turn for turn in TURNS if any(turn in (one.ours, one.reference) for one in compared)]
    with place.market():
        from tests.auctions.hall import open_hall, some_bidders
        from tests.people import Cast

        cast, bidders = Cast(), some_bidders(max(turn.bidders for turn in turns))
        long = timedelta(hours=1)
        halls = {
            turn.name: [open_hall(cast, bidders[: turn.bidders], lasting=long) for _ in range(turn.auctions)] for turn in turns
        }
        auctions = {name: [(hall.auction.key, hall.auction.pk) for hall in several] for name, several in halls.items()}
        people = [(bidder.organisation.pk, bidder.person.pk) for bidder in bidders]
        task = {"auctions": auctions, "seconds": seconds, "since": time.time()}
        tasks = [task | {"people": people[number::PROCESSES]} for number in range(PROCESSES)]
        counted = place.side_by_side("tests.bench.bids", tasks)
    rates = {(turn, by): _rates(counted, turn, by, seconds) for turn in turns for by in ("accepted", "answered")}
    for (turn, by), found in rates.items():
        print(
            f"{turn.name}: {', '.join(f'{rate:.0f}' for rate in found)} bids {by} a second, median {statistics.median(found):.0f}"
        )
    say(*(at_least(one.bench, rates[one.ours, one.by], rates[one.reference, one.by], one.goal) for one in compared))


def _rates(counted: Sequence[Counted], turn: Turn, by: str, seconds: float) -> list[float]:
    return [sum(process[turn.name][pair][by] for process in counted) / seconds for pair in range(PAIRS)]


# By the turn's name, pair by pair, how many bids were accepted, and how many answered.
type Counted = dict[str, list[dict[str, int]]]


def work(task: dict[str, Any]) -> Counted:
    """Takes every turn at its time."""
    place.set_up()
    turns = [turn for turn in TURNS if turn.name in task["auctions"]]
    counted: Counted = {turn.name: [] for turn in turns}
    begin = place.begin_together()
    for _pair in range(PAIRS):
        for turn in turns:
            counted[turn.name].append(_take(turn, task, begin))
            # A second to let the bids under way end.
            begin += task["seconds"] + 1
    return counted


def _take(turn: Turn, task: dict[str, Any], begin: float) -> dict[str, int]:
    are_accepted: list[bool] = []
    people = task["people"][: turn.bidders // PROCESSES]

    def run(place_in_line: int, organisation: int, person: int) -> None:
        from django.db import connection

        bid = (_bare if turn.is_bare else _ours)(organisation, person)
        auctions, number = task["auctions"][turn.name], place_in_line
        while (now := time.time()) < begin + task["seconds"]:
            if now < begin:
                time.sleep(begin - now)
                continue
            number += 1
            are_accepted.append(bid(auctions[number % len(auctions)], int((now - task["since"]) * _STEPS_A_SECOND)))
        connection.close()

    threads = [threading.Thread(target=run, args=(number * 7, *one)) for number, one in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"accepted": sum(are_accepted), "answered": len(are_accepted)}


type Bid = Callable[[tuple[str, int], int], bool]


def _ours(organisation: int, person: int) -> Bid:
    from listings.auctions.actions.bids import place_bid
    from market.accounts.models import Organisation, Person
    from market.accounts.permissions import actor_of
    from market.values.money import Money
    from tests.auctions.hall import START, STEP

    actor = actor_of(Person.objects.get(pk=person), Organisation.objects.get(pk=organisation))

    def bid(auction: tuple[str, int], steps: int) -> bool:
        amount = Money(START.fen + STEP.fen * steps)
        return place_bid(auction[0], amount, key=secrets.token_hex(16), actor=actor).is_accepted

    return bid


def _bare(organisation: int, person: int) -> Bid:
    import psycopg
    from django.conf import settings

    from tests.auctions.hall import START, STEP

    entry = settings.DATABASES["default"]
    line = psycopg.connect(host=entry["HOST"], port=entry["PORT"], user=entry["USER"], dbname=entry["NAME"])

    def bid(auction: tuple[str, int], steps: int) -> bool:
        amount, pk = START.fen + STEP.fen * steps, auction[1]
        row = line.execute(
            "SELECT a.best_bid_fen, a.sequence, a.ends_at <= clock_timestamp(), clock_timestamp(), p.id, a.leader_id FROM auctions_auction a "
            "JOIN auctions_bidderpass p ON p.auction_id = a.id WHERE a.id = %s AND p.organisation_id = %s FOR UPDATE OF a",
            [pk, organisation],
        ).fetchone()
        assert row is not None
        best, sequence, is_over, now, bidder, leader = row
        is_accepted = not is_over and leader != bidder and (best is None or amount >= best + STEP.fen)
        if is_accepted:
            line.execute(
                "INSERT INTO auctions_bid (auction_id, sequence, bidder_id, person, amount_fen, kind, at, is_accepted, refusal, "
                "key, body, previous_hash, hash) VALUES (%s, %s, %s, %s, %s, 'manual', %s, true, '', %s, '{}', '', '')",
                [pk, sequence + 1, bidder, person, amount, now, secrets.token_hex(16)],
            )
            line.execute(
                "UPDATE auctions_auction SET sequence = %s, best_bid_fen = %s, leader_id = %s WHERE id = %s",
                [sequence + 1, amount, bidder, pk],
            )
        line.commit()
        return is_accepted

    return bid


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        print(json.dumps(work(json.loads(sys.argv[2]))))
    else:
        main(float(sys.argv[1]) if sys.argv[1:] else 2, sys.argv[2:] or list(COMPARED))
