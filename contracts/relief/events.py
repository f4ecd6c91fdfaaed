"""What the log says of claims to relief."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("relief.entitled", _("Entitled to relief under {rule} for {tax_year}: {amount} yuan, to be filed by {due_on}.")),
    EventKind("relief.recounted", _("Counted again: {amount} yuan instead of {before}.")),
    EventKind("relief.filed", _("Filed with the tax office on {filed_on}: {amount} yuan.")),
    EventKind("relief.taken_back", _("The filing was taken back.")),
    EventKind("relief.reopened", _("The registration was changed; the relief is to be filed anew: {reason}")),
    EventKind("relief.dropped", _("The relief is not claimed: {reason}")),
    EventKind("relief.granted", _("Granted on {granted_on}: {amount} yuan, document {document}.")),
    EventKind("relief.refused", _("Refused: {reason}")),
    EventKind("relief.lapsed", _("The relief lapsed with the registration: {reason}")),
    EventKind("relief.recovery_flagged", _("{amount} yuan are to be paid back: {reason}")),
    EventKind("relief.recovery_settled", _("{amount} yuan were paid back on {settled_on}, document {document}.")),
    EventKind("relief.party_left", _("{party} is a party in the taxpayer's place now; this relief stays the taxpayer's.")),
    EventKind("relief.deadline_near", _("The relief is to be filed by {due_on}.")),
)
