"""The pages of yearly evaluations: the list, a year, an institution's result, and what officials and institutions do."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.evaluation import actions
from brokers.evaluation.certificate import result_certificate
from brokers.evaluation.export import result_rows
from brokers.evaluation.forms import AnswerForm, CommentForm, DraftForm, FigureForm
from brokers.evaluation.models import Comment, Evaluation
from brokers.evaluation.permissions import (
    comment_for,
    evaluation_for,
    is_evaluator,
    may_comment,
    require_certificate_reader,
    require_evaluator,
    require_institution,
    result_for,
    visible_evaluations,
)
from brokers.evaluation.queries import groups_of, open_comments, results_of, years_of
from brokers.evaluation.states import EVALUATION, EvaluationEvent, EvaluationState
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.pages import page_of
from market.paper import download
from market.requests import MarketRequest
from market.spreadsheets import csv_answer, workbook_answer
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal
from market.values.writing import is_chinese


@require_safe
def evaluations(request: MarketRequest) -> HttpResponse:
    context = {"evaluations": visible_evaluations(request.actor), "may_draft": is_evaluator(request.actor)}
    return render(request, "evaluation/evaluation_list.html", context)


@login_required
def draft(request: MarketRequest) -> HttpResponse:
    require_evaluator(request.actor)
    now = timezone.now()
    form = DraftForm(request.POST or None, initial={"year": day_of(now).year - 1})
    if form.is_valid():
        year = form.cleaned_data["year"]
        made = attempt(form, lambda: actions.draft_evaluation(year, actor=request.actor, now=now))
        if made is not None:
            return acted(
                request, _("Drafted. Enter what the market does not know, then open it for comments."), made.get_absolute_url()
            )
    return render(request, "evaluation/draft_form.html", {"form": form}, status=form_status(form))


@require_safe
def evaluation_page(request: MarketRequest, year: int) -> HttpResponse:
    evaluation = evaluation_for(request.actor, year)
    may_act = is_evaluator(request.actor)
    context = {
        "evaluation": evaluation,
        "scheme": evaluation.rules,
        "page": page_of(results_of(evaluation), request),
        "may_act": may_act,
        "comments": open_comments(evaluation)[:50] if may_act else [],
        "may_publish": evaluation.comment_until is not None and day_of(timezone.now()) > evaluation.comment_until,
        "story": story(timeline([evaluation.subject]), reader=request.actor, with_people=may_act),
    }
    return render(request, "evaluation/evaluation_page.html", context)


@require_safe
def result_page(request: MarketRequest, year: int, key: str) -> HttpResponse:
    result = result_for(request.actor, year, key)
    may_enter, own = is_evaluator(request.actor), may_comment(request.actor, result)
    evaluation = result.evaluation
    context = {
        "result": result,
        "evaluation": evaluation,
        "groups": groups_of(result),
        "years": years_of(result.institution, with_drafts=may_enter),
        "is_insider": may_enter or own,
        "may_enter": may_enter and evaluation.state != EvaluationState.PUBLISHED,
        "may_comment": own and _is_open(evaluation),
        "has_certificate": (own or may_enter) and evaluation.state == EvaluationState.PUBLISHED,
        "comments": result.comments.prefetch_related("evidence") if may_enter or own else [],
    }
    return render(request, "evaluation/result_page.html", context)


def _is_open(evaluation: Evaluation) -> bool:
    until = evaluation.comment_until
    return evaluation.state == EvaluationState.COMMENTS and until is not None and day_of(timezone.now()) <= until


@require_safe
def export_csv(request: MarketRequest, year: int) -> StreamingHttpResponse:
    evaluation = evaluation_for(request.actor, year)
    rows = result_rows(evaluation, results_of(evaluation).prefetch_related("figures"))
    return csv_answer(rows, f"evaluation-{year}")


@require_safe
def export_workbook(request: MarketRequest, year: int) -> StreamingHttpResponse:
    evaluation = evaluation_for(request.actor, year)
    rows = result_rows(evaluation, results_of(evaluation).prefetch_related("figures"))
    return workbook_answer(str(evaluation.year), rows, f"evaluation-{year}")


@login_required
@require_safe
def certificate(request: MarketRequest, year: int, key: str) -> HttpResponse:
    """Of a published result; there is none before."""
    result = result_for(request.actor, year, key)
    require_certificate_reader(request.actor, result)
    if result.evaluation.state != EvaluationState.PUBLISHED:
        raise Http404
    now = timezone.now()
    return download(request, lambda: result_certificate(result, now=now), name=f"evaluation-{year}-{key}.pdf")


type Act = Callable[..., Evaluation]


def _act(request: MarketRequest, year: int, act: Act, done: str) -> HttpResponse:
    moved = act(evaluation_for(request.actor, year), actor=request.actor, now=timezone.now())
    return acted(request, done, moved.get_absolute_url())


@login_required
@require_POST
def count(request: MarketRequest, year: int) -> HttpResponse:
    return _act(request, year, actions.count_evaluation, _("Computed again."))


@login_required
@require_POST
def open_comments_now(request: MarketRequest, year: int) -> HttpResponse:
    return _act(request, year, actions.open_for_comments, _("Open for comments. The institutions are told."))


@login_required
@require_POST
def publish(request: MarketRequest, year: int) -> HttpResponse:
    return _act(request, year, actions.publish_evaluation, _("Published. Each institution has its certificate."))


@login_required
def enter(request: MarketRequest, year: int, key: str) -> HttpResponse:
    """An official enters what the market does not know, with its evidence."""
    require_evaluator(request.actor)
    result, now = result_for(request.actor, year, key), timezone.now()
    manual = [each for each in result.evaluation.rules.indicators.values() if each.is_manual]
    named = [(each.code, each.zh if is_chinese(get_language()) else each.en) for each in manual]
    form = FigureForm(request.POST or None, request.FILES or None, indicators=named, actor=request.actor)
    offer(form, lambda: EVALUATION.move(result.evaluation.state, EvaluationEvent.COUNT))
    if form.is_valid():
        data = dict(form.cleaned_data)
        code = data.pop("indicator")
        if attempt(form, lambda: actions.enter_figure(result, code, actor=request.actor, now=now, **data)) is not None:
            return acted(request, _("Entered."), result.get_absolute_url())
    context = {"form": form, "result": result, "title": _("Enter a figure")}
    return render(request, "evaluation/result_form.html", context, status=form_status(form))


@login_required
def comment(request: MarketRequest, year: int, key: str) -> HttpResponse:
    result, now = result_for(request.actor, year, key), timezone.now()
    require_institution(request.actor, result)
    form = CommentForm(request.POST or None, request.FILES or None, actor=request.actor)
    offer(form, lambda: _require_open(result.evaluation))
    if form.is_valid():
        said = form.cleaned_data
        if attempt(form, lambda: actions.comment_on_result(result, **said, actor=request.actor, now=now)) is not None:
            return acted(request, _("Said. An official answers before the results are published."), result.get_absolute_url())
    context = {"form": form, "result": result, "title": _("Comment on the draft")}
    return render(request, "evaluation/result_form.html", context, status=form_status(form))


def _require_open(evaluation: Evaluation) -> None:
    if not _is_open(evaluation):
        raise OutOfTurn([Refusal("evaluation.no_comments_now")])


@login_required
def answer(request: MarketRequest, key: str) -> HttpResponse:
    made, now = comment_for(request.actor, key), timezone.now()
    require_evaluator(request.actor, made.result.institution)
    form = AnswerForm(request.POST or None)
    offer(form, lambda: _require_unanswered(made))
    if form.is_valid():
        text = form.cleaned_data["answer"]
        if attempt(form, lambda: actions.answer_comment(made, answer=text, actor=request.actor, now=now)) is not None:
            return acted(request, _("Answered."), made.result.get_absolute_url())
    context = {"form": form, "result": made.result, "title": _("Answer the comment"), "lead": made.text}
    return render(request, "evaluation/result_form.html", context, status=form_status(form))


def _require_unanswered(made: Comment) -> None:
    if made.answered_at is not None:
        raise OutOfTurn([Refusal("evaluation.answered_already")])
