"""What the log says of yearly evaluations."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("evaluation.drafted", _("Evaluation of {year} drafted for {institutions} institutions.")),
    EventKind("evaluation.counted", _("Figures computed again for {institutions} institutions.")),
    EventKind("evaluation.value_entered", _("A figure of {institution} was entered by hand.")),
    EventKind("evaluation.opened", _("Open for comments until {until}.")),
    EventKind("evaluation.published", _("Results published.")),
    EventKind("evaluation_comment.made", _("Comment made.")),
    EventKind("evaluation_comment.answered", _("Comment answered.")),
)
