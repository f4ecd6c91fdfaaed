"""The life of a year's evaluation."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class EvaluationState(TextChoices):
    DRAFT = "draft", pgettext_lazy("evaluation state", "Draft")
    COMMENTS = "comments", pgettext_lazy("evaluation state", "Open for comments")
    PUBLISHED = "published", pgettext_lazy("evaluation state", "Results published")


class EvaluationEvent(TextChoices):
    COUNT = "count", pgettext_lazy("evaluation event", "Compute again")
    OPEN = "open", pgettext_lazy("evaluation event", "Open for comments")
    PUBLISH = "publish", pgettext_lazy("evaluation event", "Publish the results")


S, E = EvaluationState, EvaluationEvent

EVALUATION = Machine(
    "evaluation",
    S.DRAFT,
    final={S.PUBLISHED},
    moves=[
        Move(S.DRAFT, E.COUNT, S.DRAFT, by="official"),
        Move(S.DRAFT, E.OPEN, S.COMMENTS, by="official"),
        # A comment may show that a figure is wrong.
        Move(S.COMMENTS, E.COUNT, S.COMMENTS, by="official"),
        Move(S.COMMENTS, E.PUBLISH, S.PUBLISHED, by="official"),
    ],
)
