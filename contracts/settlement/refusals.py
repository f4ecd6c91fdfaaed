"""The sentences of refusals about settlements."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "settlement.number_of_dues": _("A plan has at least one sum and at most {most}."),
    "settlement.due_zero": _("Each sum of the plan is more than zero."),
    "settlement.plan_not_the_price": _("The sums come to {planned} yuan; the price is {price} yuan."),
    "settlement.entry_fee_above_price": _("The entry fee of {planned} yuan is more than the price of {price} yuan."),
    "settlement.due_in_the_past": _("No sum can be due before today."),
    "settlement.dues_not_in_order": _("Each sum is due on a later day than the one before."),
    "settlement.royalty_missing": _("State the royalty: its base, its rate, and for how long it is paid."),
    "settlement.royalty_rate": _("The rate of a royalty lies above 0 and below 100 per cent."),
    "settlement.royalty_period": _("Royalties are reported every month, quarter, half-year or year."),
    "settlement.royalty_ends_before_it_begins": _("The royalty ends before it begins."),
    "settlement.too_many_reports": _("That would be more than {most} reports; choose longer periods or an earlier end."),
    "settlement.no_royalty": _("The contract provides for no royalty."),
    "settlement.plan_by_yourself": _("Your side proposed this plan; the other side is asked."),
    "settlement.plan_changed": _("The plan was changed since you opened the page; please read it again before you agree."),
    "settlement.disputed": _("The money is disputed: it stays where it is until the dispute is decided or withdrawn."),
    "settlement.dispute_open": _("A dispute is already open."),
    "settlement.over": _("This settlement has come to its end."),
    "settlement.reason_missing": _("Give the reason."),
    "settlement.own_settlement": _("Your own organisation is a party: somebody else must decide."),
    "settlement.nothing_to_release": _("Nothing was paid in full that could be released."),
    "settlement.split_out_of_range": _("The seller's part lies above zero and below the {held} yuan in escrow."),
    "settlement.delivery_reported_before": _("Your side has already stated that everything is delivered; the buyer is asked."),
    "settlement.period_not_over": _("The period is not over yet; report when it is."),
    "settlement.base_negative": _("The base of a royalty is not less than zero."),
    "settlement.inventors_share_too_low": _("The inventors get at least {percent} per cent of the net income."),
    "settlement.cost_zero": _("A cost is more than zero."),
    "settlement.cost_removed_before": _("This cost was already taken out."),
}
