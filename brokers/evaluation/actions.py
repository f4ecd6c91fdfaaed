"""Drafting a year's evaluation, entering figures, hearing comments, and publishing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from brokers.evaluation.models import Comment, Evaluation, Figure, Result
from brokers.evaluation.permissions import require_evaluator, require_institution
from brokers.evaluation.queries import computed_figures, institutions_to_evaluate, open_comments, year_of
from brokers.evaluation.rules.scoring import may_publish, points_for, ranked
from brokers.evaluation.schemes import latest
from brokers.evaluation.states import EVALUATION, EvaluationEvent, EvaluationState
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record
from market.policy.queries import policy_on, working_calendar
from market.policy.rules import deadline
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal, Refused, require, text_given


@transaction.atomic
def draft_evaluation(year: int, *, actor: Actor, now: datetime) -> Evaluation:
    """Every verified institution has a draft of this year, computed from the market. Event: evaluation.drafted."""
    require_evaluator(actor)
    if year > day_of(now).year:
        raise Refused([Refusal("evaluation.year_not_over", field="year")])
    evaluation = Evaluation(year=year, scheme=latest().id, drafted_at=now, drafted_by_id=person_of(actor))
    try:
        with transaction.atomic():
            evaluation.save()
    except IntegrityError as error:
        raise OutOfTurn([Refusal("evaluation.year_exists", field="year")]) from error
    counted = _compute(evaluation, now=now)
    record("evaluation.drafted", subject=evaluation.subject, actor=actor, now=now, year=year, institutions=counted)
    return evaluation


@transaction.atomic
def count_evaluation(evaluation: Evaluation, *, actor: Actor, now: datetime) -> Evaluation:
    """The computed figures are as the market says now; those entered by hand stay. Event: evaluation.counted."""
    locked = _moving(evaluation, EvaluationEvent.COUNT, actor=actor)
    counted = _compute(locked, now=now)
    record("evaluation.counted", subject=locked.subject, actor=actor, now=now, institutions=counted)
    return locked


def _compute(evaluation: Evaluation, *, now: datetime) -> int:
    year = year_of(evaluation.year, today=day_of(now))
    institutions = list(institutions_to_evaluate())
    for institution in institutions:
        defaults = {"points": Decimal(0), "place": 0, "grade": ""}
        result, _ = Result.objects.get_or_create(evaluation=evaluation, institution=institution, defaults=defaults)
        for code, value in computed_figures(institution, year).items():
            _write(result, code, value, now=now)
    _rank(evaluation)
    return len(institutions)


def _write(result: Result, code: str, value: Decimal, *, now: datetime, statement: str = "", by: int | None = None) -> Figure:
    points = points_for(result.evaluation.rules.indicators[code], value)
    written = {"value": value, "points": points, "entered_at": now, "statement": statement, "entered_by_id": by}
    figure, _ = Figure.objects.update_or_create(result=result, indicator=code, defaults=written)
    return figure


def _rank(evaluation: Evaluation) -> None:
    """Points, grades and places follow from the figures."""
    results = list(evaluation.results.prefetch_related("figures"))
    totals = {result.pk: sum((figure.points for figure in result.figures.all()), Decimal(0)) for result in results}
    places = ranked(totals)
    for result in results:
        result.points, result.place = totals[result.pk], places[result.pk]
        result.grade = evaluation.rules.grade(result.points)
    Result.objects.bulk_update(results, ["points", "place", "grade"])


@transaction.atomic
def enter_figure(
    result: Result, code: str, value: Decimal, *, statement: str, evidence: Sequence[Document], actor: Actor, now: datetime
) -> Figure:
    """A figure that the market does not know stands there with its evidence. Event: evaluation.value_entered.

    Out of turn once the results are published.
    """
    locked = _moving(result.evaluation, EvaluationEvent.COUNT, actor=actor)
    require_evaluator(actor, result.institution)
    indicator = locked.rules.indicators.get(code)
    if indicator is None or not indicator.is_manual:
        raise Refused([Refusal("evaluation.not_by_hand", field="indicator")])
    given = text_given(statement, Refusal("evaluation.text_missing", field="statement"))
    if not evidence:
        raise Refused([Refusal("evaluation.evidence_missing", field="evidence")])
    figure = _write(result, code, value, now=now, statement=given, by=actor.person)
    figure.evidence.set(evidence)
    _rank(locked)
    facts = {"institution": result.institution.name, "indicator": code, "value": str(value)}
    record("evaluation.value_entered", subject=locked.subject, actor=actor, now=now, **facts)
    return figure


@transaction.atomic
def open_for_comments(evaluation: Evaluation, *, actor: Actor, now: datetime) -> Evaluation:
    """Everybody sees the draft, and the institutions can comment until a day. Event: evaluation.opened."""
    locked = _moving(evaluation, EvaluationEvent.OPEN, actor=actor)
    policy = policy_on("evaluation.comment_period", day_of(now))
    locked.comment_until = deadline(day_of(now), policy.period, working_calendar(), policy_row=policy.id).day
    locked.policy_row_id = policy.id
    _set_state(locked, EVALUATION.move(locked.state, EvaluationEvent.OPEN).to, "comment_until", "policy_row")
    record("evaluation.opened", subject=locked.subject, actor=actor, now=now, until=locked.comment_until.isoformat())
    return locked


@transaction.atomic
def publish_evaluation(evaluation: Evaluation, *, actor: Actor, now: datetime) -> Evaluation:
    """The results stand, each with its certificate. Event: evaluation.published.

    Refused while comments can be made, or wait for an answer.
    """
    locked = _moving(evaluation, EvaluationEvent.PUBLISH, actor=actor)
    assert locked.comment_until is not None
    waiting = open_comments(locked).count()
    require(may_publish(comment_until=locked.comment_until, today=day_of(now), open_comments=waiting))
    locked.published_at = now
    _set_state(locked, EVALUATION.move(locked.state, EvaluationEvent.PUBLISH).to, "published_at")
    record("evaluation.published", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def comment_on_result(result: Result, *, text: str, evidence: Sequence[Document], actor: Actor, now: datetime) -> Comment:
    """The institution has said what is wrong with its draft. Event: evaluation_comment.made."""
    locked = _locked(result.evaluation)
    require_institution(actor, result)
    if locked.state != EvaluationState.COMMENTS or locked.comment_until is None or day_of(now) > locked.comment_until:
        raise OutOfTurn([Refusal("evaluation.no_comments_now")])
    said = text_given(text, Refusal("evaluation.text_missing", field="text"))
    comment = Comment.objects.create(result=result, text=said, made_at=now, made_by_id=person_of(actor))
    comment.evidence.set(evidence)
    record("evaluation_comment.made", subject=comment.subject, actor=actor, now=now, year=locked.year)
    return comment


@transaction.atomic
def answer_comment(comment: Comment, *, answer: str, actor: Actor, now: datetime) -> Comment:
    """The institution reads what came of its comment. Event: evaluation_comment.answered."""
    _locked(comment.result.evaluation)
    locked = Comment.objects.select_for_update(of=("self",)).select_related("result__institution").get(pk=comment.pk)
    require_evaluator(actor, locked.result.institution)
    if locked.answered_at is not None:
        raise OutOfTurn([Refusal("evaluation.answered_already")])
    locked.answer, locked.answered_at = text_given(answer, Refusal("evaluation.text_missing", field="answer")), now
    locked.answered_by_id = actor.person
    locked.save(update_fields=["answer", "answered_at", "answered_by"])
    record("evaluation_comment.answered", subject=locked.subject, actor=actor, now=now)
    return locked


def _moving(evaluation: Evaluation, event: EvaluationEvent, *, actor: Actor) -> Evaluation:
    locked = _locked(evaluation)
    EVALUATION.move(locked.state, event)
    require_evaluator(actor)
    return locked


def _locked(evaluation: Evaluation) -> Evaluation:
    return Evaluation.objects.select_for_update().get(pk=evaluation.pk)


def _set_state(evaluation: Evaluation, state: str, *fields: str) -> None:
    evaluation.state = state
    evaluation.save(update_fields=["state", *fields])
