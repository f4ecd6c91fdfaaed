"""What the log says of settlements."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("settlement.opened", _("Settlement opened: {price} yuan, of which {carried} yuan come from the deposit.")),
    EventKind("settlement.plan_proposed", _("A plan of payment was proposed.")),
    EventKind("settlement.plan_agreed", _("The plan of payment is agreed.")),
    EventKind("settlement.delivery_reported", _("The seller states that everything is delivered.")),
    EventKind("settlement.delivered", _("The buyer confirmed delivery.")),
    # What the seller has really received, before fee and commission: `amount_fen` now, `total_fen` in all. Relief rests on it.
    EventKind("settlement.paid", _("{amount} yuan of the price released to the seller, {total} yuan in all.")),
    EventKind("settlement.refunded", _("{amount} yuan to go back to the buyer.")),
    EventKind("settlement.closed", _("Everything is settled.")),
    EventKind("settlement.ended", _("The settlement ended by a supervisor's decision.")),
    EventKind("settlement.cost_entered", _("Cost of {amount} yuan entered: {what}")),
    EventKind("settlement.cost_removed", _("Cost of {amount} yuan taken out: {what}")),
    EventKind("settlement.share_set", _("Inventors' share set to {percent} per cent of the net income.")),
    EventKind("due.planned", _("{amount} yuan planned to be paid by {due_on}.")),
    EventKind("due.asked", _("{amount} yuan due by {due_on}.")),
    EventKind("due.paid", _("{amount} yuan paid.")),
    EventKind("due.cancelled", _("{amount} yuan no longer asked for.")),
    EventKind("due.overdue", _("{amount} yuan are late: they were due by {due_on}.")),
    EventKind("royalty.expected", _("Report on {first_day} to {last_day} expected by {due_on}.")),
    EventKind("royalty.reported", _("{base} yuan reported for {first_day} to {last_day}: a royalty of {amount} yuan.")),
    EventKind("royalty.objected", _("The seller objected to the report on {first_day} to {last_day}: {reason}")),
    EventKind("royalty.accepted", _("The report on {first_day} to {last_day} stands: a royalty of {amount} yuan.")),
    EventKind(
        "royalty.decided", _("A supervisor decided what the royalty for {first_day} to {last_day} is computed from: {reason}")
    ),
    EventKind("royalty.cancelled", _("A report on {first_day} to {last_day} is no longer asked for.")),
    EventKind("royalty.overdue", _("The report on {first_day} to {last_day} is late: it was due by {due_on}.")),
    EventKind("settlement_dispute.opened", _("Dispute opened: {reason}")),
    EventKind("settlement_dispute.answered", _("The other side answered the dispute.")),
    EventKind("settlement_dispute.withdrawn", _("Dispute withdrawn.")),
    EventKind(
        "settlement_dispute.decided",
        _("Dispute decided: {to_seller} yuan to the seller, {to_buyer} yuan to the buyer. {grounds}"),
    ),
)
