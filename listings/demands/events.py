"""What the log says of demands, and of the proposals that answer them."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("demand.drafted", _("Demand {number} prepared.")),
    EventKind("demand.changed", _("Demand changed before publication.")),
    EventKind("demand.published", _("Demand {number} published.")),
    EventKind("demand.revised", _("Version {version} published.")),
    EventKind("demand.terms_accepted", _("{organisation} accepts the non-disclosure terms."), discreet=True),
    EventKind("demand.closed", _("Demand closed. {reason}")),
    EventKind("demand.opened", _("The deadline is over with {proposals} proposals; the enterprise chooses.")),
    EventKind("demand.expired", _("Demand expired.")),
    EventKind("demand.awarded", _("Awarded to {organisation}, deal {deal}.")),
    EventKind("demand.contracted", _("Contract signed for deal {deal}.")),
    EventKind("demand.reopened", _("Deal {deal} failed; another proposal can be chosen.")),
    EventKind("proposal.drafted", _("Proposal prepared for demand {demand}.")),
    EventKind("proposal.changed", _("Proposal changed before it was handed in.")),
    EventKind("proposal.submitted", _("Proposal handed in with the fingerprint {digest}.")),
    EventKind("proposal.revised", _("Proposal revised; its fingerprint is now {digest}.")),
    EventKind("proposal.withdrawn", _("Proposal withdrawn.")),
    EventKind("proposal.lapsed", _("The draft was not handed in before the end.")),
    EventKind("proposal.shortlisted", _("Proposal put on the shortlist.")),
    EventKind("proposal.declined", _("Proposal declined: {reason}")),
    EventKind("proposal.asked", _("Asked: {question}")),
    EventKind("proposal.answered", _("Answered: {answer}")),
    EventKind("proposal.awarded", _("Proposal awarded.")),
    EventKind("proposal.lost", _("Another proposal was chosen, or the demand was closed.")),
    EventKind("proposal.failed", _("The deal of this proposal failed.")),
)
