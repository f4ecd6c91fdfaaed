"""Refusals of yearly evaluations."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from brokers.evaluation.actions import (
    answer_comment,
    comment_on_result,
    draft_evaluation,
    enter_figure,
    publish_evaluation,
)
from market.values.actor import Role
from tests.documents_made import a_document
from tests.evaluation.builders import AFTER_COMMENTS, a_comment, an_evaluation, own_result
from tests.house.provoked import Act, Provocation
from tests.people import Cast, a_member


def _draft(cast: Cast, now: datetime, *, ahead: int = 0) -> Act:
    return lambda: draft_evaluation(now.year + ahead, actor=cast.supervisor.actor, now=now)


def _twice(cast: Cast, now: datetime) -> Act:
    an_evaluation(cast, now)
    return _draft(cast, now)


def _too_early(cast: Cast, now: datetime) -> Act:
    evaluation = an_evaluation(cast, now, state="comments")
    return lambda: publish_evaluation(evaluation, actor=cast.supervisor.actor, now=now)


def _unanswered(cast: Cast, now: datetime) -> Act:
    evaluation = a_comment(cast, now).result.evaluation
    return lambda: publish_evaluation(evaluation, actor=cast.supervisor.actor, now=now + AFTER_COMMENTS)


def _comment(cast: Cast, now: datetime, *, state: str = "comments", text: str = "有误", foreign: bool = False) -> Act:
    result = own_result(cast, an_evaluation(cast, now, state=state))
    actor = (cast.rival_agent if foreign else cast.broker).actor
    return lambda: comment_on_result(result, text=text, evidence=[], actor=actor, now=now)


def _enter(cast: Cast, now: datetime, *, code: str = "training", papers: bool = True) -> Act:
    result, actor = own_result(cast, an_evaluation(cast, now)), cast.supervisor.actor
    evidence = [a_document(actor)] if papers else []
    return lambda: enter_figure(result, code, Decimal(9), statement="核定", evidence=evidence, actor=actor, now=now)


def _answered(cast: Cast, now: datetime) -> Act:
    comment = a_comment(cast, now, answered=True)
    return lambda: answer_comment(comment, answer="再答", actor=cast.supervisor.actor, now=now)


def _own(cast: Cast, now: datetime) -> Act:
    comment = a_comment(cast, now)
    a_member(cast.supervisor.person.email, cast.institution, Role.AGENT)
    return lambda: answer_comment(comment, answer="已补计", actor=cast.supervisor.actor, now=now)


PROVOKED: dict[str, Provocation] = {
    "evaluation.year_not_over": lambda cast, now: _draft(cast, now, ahead=1),
    "evaluation.year_exists": _twice,
    "evaluation.comments_running": _too_early,
    "evaluation.comments_open": _unanswered,
    "evaluation.no_comments_now": lambda cast, now: _comment(cast, now, state="draft"),
    "evaluation.not_by_hand": lambda cast, now: _enter(cast, now, code="deals"),
    "evaluation.evidence_missing": lambda cast, now: _enter(cast, now, papers=False),
    "evaluation.text_missing": lambda cast, now: _comment(cast, now, text=" "),
    "evaluation.answered_already": _answered,
    "evaluation.own_case": _own,
    "evaluation.institution_only": lambda cast, now: _comment(cast, now, foreign=True),
}
