"""How is bid, in which phase, by whose hand, and who keeps the keys?"""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mode(TextChoices):
    ASCENDING = "ascending", pgettext_lazy("auction mode", "Ascending, with a free and a timed period")
    FALLING = "falling", pgettext_lazy("auction mode", "Falling clock with a sealed finish")
    SEALED = "sealed", pgettext_lazy("auction mode", "Sealed bids, opened together")


class Phase(TextChoices):
    """What is open in a falling or sealed auction while it is open; ascending bidding has none."""

    NONE = "", pgettext_lazy("auction phase", "Bidding")
    CLOCK = "clock", pgettext_lazy("auction phase", "The price falls")
    SEALED = "sealed", pgettext_lazy("auction phase", "Sealed bids")
    TOPPING = "topping", pgettext_lazy("auction phase", "The holder may top the best bid")


class BidKind(TextChoices):
    MANUAL = "manual", pgettext_lazy("bid kind", "By hand")
    PROXY = "proxy", pgettext_lazy("bid kind", "By the bidder's order")
    STOP = "stop", pgettext_lazy("bid kind", "Stopped the clock")
    SEALED = "sealed", pgettext_lazy("bid kind", "Sealed bid")
    WITHDRAWAL = "withdrawal", pgettext_lazy("bid kind", "Sealed bid withdrawn")
    OPENED = "opened", pgettext_lazy("bid kind", "Sealed bid, opened")
    TOP = "top", pgettext_lazy("bid kind", "Topped the best bid")
    MATCH = "match", pgettext_lazy("bid kind", "Matched by pre-emptive right")
    WAIVER = "waiver", pgettext_lazy("bid kind", "Pre-emptive right not used")


# Bids on the ladder of an ascending auction, each above the one before.
LADDER = (BidKind.MANUAL, BidKind.PROXY)


class Seat(IntegerChoices):
    """Who keeps one of the three keys to the sealed bids; any two open them together."""

    REGISTRAR = 1, _("Registrar")
    SUPERVISOR = 2, _("Supervisor")
    SELLER = 3, _("Seller")


class SignalKind(TextChoices):
    """What was seen about two bidders of one auction."""

    OWNER = "owner", pgettext_lazy("signal kind", "The same person belongs to both")
    REPRESENTATIVE = "representative", pgettext_lazy("signal kind", "The same legal representative")
    ADDRESS = "address", pgettext_lazy("signal kind", "The same address")
    DEVICE = "device", pgettext_lazy("signal kind", "The same browser at the same network address")
    NETWORK = "network", pgettext_lazy("signal kind", "The same network address")
    STEPS = "steps", pgettext_lazy("signal kind", "Bids in turn, one step apart")
