"""The life of a deal between its conclusion and the contract, and of an offer to the next bidder when the winner is in default."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class DealState(TextChoices):
    CONCLUDED = "concluded", pgettext_lazy("deal state", "Concluded, contract to be signed")
    CONTRACTED = "contracted", pgettext_lazy("deal state", "Contract signed")
    FAILED = "failed", pgettext_lazy("deal state", "Failed: no contract was signed")


class DealEvent(TextChoices):
    SIGN = "sign", pgettext_lazy("deal event", "Sign the contract")
    FAIL = "fail", pgettext_lazy("deal event", "Declare failed")
    DEFAULT = "default", pgettext_lazy("deal event", "Find the buyer in default")


DEAL = Machine(
    "deal",
    DealState.CONCLUDED,
    final={DealState.CONTRACTED, DealState.FAILED},
    moves=[
        Move(DealState.CONCLUDED, DealEvent.SIGN, DealState.CONTRACTED, by="parties"),
        Move(DealState.CONCLUDED, DealEvent.FAIL, DealState.FAILED, by="operator"),
        Move(DealState.CONCLUDED, DealEvent.DEFAULT, DealState.FAILED, by="clock"),
    ],
)


class NextOfferState(TextChoices):
    MADE = "made", pgettext_lazy("next offer state", "To be answered")
    ACCEPTED = "accepted", pgettext_lazy("next offer state", "Accepted, deposit awaited")
    TAKEN = "taken", pgettext_lazy("next offer state", "Deal concluded")
    DECLINED = "declined", pgettext_lazy("next offer state", "Declined")
    LAPSED = "lapsed", pgettext_lazy("next offer state", "Lapsed")


class NextOfferEvent(TextChoices):
    ACCEPT = "accept", pgettext_lazy("next offer event", "Accept; the deposit is asked for anew")
    ACCEPT_FREELY = "accept_freely", pgettext_lazy("next offer event", "Accept where no deposit is asked for")
    CONCLUDE = "conclude", pgettext_lazy("next offer event", "Conclude the deal: the deposit is there")
    DECLINE = "decline", pgettext_lazy("next offer event", "Decline")
    LAPSE = "lapse", pgettext_lazy("next offer event", "Lapse")


NEXT_OFFER = Machine(
    "next_offer",
    NextOfferState.MADE,
    final={NextOfferState.TAKEN, NextOfferState.DECLINED, NextOfferState.LAPSED},
    moves=[
        Move(NextOfferState.MADE, NextOfferEvent.ACCEPT, NextOfferState.ACCEPTED, by="buyer"),
        Move(NextOfferState.MADE, NextOfferEvent.ACCEPT_FREELY, NextOfferState.TAKEN, by="buyer"),
        Move(NextOfferState.MADE, NextOfferEvent.DECLINE, NextOfferState.DECLINED, by="buyer"),
        Move(NextOfferState.MADE, NextOfferEvent.LAPSE, NextOfferState.LAPSED, by="clock"),
        Move(NextOfferState.ACCEPTED, NextOfferEvent.CONCLUDE, NextOfferState.TAKEN, by="clock"),
        Move(NextOfferState.ACCEPTED, NextOfferEvent.LAPSE, NextOfferState.LAPSED, by="clock"),
    ],
)
# A failed deal has one of these.
OPEN_OFFER = (NextOfferState.MADE, NextOfferState.ACCEPTED)
