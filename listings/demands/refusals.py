"""The sentences of refusals about demands and what answers them."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "demands.deadline_in_the_past": _("The demand must be valid at least until tomorrow."),
    "demands.exists": _("You have a demand of this title already: {number}."),
    "demands.budget_zero": _("Enter a budget above zero, or leave it empty."),
    "demands.budget_reversed": _("A budget from some sum on needs an upper end that is not below it."),
    "demands.too_many_indicators": _("Enter at most {most} indicators."),
    "demands.indicator_twice": _("The indicator “{name}” is entered twice."),
    "demands.details_would_be_public": _(
        "Where everything is public there are no confidential details: choose a level, or move the text."
    ),
    "demands.details_missing": _("Enter the details that this level protects, or make everything public."),
    "demands.nondisclosure_missing": _("Enter the terms that must be accepted before the details are read."),
    "demands.nobody_named": _("Name at least one party that may read the details."),
    "demands.nothing_changed": _("Nothing was changed."),
    "demands.deadline_shortened": _("Proposals were handed in for this deadline: it can be moved outwards only."),
    "demands.level_is_fixed": _("The level of confidentiality stays as it was published."),
    "demands.terms_are_fixed": _("The non-disclosure terms stay as they were published."),
    "demands.call_is_fixed": _("Of a published open call only the deadline can be changed, and only outwards."),
    "demands.reason_missing": _("Give the reason."),
    "demands.nothing_typed": _("Write something first."),
    "demands.nothing_protected": _("There is nothing confidential to read."),
    "demands.accepted_before": _("Your organisation has accepted these terms already."),
    "demands.not_named": _("The enterprise has named the parties that may read the details; yours is not among them."),
    "demands.own_demand": _("Your own demand must be answered by somebody else."),
    "demands.accept_first": _("Read and accept the non-disclosure terms first."),
    "demands.deadline_is_over": _("The deadline is over."),
    "demands.proposal_exists": _("Your organisation has answered this demand already."),
    "demands.approach_too_short": _("Describe the approach in at least {shortest} characters."),
    "demands.price_zero": _("Enter a price above zero."),
    "demands.months_out_of_range": _("Enter a duration of 1 to {most} months."),
    "demands.team_missing": _("Name at least one person of the team."),
    "demands.promise_missing": _("Say what you promise for “{name}”."),
    "demands.not_your_achievement": _("Refer to registered achievements of your own organisation."),
    "demands.not_to_be_chosen": _("This proposal is not among those to choose from."),
    "demands.answered_before": _("This question was answered already, or the choice is over."),
    "demands.experts_decide": _("This is an open call: experts find the order, and the award follows it."),
}
