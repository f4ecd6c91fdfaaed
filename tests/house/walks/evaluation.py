"""Yearly evaluations of institutions."""

from __future__ import annotations

from datetime import datetime

from brokers.evaluation.actions import count_evaluation, open_for_comments, publish_evaluation
from brokers.evaluation.models import Evaluation
from brokers.evaluation.states import EVALUATION
from tests.evaluation.builders import AFTER_COMMENTS, an_evaluation
from tests.house.walks import Walk
from tests.people import Cast


def _count(cast: Cast, it: Evaluation, now: datetime) -> Evaluation:
    return count_evaluation(it, actor=cast.supervisor.actor, now=now)


def _open(cast: Cast, it: Evaluation, now: datetime) -> Evaluation:
    return open_for_comments(it, actor=cast.supervisor.actor, now=now)


def _publish(cast: Cast, it: Evaluation, now: datetime) -> Evaluation:
    return publish_evaluation(it, actor=cast.supervisor.actor, now=now + AFTER_COMMENTS)


WALKS = (
    Walk(
        EVALUATION,
        states={
            "draft": an_evaluation,
            "comments": lambda cast, now: an_evaluation(cast, now, state="comments"),
            "published": lambda cast, now: an_evaluation(cast, now, state="published"),
        },
        events={"count": _count, "open": _open, "publish": _publish},
    ),
)
