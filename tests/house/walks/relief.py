"""Claims to relief."""

from __future__ import annotations

from datetime import datetime

from contracts.models import Registration
from contracts.relief.actions import (
    drop_claim,
    file_claim,
    flag_recovery,
    follow_change,
    grant_claim,
    lapse_claim,
    refuse_claim,
    settle_recovery,
    take_back_claim,
)
from contracts.relief.models import Claim
from contracts.relief.states import CLAIM
from market.values.dates import day_of
from market.values.money import ZERO, Money
from tests.house.walks import Walk
from tests.people import Cast
from tests.relief.builders import a_claim, a_filed_claim, a_granted_claim


def _file(cast: Cast, it: Claim, now: datetime) -> Claim:
    return file_claim(it, filed_on=day_of(now), receipt="税受1号", actor=cast.university_finance.actor, now=now)


def _drop(cast: Cast, it: Claim, now: datetime) -> Claim:
    return drop_claim(it, reason="选择递延纳税", actor=cast.university_owner.actor, now=now)


def _take_back(cast: Cast, it: Claim, now: datetime) -> Claim:
    return take_back_claim(it, actor=cast.university_finance.actor, now=now)


def _grant(cast: Cast, it: Claim, now: datetime) -> Claim:
    amount, day = it.filed or it.entitled, day_of(now)
    return grant_claim(it, amount=amount, granted_on=day, document="税通1号", actor=cast.supervisor.actor, now=now)


def _refuse(cast: Cast, it: Claim, now: datetime) -> Claim:
    return refuse_claim(it, reason="材料不全", actor=cast.supervisor.actor, now=now)


def _lapse(cast: Cast, it: Claim, now: datetime) -> Claim:
    lapse_claim(it, reason="登记撤销", now=now)
    return it


def _follow(cast: Cast, it: Claim, now: datetime) -> Claim:
    follow_change(it, reason="合同额变更", now=now)
    return it


def _flag(cast: Cast, it: Claim, now: datetime) -> Claim:
    flag_recovery(it, still_due=ZERO, reason="登记撤销", now=now)
    return it


def _settle(cast: Cast, it: Claim, now: datetime) -> Claim:
    day = day_of(now)
    return settle_recovery(it, amount=it.recovery, settled_on=day, document="税追1号", actor=cast.supervisor.actor, now=now)


def _partly_flagged(cast: Cast, now: datetime) -> Claim:
    claim = a_granted_claim(cast, now)
    assert claim.granted is not None
    flag_recovery(claim, still_due=claim.granted - Money(100), reason="合同额变更", now=now)
    return claim


def _filed_before_a_change(cast: Cast, now: datetime) -> Claim:
    claim = a_filed_claim(cast, now)
    half = claim.contract.price_fen // 2
    Registration.objects.filter(contract=claim.contract).update(contract_value_fen=half, technology_value_fen=half)
    return claim


WALKS = (
    Walk(
        CLAIM,
        states={
            "entitled": a_claim,
            "filed": a_filed_claim,
            "granted": a_granted_claim,
            "refused": lambda cast, now: _refuse(cast, a_filed_claim(cast, now), now),
            "dropped": lambda cast, now: _drop(cast, a_claim(cast, now), now),
            "lapsed": lambda cast, now: _lapse(cast, a_claim(cast, now), now),
            "recovery": _partly_flagged,
        },
        events={
            "file": _file,
            "drop": _drop,
            "take_back": _take_back,
            "reopen": _follow,
            "grant": _grant,
            "refuse": _refuse,
            "lapse": _lapse,
            "flag": _flag,
            "settle": _settle,
        },
        prepared={("filed", "reopen"): _filed_before_a_change},
        quiet=frozenset({"reopen", "lapse", "flag"}),
    ),
)
