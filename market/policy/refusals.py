"""The sentences of refusals about policy."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "policy.measure_not_allowed": _("This figure cannot be stated in that unit."),
    "policy.value_out_of_range": _("Enter a figure that makes sense here: a rate between 0 and 1, or a whole number."),
    "policy.period_out_of_range": _("A period is between 1 and 1,000 days."),
    "policy.valid_from_in_the_past": _("A policy row begins today or later; what already runs keeps its row."),
    "policy.own_proposal": _("A second official must decide: you proposed this row yourself."),
    "policy.officials_only": _("Only a supervisor or administrator may change policy."),
    "policy.same_day_row": _("There is already an approved row of this kind and scope from that day."),
    "policy.day_not_in_year": _("The day {day} does not lie in {year}."),
    "policy.year_empty": _("Enter at least one holiday: a year without any is not an announcement."),
    "policy.year_already_announced": _("The holidays of {year} are already entered."),
}
