"""The sentences of refusals about the plan's figures."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "oversight.officials_only": _("Only a supervisor or administrator may change the plan's figures."),
    "oversight.two_ways_of_growing": _("State either a yearly growth or a yearly increase, not both."),
    "oversight.half_a_base": _("A base needs both its year and its value."),
    "oversight.half_a_target": _("A target needs both its year and its value."),
    "oversight.target_before_base": _("The target lies after the base year."),
    "oversight.growth_without_base": _("A growth needs the base it starts from."),
    "oversight.code_twice": _("The code {code} stands in the plan more than once."),
    "oversight.measured_by_the_market": _("The market measures this indicator itself; it is not entered by hand."),
    "oversight.year_outside_plan": _("The year {year} lies outside the plan."),
    "oversight.value_negative": _("A value is zero or more."),
}
