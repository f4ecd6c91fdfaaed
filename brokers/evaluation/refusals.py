"""The sentences of refusals about yearly evaluations."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "evaluation.year_not_over": _("A year can be evaluated when it has begun."),
    "evaluation.year_exists": _("This year is evaluated already."),
    "evaluation.comments_running": _("Comments can be made until {day}; the results are published after that."),
    "evaluation.comments_open": _("{count} comments still wait for an answer."),
    "evaluation.no_comments_now": _("Comments can be made only while the draft is open for them."),
    "evaluation.not_by_hand": _("This figure is computed from the market; it cannot be entered."),
    "evaluation.evidence_missing": _("Please attach the evidence."),
    "evaluation.text_missing": _("Please write what you base this on."),
    "evaluation.answered_already": _("This comment was answered already."),
    "evaluation.own_case": _("You belong to the institution: somebody else must decide."),
    "evaluation.institution_only": _("Only the institution itself can do this."),
}
