"""Many listings at once, written as rows: a market as large as is wanted, for benchmarks and faults of what reads it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import batched, islice

from listings.codes import ipc_titles
from listings.kinds import IfNoIntent, LegalState, Maturity, NoticeKind, PatentKind, PaymentMode, Route, Transaction
from listings.models.achievements import Achievement, Patent
from listings.models.listings import Listing, Notice
from market.policy.models import PolicyRow
from market.values.dates import day_of
from tests.people import Cast
from tests.relevance.corpus import Made, corpus

_AT_ONCE = 1000
# By this beginning their certificates are known.
_OURS = "9"


def list_many(cast: Cast, count: int, *, seed: int = 11) -> None:
    """There are so many listings of the university on notice, each of a registered achievement with a patent; no event tells of
    them. Called again for more, it adds what is missing.
    """
    chance = random.Random(seed)
    ipc = sorted(code for code in ipc_titles() if len(code) == 4)
    row = PolicyRow.objects.filter(kind="listing.notice_period").first() or PolicyRow.objects.earliest("pk")
    now = datetime.now(UTC)
    there = Achievement.objects.filter(certificate_number__startswith=_OURS).count()
    for batch in batched(islice(corpus(count, seed=seed), there, None), _AT_ONCE):
        achievements = Achievement.objects.bulk_create(_achievement(cast, one, now, chance) for one in batch)
        Patent.objects.bulk_create(
            _patent(one, chance.choice(ipc), number) for number, one in enumerate(achievements, batch[0].pk)
        )
        listings = Listing.objects.bulk_create(_listing(cast, one, now, chance) for one in achievements)
        Notice.objects.bulk_create(_notice(one, row, now) for one in listings)


def _achievement(cast: Cast, one: Made, now: datetime, chance: random.Random) -> Achievement:
    return Achievement(
        organisation=cast.university,
        title=one.title,
        abstract=one.abstract,
        keywords=list(one.keywords),
        industry=one.industry,
        maturity=chance.choice(Maturity.values),
        completed_on=day_of(now) - timedelta(days=chance.randrange(30, 2000)),
        state="registered",
        created_at=now,
        decided_at=now - timedelta(minutes=chance.randrange(500_000)),
        certificate_number=f"{_OURS}{one.pk:09d}",
    )


def _patent(achievement: Achievement, ipc: str, number: int) -> Patent:
    return Patent(
        achievement=achievement,
        number=f"ZL2099{number:08d}.0",
        core=f"2099{number:08d}0",
        kind=PatentKind.INVENTION,
        title=achievement.title,
        ipc=f"{ipc} 10/00",
        legal_state=LegalState.values[0],
    )


def _listing(cast: Cast, achievement: Achievement, now: datetime, chance: random.Random) -> Listing:
    return Listing(
        number=f"L2099-{achievement.pk:07d}",
        achievement=achievement,
        seller=cast.university,
        route=chance.choice(Route.values),
        transaction=chance.choice(Transaction.values),
        price_fen=chance.randrange(1_000_000, 2_000_000_000),
        payment_mode=PaymentMode.values[0],
        terms="按合同约定。",
        notice_period=30,
        if_no_intent=IfNoIntent.values[0],
        state="on_notice",
        created_at=now,
        published_at=now - timedelta(minutes=chance.randrange(100_000)),
    )


def _notice(listing: Listing, row: PolicyRow, now: datetime) -> Notice:
    return Notice(
        listing=listing,
        kind=NoticeKind.values[0],
        price_fen=listing.price_fen,
        opened_on=day_of(now),
        period_n=30,
        period_unit="days",
        policy_row=row,
        ends_on=day_of(now) + timedelta(days=30),
        ends_at=now + timedelta(days=30),
    )
