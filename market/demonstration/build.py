"""Making the living market: every object goes the way it would go in life, only at moments of the recent past."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from brokers.models import Broker
from listings.models.achievements import Achievement
from market.demonstration.bidding import fall, go_up, seal_and_open
from market.demonstration.credit import stand_in_credit
from market.demonstration.forms import fill_in_forms
from market.demonstration.money import give_back, leave_for_finance, name_account, short_of_deposit
from market.demonstration.pipeline import fill_board
from market.demonstration.sample import sample
from market.demonstration.seeking import seek
from market.demonstration.settling import ENDS, brokers, discuss_policy, engage_in_every_way, settle
from market.demonstration.taxes import claim_relief
from market.demonstration.trade import (
    back_out,
    end_in_every_way,
    enter_achievement,
    object_to,
    offer,
    open_bidding,
    prepare_one,
    take_part,
)
from market.demonstration.world import World, people_and_organisations

type Progress = Callable[[Iterable[Any], str], Iterable[Any]]
type Offer = tuple[Achievement, dict[str, Any]]


def is_built() -> bool:
    return Achievement.objects.filter(is_sample=True).exists()


@transaction.atomic
def build_market(*, now: datetime, progress: Progress) -> None:
    """All of the sample stands in an empty market, or nothing of it; each machine has something in each of its states.

    Commissions are missing until the worker has read of the recognitions.
    """
    world = people_and_organisations(now=now)
    broker = brokers(world)
    rows = sample("achievements")
    entered = [(enter_achievement(world, row, number), row) for number, row in enumerate(progress(rows, "achievements"))]
    offers: list[Offer] = [(achievement, row) for achievement, row in entered if row["stage"] == "listed"]
    by_listing = [(achievement, row) for achievement, row in offers if row["listing"]["route"] == "listed"]
    # The deals of the past come first: their sellers' achievements are offered again since.
    for number, (achievement, row) in enumerate(progress(_for_deals(by_listing), "deals")):
        settle(world, achievement, row["listing"], number, broker)
    in_bidding = _for_bidding(by_listing)
    quiet = [it for it in by_listing if it not in _for_deals(by_listing) and it not in in_bidding]
    end_in_every_way(world, [(achievement, row["listing"]) for achievement, row in quiet[:4]])
    prepare_one(world, next(achievement for achievement, row in entered if row["stage"] == "registered"))
    bidding = [open_bidding(world, achievement, row["listing"]) for achievement, row in in_bidding]
    for bid, listing in zip((go_up, fall, seal_and_open), bidding, strict=True):
        bid(world, listing)
    running = [
        offer(world, achievement, row["listing"], number)
        for number, (achievement, row) in enumerate(progress(offers, "listings"))
        if all(achievement is not it for it, _row in in_bidding)
    ]
    announced = [listing for listing in running if listing.route == "listed"]
    take_part(world, announced[:5])
    back_out(world, next(it for it in announced if it.published_at and it.published_at < now - timedelta(days=9)))
    object_to(world, announced[5:8])
    engage_in_every_way(world, announced[8:12], broker)
    _seek(world, broker, progress)
    claim_relief(world)
    stand_in_credit(world, broker)
    fill_in_forms(world)
    discuss_policy(world)
    name_account(world, "shuonan-power")
    give_back(world)
    leave_for_finance(world, short_of_deposit(world))


def _seek(world: World, broker: Broker, progress: Progress) -> None:
    for number, row in enumerate(progress(sample("demands"), "demands")):
        seek(world, row, number)
    fill_board(world, broker)


def _for_deals(offers: list[Offer]) -> list[Offer]:
    """One offer for each end a deal can come to, the demonstration's own university first."""
    own_first = sorted(offers, key=lambda offer: offer[1]["organisation"] != "sanggan-univ")
    return own_first[: len(ENDS)]


def _for_bidding(offers: list[Offer]) -> list[Offer]:
    """One offer for each mode: the last of all, and two of the demonstration's own university, whose agent keeps a key."""
    own = [offer for offer in offers if offer[1]["organisation"] == "sanggan-univ"]
    return [offers[-1], *own[-2:]]
