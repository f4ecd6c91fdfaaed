"""The sentences of refusals about policy."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "policy.seconds_out_of_range": _("A time in seconds lies between 10 and 3600."),
    "policy.measure_not_allowed": _("This figure cannot be stated in that unit."),
    "policy.value_out_of_range": _("Enter a figure that makes sense here: a rate between 0 and 1, or a whole number."),
    "policy.scope_not_allowed": _("No rows of their own are made for this."),
    "policy.period_out_of_range": _("A period is between 1 and 1,000 days or months."),
    "policy.valid_from_in_the_past": _("A policy row begins today or later; what already runs keeps its row."),
    "policy.own_proposal": _("A second official must decide: you proposed this row yourself."),
    "policy.reason_missing": _("Give the reason, so that the other official and everybody later can follow it."),
    "policy.source_missing": _("Name the source: the law, notice or decision that sets this figure."),
    "policy.officials_only": _("Only a supervisor or administrator may change policy."),
    "policy.same_day_row": _("There is already an approved row of this kind and scope from that day."),
    "policy.year_out_of_range": _("Holidays can be entered for the years 2000 to {last}."),
    "policy.year_not_announced": _("The holidays of {year} are not entered yet: enter the whole year first."),
    "policy.day_not_in_year": _("The day {day} does not lie in {year}."),
    "policy.day_twice": _("The day {day} stands there twice, or is entered already."),
    "policy.day_without_name": _("Say which holiday the day {day} belongs to, in at most 40 characters."),
    "policy.day_not_ahead": _("The day {day} is over or under way: only days ahead can be added."),
    "policy.made_up_on_a_weekday": _("{day} is a weekday and worked anyway: only days at a weekend are made-up working days."),
    "policy.year_empty": _("Enter at least one holiday: a year without any is not an announcement."),
    "policy.year_already_announced": _("The holidays of {year} are already entered."),
}
