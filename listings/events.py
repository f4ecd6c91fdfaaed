"""What the log says of achievements, listings, objections, intents, deals and demands."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("achievement.drafted", _("Achievement “{title}” entered as a draft.")),
    EventKind("achievement.changed", _("Achievement changed.")),
    EventKind("achievement.submitted", _("Achievement submitted for registration.")),
    EventKind("achievement.registered", _("Achievement registered under number {certificate_number}.")),
    EventKind("achievement.returned", _("Achievement returned for correction: {reason}")),
    EventKind("achievement.revoked", _("Registration revoked: {reason}")),
    EventKind("achievement.discarded", _("Draft discarded.")),
    EventKind("listing.drafted", _("Listing {number} prepared.")),
    EventKind("listing.changed", _("Listing terms changed before publication.")),
    EventKind("listing.discarded", _("Draft listing discarded.")),
    EventKind("listing.published", _("Listing {number} published; the notice ends on {ends_on}.")),
    EventKind("listing.price_changed", _("Price lowered to {price} yuan; a new notice runs to {ends_on}.")),
    EventKind("listing.suspended", _("Notice suspended by an objection."), discreet=True),
    EventKind("listing.released", _("Objections answered; the notice goes on to {ends_on}."), discreet=True),
    EventKind("listing.terminated", _("Listing terminated: an objection was upheld, or the registration was revoked.")),
    EventKind("listing.withdrawn", _("Listing withdrawn: {reason}")),
    EventKind("listing.extended", _("No qualified intent; the notice is extended to {ends_on}.")),
    EventKind("listing.bidding_opened", _("{qualified} qualified intents: competitive bidding is opened.")),
    EventKind("listing.concluded", _("Deal concluded at {price} yuan.")),
    EventKind("listing.lapsed", _("Listing ended without a deal.")),
    EventKind("listing.due_changed", _("The end of the notice was computed again: {ends_on}.")),
    EventKind("listing.due_confirmed", _("The end of the notice, provisional until now, is confirmed: {ends_on}.")),
    EventKind("objection.raised", _("Objection raised."), personal=frozenset({"statement"}), discreet=True),
    EventKind("objection.commented", _("The seller made a statement on the objection."), personal=frozenset({"statement"})),
    EventKind("objection.dismissed", _("Objection answered and dismissed."), personal=frozenset({"answer"})),
    EventKind("objection.upheld", _("Objection upheld."), personal=frozenset({"answer"})),
    EventKind("objection.withdrawn", _("Objection withdrawn."), discreet=True),
    EventKind("intent.registered", _("Intent registered.")),
    EventKind("intent.qualified", _("Intent qualified by the seller.")),
    EventKind("intent.rejected", _("Intent not qualified: {reason}")),
    EventKind("intent.withdrawn", _("Intent withdrawn by the buyer.")),
    EventKind("intent.won", _("Intent won the deal.")),
    EventKind("intent.lost", _("Intent ended without the deal.")),
    EventKind("deal.concluded", _("Deal {number} concluded; the contract is due by {contract_due_on}.")),
    EventKind("deal.contracted", _("Contract signed for deal {number}.")),
    EventKind("deal.failed", _("Deal failed: {reason}")),
    EventKind("deal.due_changed", _("The day by which the contract is due was computed again: {contract_due_on}.")),
    EventKind(
        "deal.due_confirmed", _("The day by which the contract is due, provisional until now, is confirmed: {contract_due_on}.")
    ),
    EventKind("demand.drafted", _("Demand {number} prepared.")),
    EventKind("demand.changed", _("Demand changed before publication.")),
    EventKind("demand.published", _("Demand {number} published.")),
    EventKind("demand.closed", _("Demand closed.")),
    EventKind("demand.expired", _("Demand expired.")),
)
