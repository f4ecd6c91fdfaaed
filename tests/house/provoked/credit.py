"""Refusals of credit: reviews, appeals, repair, and what officials enter."""

from __future__ import annotations

from datetime import datetime, timedelta

from brokers.credit.actions.appeals import ask_for_repair, dismiss_appeal, file_appeal, uphold_appeal
from brokers.credit.actions.ledger import enter_by_hand
from brokers.credit.actions.reviews import change_review, give_review, reply_to_review
from brokers.credit.models import Record
from market.values.dates import day_of
from tests.brokers.builders import a_broker
from tests.credit.builders import (
    a_brokered_deal,
    a_record,
    a_repair,
    a_review,
    an_appeal,
    an_entry,
    some_marks,
)
from tests.house.provoked import Act, Provocation
from tests.people import Cast

_PUBLISHED = "经查，原记录不实。"


def _review(cast: Cast, now: datetime, *, finished: bool = True, **marks: object) -> Act:
    deal, broker = a_brokered_deal(cast, now, finished=finished), a_broker(cast, now)
    actor = cast.enterprise_agent.actor
    return lambda: give_review(deal, broker, some_marks(**marks), reviewer=cast.enterprise, actor=actor, now=now)


def _own(cast: Cast, now: datetime) -> Act:
    deal, actor = a_brokered_deal(cast, now), cast.enterprise_agent.actor
    return lambda: give_review(deal, cast.enterprise, some_marks(), reviewer=cast.enterprise, actor=actor, now=now)


def _no_part(cast: Cast, now: datetime) -> Act:
    deal, actor = a_brokered_deal(cast, now), cast.enterprise_agent.actor
    return lambda: give_review(deal, cast.rival, some_marks(), reviewer=cast.enterprise, actor=actor, now=now)


def _twice(cast: Cast, now: datetime) -> Act:
    deal = a_brokered_deal(cast, now)
    a_review(cast, now, deal=deal)
    return lambda: a_review(cast, now, deal=deal)


def _too_late(cast: Cast, now: datetime) -> Act:
    review, actor = a_review(cast, now), cast.enterprise_agent.actor
    return lambda: change_review(review, some_marks(), actor=actor, now=now + timedelta(days=90))


def _replied(cast: Cast, now: datetime) -> Act:
    review, actor = a_review(cast, now), cast.broker.actor
    reply_to_review(review, reply="感谢", actor=actor, now=now)
    return lambda: reply_to_review(review, reply="再次感谢", actor=actor, now=now)


def _appeal(cast: Cast, record: Record, now: datetime) -> Act:
    return lambda: file_appeal(record, grounds="有误", evidence=[], actor=cast.broker.actor, now=now)


def _foreign(cast: Cast, now: datetime) -> Act:
    record = a_record(cast, now)
    return lambda: file_appeal(record, grounds="有误", evidence=[], actor=cast.rival_agent.actor, now=now)


def _appealed(cast: Cast, now: datetime) -> Act:
    appeal = an_appeal(cast, now)
    dismiss_appeal(appeal, decision="不成立", published="维持原记录。", actor=cast.administrator.actor, now=now)
    return _appeal(cast, appeal.record, now)


def _over(cast: Cast, now: datetime) -> Act:
    return _appeal(cast, a_record(cast, now), now + timedelta(days=400))


def _own_case(cast: Cast, now: datetime) -> Act:
    appeal = an_appeal(cast, now)
    return lambda: uphold_appeal(appeal, decision="成立", published=_PUBLISHED, actor=cast.supervisor.actor, now=now)


def _named(cast: Cast, now: datetime) -> Act:
    appeal, text = an_appeal(cast, now), f"{cast.institution.name}的申诉成立。"
    return lambda: uphold_appeal(appeal, decision="成立", published=text, actor=cast.administrator.actor, now=now)


def _repair(cast: Cast, now: datetime, rule: str, *, promises: bool = True) -> Act:
    record, actor = a_record(cast, now, rule=rule), cast.broker.actor
    return lambda: ask_for_repair(record, statement="已改正", promises=promises, evidence=[], actor=actor, now=now)


def _asked(cast: Cast, now: datetime) -> Act:
    record, actor = a_repair(cast, now).record, cast.broker.actor
    return lambda: ask_for_repair(record, statement="已改正", promises=True, evidence=[], actor=actor, now=now)


def _enter(cast: Cast, now: datetime, **changes: object) -> Act:
    broker, entry = a_broker(cast, now), an_entry(cast, now, **changes)
    return lambda: enter_by_hand(broker, entry, actor=cast.supervisor.actor, now=now)


def _used(cast: Cast, now: datetime) -> Act:
    entry = an_entry(cast, now)
    enter_by_hand(a_broker(cast, now), entry, actor=cast.supervisor.actor, now=now)
    return lambda: enter_by_hand(a_broker(cast, now), entry, actor=cast.supervisor.actor, now=now)


PROVOKED: dict[str, Provocation] = {
    "credit.deal_not_finished": lambda cast, now: _review(cast, now, finished=False),
    "credit.own_review": _own,
    "credit.marks_out_of_range": lambda cast, now: _review(cast, now, integrity=6),
    "credit.text_missing": lambda cast, now: _review(cast, now, text=" "),
    "credit.no_party": _no_part,
    "credit.reviewed_already": _twice,
    "credit.review_fixed": _too_late,
    "credit.replied_already": _replied,
    "credit.holder_only": _foreign,
    "credit.appealed_already": _appealed,
    "credit.not_in_force": _over,
    "credit.own_case": _own_case,
    "credit.names_somebody": _named,
    "credit.nothing_to_repair": lambda cast, now: _repair(cast, now, "commended"),
    "credit.repair_too_early": lambda cast, now: _repair(cast, now, "duty_missed"),
    "credit.repair_asked": _asked,
    "credit.promise_missing": lambda cast, now: _repair(cast, now, "admonished", promises=False),
    "credit.not_by_hand": lambda cast, now: _enter(cast, now, rule="deal_settled"),
    "credit.day_ahead": lambda cast, now: _enter(cast, now, day=day_of(now) + timedelta(days=1)),
    "credit.evidence_missing": lambda cast, now: _enter(cast, now, evidence=()),
    "credit.evidence_used": _used,
}
