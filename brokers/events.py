"""What the log says of brokers, engagements and commissions."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("broker.applied", _("Broker applied for verification."), personal=frozenset({"certificate_number"})),
    EventKind("broker.verified", _("Broker verified until {valid_until}.")),
    EventKind("broker.rejected", _("Broker not verified: {reason}")),
    EventKind("broker.expired", _("The broker's certificate has expired.")),
    EventKind("organisation.profile_written", _("Entry in the directory of services written.")),
    EventKind("engagement.proposed", _("Engagement proposed.")),
    EventKind("engagement.countered", _("Other terms proposed: version {version}.")),
    EventKind("engagement.signed", _("Engagement signed by both sides.")),
    EventKind("engagement.consented", _("The principal consents to the broker acting for both sides.")),
    EventKind("engagement.declined", _("Engagement declined.")),
    EventKind("engagement.disputed", _("Mandate disputed: {statement}")),
    EventKind("engagement.undisputed", _("The dispute about the mandate was withdrawn.")),
    EventKind("engagement.decided", _("A supervisor decided on the mandate: {grounds}")),
    EventKind("engagement.ended", _("Engagement ended: {reason}")),
    EventKind("engagement.expired", _("The term of the engagement is over.")),
    EventKind("introduction.stated", _("The broker states an introduction on {introduced_on}."), personal=frozenset({"account"})),
    EventKind("introduction.half_confirmed", _("One side confirmed the introduction.")),
    EventKind("introduction.confirmed", _("Both sides confirmed the introduction.")),
    EventKind("introduction.bearing_agreed", _("The introduced agrees to pay its part of the commission.")),
    EventKind("introduction.objected", _("Objection to the introduction: {objection}")),
    EventKind("introduction.decided", _("A supervisor decided on the introduction: {decision}")),
    EventKind("commission.credited", _("Commission of {amount} yuan credited.")),
    EventKind("commission.reversed", _("Commission reversed.")),
)
