"""The life of an auction, from its announcement to its result."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class AuctionState(TextChoices):
    PLANNED = "planned", pgettext_lazy("auction state", "Announced")
    OPEN = "open", pgettext_lazy("auction state", "Open for bids")
    PAUSED = "paused", pgettext_lazy("auction state", "Paused")
    UNOPENED = "unopened", pgettext_lazy("auction state", "Sealed bids await their opening")
    MATCHING = "matching", pgettext_lazy("auction state", "Pre-emptive right open")
    CLOSED = "closed", pgettext_lazy("auction state", "Closed")
    ANNULLED = "annulled", pgettext_lazy("auction state", "Annulled")


class AuctionEvent(TextChoices):
    OPEN = "open", pgettext_lazy("auction event", "Open")
    PAUSE = "pause", pgettext_lazy("auction event", "Pause with a reason")
    LOSE_BIDDERS = "lose_bidders", pgettext_lazy("auction event", "Pause by itself: bidders lost their connection")
    RESUME = "resume", pgettext_lazy("auction event", "Resume with a full last cycle")
    SEAL = "seal", pgettext_lazy("auction event", "End the sealed bidding")
    REPEAT = "repeat", pgettext_lazy("auction event", "Begin one more sealed round among the tied")
    TOP = "top", pgettext_lazy("auction event", "Let the holder top the best bid")
    AWAIT_MATCH = "await_match", pgettext_lazy("auction event", "Wait for the holder of the pre-emptive right")
    CLOSE = "close", pgettext_lazy("auction event", "Close")
    ANNUL = "annul", pgettext_lazy("auction event", "Annul with a reason")


S, E = AuctionState, AuctionEvent

AUCTION = Machine(
    "auction",
    S.PLANNED,
    final={S.CLOSED, S.ANNULLED},
    moves=[
        Move(S.PLANNED, E.OPEN, S.OPEN, by="clock"),
        Move(S.PLANNED, E.ANNUL, S.ANNULLED, by="supervisor"),
        Move(S.OPEN, E.PAUSE, S.PAUSED, by="supervisor"),
        Move(S.OPEN, E.LOSE_BIDDERS, S.PAUSED, by="clock"),
        Move(S.OPEN, E.CLOSE, S.CLOSED, by="clock"),
        Move(S.OPEN, E.ANNUL, S.ANNULLED, by="supervisor"),
        Move(S.OPEN, E.SEAL, S.UNOPENED, by="clock"),
        Move(S.OPEN, E.AWAIT_MATCH, S.MATCHING, by="clock"),
        Move(S.UNOPENED, E.REPEAT, S.OPEN, by="holder"),
        Move(S.UNOPENED, E.TOP, S.OPEN, by="holder"),
        Move(S.UNOPENED, E.AWAIT_MATCH, S.MATCHING, by="holder"),
        Move(S.UNOPENED, E.CLOSE, S.CLOSED, by="holder"),
        Move(S.UNOPENED, E.ANNUL, S.ANNULLED, by="supervisor"),
        Move(S.MATCHING, E.CLOSE, S.CLOSED, by="clock"),
        Move(S.MATCHING, E.ANNUL, S.ANNULLED, by="supervisor"),
        Move(S.PAUSED, E.RESUME, S.OPEN, by="supervisor"),
        Move(S.PAUSED, E.ANNUL, S.ANNULLED, by="supervisor"),
    ],
)
# The result is still open.
RUNNING = (S.PLANNED, S.OPEN, S.PAUSED, S.UNOPENED, S.MATCHING)
# One listing has one of these: only one that was annulled makes room for another.
STANDING = (*RUNNING, S.CLOSED)
