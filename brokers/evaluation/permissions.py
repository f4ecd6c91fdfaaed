"""Who sees an evaluation, who enters figures and answers, and who comments?"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from brokers.evaluation.models import Comment, Evaluation, Result
from brokers.evaluation.states import EvaluationState
from market.accounts.models import Organisation
from market.accounts.permissions import acts_for, belongs_to_any, person_of, require_official
from market.documents.models import Document
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, Refusal

EVALUATORS = (Role.SUPERVISOR, Role.ADMINISTRATOR)


def is_evaluator(actor: Actor) -> bool:
    """True for the officials who draft and publish."""
    return actor.has(*EVALUATORS)


def visible_evaluations(actor: Actor) -> QuerySet[Evaluation]:
    """Drafts for those who make them; for everybody what is open for comments or published."""
    evaluations = Evaluation.objects.all()
    return evaluations if is_evaluator(actor) else evaluations.exclude(state=EvaluationState.DRAFT)


def evaluation_for(actor: Actor, year: int) -> Evaluation:
    """The door: the evaluation of this year, or 404."""
    evaluation = visible_evaluations(actor).filter(year=year).first()
    if evaluation is None:
        raise Http404
    return evaluation


def result_for(actor: Actor, year: int, key: str) -> Result:
    """The door: an institution's result of this year, or 404."""
    results = Result.objects.filter(evaluation=evaluation_for(actor, year), key=key).select_related("evaluation", "institution")
    result = results.first()
    if result is None:
        raise Http404
    return result


def comment_for(actor: Actor, key: str) -> Comment:
    """The door: a comment, for the institution that made it and the officials who answer; 404 for others."""
    comments = Comment.objects.select_related("result__evaluation", "result__institution")
    if not is_evaluator(actor):
        comments = comments.filter(result__institution_id=actor.organisation or 0)
    comment = comments.filter(key=key).first()
    if comment is None:
        raise Http404
    return comment


def may_comment(actor: Actor, result: Result) -> bool:
    """True for whoever may bind the institution."""
    return acts_for(actor, result.institution_id, Role.OWNER, Role.AGENT)


def require_institution(actor: Actor, result: Result) -> None:
    """Raises `Forbidden` unless the actor may bind the institution."""
    if not may_comment(actor, result):
        raise Forbidden([Refusal("evaluation.institution_only")])


def require_certificate_reader(actor: Actor, result: Result) -> None:
    """Raises `Forbidden` unless the actor acts for the institution or evaluates it. The page that the certificate leads to is public."""
    if not (is_evaluator(actor) or acts_for(actor, result.institution_id)):
        raise Forbidden([Refusal("evaluation.institution_only")])


def require_evaluator(actor: Actor, institution: Organisation | None = None) -> None:
    """Raises `Forbidden` unless the actor is an official who does not belong to this institution."""
    require_official(actor, *EVALUATORS)
    if institution is not None and belongs_to_any(person_of(actor), [institution.pk]):
        raise Forbidden([Refusal("evaluation.own_case")])


def may_read_evaluation_papers(actor: Actor, document: Document) -> bool:
    """What was attached to a figure or a comment is read by the institution and the officials."""
    results = Result.objects.filter(figures__evidence=document) | Result.objects.filter(comments__evidence=document)
    if is_evaluator(actor):
        return results.exists()
    return results.filter(institution_id=actor.organisation or 0).exists()
