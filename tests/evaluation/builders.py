"""Yearly evaluations in each of their states, built through the actions that lead there."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from brokers.evaluation.actions import (
    answer_comment,
    comment_on_result,
    draft_evaluation,
    enter_figure,
    open_for_comments,
    publish_evaluation,
)
from brokers.evaluation.models import Comment, Evaluation, Figure, Result
from tests.documents_made import a_document
from tests.people import Cast

# Longer than the ten working days for comments.
AFTER_COMMENTS = timedelta(days=30)


def an_evaluation(cast: Cast, now: datetime, *, year: int | None = None, state: str = "draft") -> Evaluation:
    evaluation = draft_evaluation(year or now.year, actor=cast.supervisor.actor, now=now)
    if state != "draft":
        evaluation = open_for_comments(evaluation, actor=cast.supervisor.actor, now=now)
    if state == "published":
        evaluation = publish_evaluation(evaluation, actor=cast.supervisor.actor, now=now + AFTER_COMMENTS)
    return evaluation


def own_result(cast: Cast, evaluation: Evaluation) -> Result:
    return evaluation.results.select_related("evaluation", "institution").get(institution=cast.institution)


def a_figure(cast: Cast, result: Result, now: datetime, *, code: str = "training", value: str = "120") -> Figure:
    actor = cast.supervisor.actor
    papers = [a_document(actor, "培训签到表.pdf")]
    return enter_figure(result, code, Decimal(value), statement="按签到表核定。", evidence=papers, actor=actor, now=now)


def a_comment(cast: Cast, now: datetime, *, evaluation: Evaluation | None = None, answered: bool = False) -> Comment:
    evaluation = evaluation or an_evaluation(cast, now, state="comments")
    result = own_result(cast, evaluation)
    said = "培训学时少计二十学时。"
    comment = comment_on_result(result, text=said, evidence=[], actor=cast.broker.actor, now=now)
    return answer_comment(comment, answer="已补计。", actor=cast.supervisor.actor, now=now) if answered else comment
