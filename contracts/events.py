"""What the log says of technology contracts, applications and registrations."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("contract.drafted", _("Contract drawn up from deal {deal_number}.")),
    EventKind("contract.changed", _("Contract terms changed; earlier agreements no longer count.")),
    EventKind("contract.half_agreed", _("One side agreed to the contract.")),
    EventKind("contract.agreed", _("Both sides agreed: the contract is in force.")),
    EventKind("contract.declared", _("Contract made outside the market entered for recognition.")),
    EventKind("contract.corrected", _("What was entered of the contract was corrected.")),
    EventKind("sheet.begun", _("Registration form begun.")),
    EventKind("sheet.saved", _("Registration form saved.")),
    EventKind("sheet.submitted", _("Registration form submitted.")),
    EventKind("sheet.reopened", _("Registration form opened again to correct it.")),
    EventKind("sheet.discarded", _("Registration form discarded.")),
    EventKind("contract.recognised", _("Contract recognised and registered under number {number}.")),
    EventKind("application.submitted", _("Recognition applied for; the decision is due by {due_on}.")),
    EventKind("application.returned", _("Application returned for correction: {reason}")),
    EventKind("application.resubmitted", _("Correction submitted; the decision is due by {due_on}.")),
    EventKind("application.recognised", _("Application recognised.")),
    EventKind("application.refused", _("Recognition refused: {reason}")),
    EventKind("application.withdrawn", _("Application withdrawn.")),
    EventKind("application.assigned", _("Application given to a registrar.")),
    EventKind("application.read", _("Application read by a registrar.")),
    EventKind("application.flag_answered", _("A sign of the radar was answered.")),
    EventKind("application.examined", _("Examined; a second registrar confirms.")),
    EventKind("application.sent_back", _("Sent back to examination: {reason}")),
    EventKind("application.appealed", _("Appealed against the refusal.")),
    EventKind("application.upheld", _("The refusal was upheld: {answer}")),
    EventKind("application.reopened", _("The appeal was granted; the decision is due by {due_on}.")),
    EventKind("application.due_changed", _("The day of decision was computed again: {due_on}.")),
    EventKind("application.due_confirmed", _("The day of decision, provisional until now, is confirmed: {due_on}.")),
    EventKind("registration.made", _("Registration {number} entered.")),
    EventKind("change.requested", _("A change of registration {number} was asked for.")),
    EventKind("change.entered", _("The change of registration {number} was entered.")),
    EventKind("change.declined", _("The change of registration {number} was declined: {reason}")),
    EventKind("registration.changed", _("Registration {number} changed: {reason}")),
    EventKind("registration.cancelled", _("Registration {number} cancelled: {reason}")),
    EventKind("registration.revoked", _("Registration {number} revoked: {reason}")),
)
