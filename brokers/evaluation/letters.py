"""What institutions and officials are told of a yearly evaluation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brokers.evaluation.models import Comment, Evaluation
from brokers.evaluation.permissions import EVALUATORS
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of


def _institutions(event: Event) -> Concerned:
    evaluation = Evaluation.objects.get(year=key_of(event))
    institutions = list(evaluation.results.values_list("institution_id", flat=True))
    return Concerned(evaluation.get_absolute_url, {"year": evaluation.year}, organisations=institutions)


def _comment(event: Event) -> Comment:
    return Comment.objects.select_related("result__evaluation", "result__institution").get(key=key_of(event))


def _officials(event: Event) -> Concerned:
    comment = _comment(event)
    facts = {"year": comment.result.evaluation.year, "institution": comment.result.institution.name}
    return Concerned(comment.result.get_absolute_url, facts, roles=EVALUATORS)


def _institution(event: Event) -> Concerned:
    comment = _comment(event)
    facts = {"year": comment.result.evaluation.year}
    return Concerned(comment.result.get_absolute_url, facts, organisations=[comment.result.institution_id])


declare_letters(
    LetterKind(
        "evaluation.opened",
        _("Evaluation of {year}: the draft is open for comments"),
        _("The draft of the evaluation of {year} is open for comments until {until}."),
        _institutions,
        next_step=_("Please look at your figures; what is wrong you can comment on, with evidence."),
    ),
    LetterKind(
        "evaluation.published",
        _("Evaluation of {year}: results published"),
        _("The results of {year} are published. Your certificate is on the page of your result."),
        _institutions,
    ),
    LetterKind(
        "evaluation_comment.made",
        _("Comment on the evaluation of {year}: {institution}"),
        _("{institution} has commented on its draft."),
        _officials,
        next_step=_("Please answer it: the results are published after that."),
    ),
    LetterKind(
        "evaluation_comment.answered",
        _("Your comment on the evaluation of {year} was answered"),
        _("An official has answered your comment on the draft."),
        _institution,
    ),
)
