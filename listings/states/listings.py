"""The life of a listing, of an objection against its notice, and of a buyer's intent."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class ListingState(TextChoices):
    DRAFT = "draft", pgettext_lazy("listing state", "Draft")
    ON_NOTICE = "on_notice", pgettext_lazy("listing state", "On notice")
    SUSPENDED = "suspended", pgettext_lazy("listing state", "Suspended by an objection")
    BIDDING = "bidding", pgettext_lazy("listing state", "Competitive bidding")
    CONCLUDED = "concluded", pgettext_lazy("listing state", "Deal concluded")
    LAPSED = "lapsed", pgettext_lazy("listing state", "Ended without a deal")
    WITHDRAWN = "withdrawn", pgettext_lazy("listing state", "Withdrawn")
    TERMINATED = "terminated", pgettext_lazy("listing state", "Terminated")
    DISCARDED = "discarded", pgettext_lazy("listing state", "Discarded")


class ListingEvent(TextChoices):
    PUBLISH = "publish", pgettext_lazy("listing event", "Publish the notice")
    DISCARD = "discard", pgettext_lazy("listing event", "Discard the draft")
    CHANGE_PRICE = "change_price", pgettext_lazy("listing event", "Lower the price and begin a new notice")
    OBJECT = "object", pgettext_lazy("listing event", "Suspend after an objection")
    RELEASE = "release", pgettext_lazy("listing event", "Go on after the answer")
    TERMINATE = "terminate", pgettext_lazy("listing event", "Terminate")
    WITHDRAW = "withdraw", pgettext_lazy("listing event", "Withdraw")
    EXTEND = "extend", pgettext_lazy("listing event", "Extend the notice")
    OPEN_BIDDING = "open_bidding", pgettext_lazy("listing event", "Open competitive bidding")
    CONCLUDE = "conclude", pgettext_lazy("listing event", "Conclude the deal")
    LAPSE = "lapse", pgettext_lazy("listing event", "End without a deal")


S, E = ListingState, ListingEvent

LISTING = Machine(
    "listing",
    S.DRAFT,
    final={S.CONCLUDED, S.LAPSED, S.WITHDRAWN, S.TERMINATED, S.DISCARDED},
    moves=[
        Move(S.DRAFT, E.PUBLISH, S.ON_NOTICE, by="owner"),
        Move(S.DRAFT, E.DISCARD, S.DISCARDED, by="owner"),
        Move(S.ON_NOTICE, E.CHANGE_PRICE, S.ON_NOTICE, by="owner"),
        Move(S.ON_NOTICE, E.OBJECT, S.SUSPENDED, by="anyone"),
        Move(S.SUSPENDED, E.OBJECT, S.SUSPENDED, by="anyone"),
        Move(S.SUSPENDED, E.RELEASE, S.ON_NOTICE, by="operator"),
        Move(S.SUSPENDED, E.TERMINATE, S.TERMINATED, by="operator"),
        # The achievement's registration was revoked: nothing may be dealt on it any more.
        Move(S.ON_NOTICE, E.TERMINATE, S.TERMINATED, by="registrar"),
        Move(S.BIDDING, E.TERMINATE, S.TERMINATED, by="registrar"),
        Move(S.ON_NOTICE, E.WITHDRAW, S.WITHDRAWN, by="owner"),
        Move(S.SUSPENDED, E.WITHDRAW, S.WITHDRAWN, by="owner"),
        Move(S.ON_NOTICE, E.EXTEND, S.ON_NOTICE, by="clock"),
        Move(S.ON_NOTICE, E.OPEN_BIDDING, S.BIDDING, by="clock"),
        Move(S.ON_NOTICE, E.CONCLUDE, S.CONCLUDED, by="clock"),
        Move(S.ON_NOTICE, E.LAPSE, S.LAPSED, by="clock"),
        Move(S.BIDDING, E.CONCLUDE, S.CONCLUDED, by="clock"),
        Move(S.BIDDING, E.LAPSE, S.LAPSED, by="clock"),
    ],
)

# The states in which a listing binds its achievement: no second listing may run beside it.
RUNNING = (S.ON_NOTICE, S.SUSPENDED, S.BIDDING)
# What everybody may see.
PUBLIC = (S.ON_NOTICE, S.SUSPENDED, S.BIDDING, S.CONCLUDED, S.LAPSED, S.WITHDRAWN, S.TERMINATED)


class ObjectionState(TextChoices):
    RAISED = "raised", pgettext_lazy("objection state", "Raised")
    DISMISSED = "dismissed", pgettext_lazy("objection state", "Answered and dismissed")
    UPHELD = "upheld", pgettext_lazy("objection state", "Upheld")
    WITHDRAWN = "withdrawn", pgettext_lazy("objection state", "Withdrawn")


class ObjectionEvent(TextChoices):
    DISMISS = "dismiss", pgettext_lazy("objection event", "Answer and dismiss")
    UPHOLD = "uphold", pgettext_lazy("objection event", "Uphold")
    WITHDRAW = "withdraw", pgettext_lazy("objection event", "Withdraw the objection")


OBJECTION = Machine(
    "objection",
    ObjectionState.RAISED,
    final={ObjectionState.DISMISSED, ObjectionState.UPHELD, ObjectionState.WITHDRAWN},
    moves=[
        Move(ObjectionState.RAISED, ObjectionEvent.DISMISS, ObjectionState.DISMISSED, by="operator"),
        Move(ObjectionState.RAISED, ObjectionEvent.UPHOLD, ObjectionState.UPHELD, by="operator"),
        Move(ObjectionState.RAISED, ObjectionEvent.WITHDRAW, ObjectionState.WITHDRAWN, by="objector"),
    ],
)


class IntentState(TextChoices):
    REGISTERED = "registered", pgettext_lazy("intent state", "Registered")
    QUALIFIED = "qualified", pgettext_lazy("intent state", "Qualified")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("intent state", "To be confirmed anew")
    REJECTED = "rejected", pgettext_lazy("intent state", "Not qualified")
    WITHDRAWN = "withdrawn", pgettext_lazy("intent state", "Withdrawn")
    WON = "won", pgettext_lazy("intent state", "Won")
    LOST = "lost", pgettext_lazy("intent state", "Not chosen")
    FAILED = "failed", pgettext_lazy("intent state", "Won, but the deal failed")


class IntentEvent(TextChoices):
    QUALIFY = "qualify", pgettext_lazy("intent event", "Qualify")
    REJECT = "reject", pgettext_lazy("intent event", "Reject with a reason")
    VOID = "void", pgettext_lazy("intent event", "Void it because the listing was changed")
    CONFIRM = "confirm", pgettext_lazy("intent event", "Confirm it; the seller still has to examine it")
    CONFIRM_QUALIFIED = "confirm_qualified", pgettext_lazy("intent event", "Confirm it; the qualification stands")
    WITHDRAW = "withdraw", pgettext_lazy("intent event", "Withdraw the intent")
    WIN = "win", pgettext_lazy("intent event", "Win the deal")
    LOSE = "lose", pgettext_lazy("intent event", "End without the deal")
    FAIL = "fail", pgettext_lazy("intent event", "End with the failed deal")
    SUCCEED = "succeed", pgettext_lazy("intent event", "Take the place of a winner in default")


INTENT = Machine(
    "intent",
    IntentState.REGISTERED,
    final={IntentState.REJECTED, IntentState.WITHDRAWN, IntentState.FAILED},
    moves=[
        Move(IntentState.REGISTERED, IntentEvent.QUALIFY, IntentState.QUALIFIED, by="seller"),
        Move(IntentState.REGISTERED, IntentEvent.REJECT, IntentState.REJECTED, by="seller"),
        Move(IntentState.REGISTERED, IntentEvent.WITHDRAW, IntentState.WITHDRAWN, by="buyer"),
        Move(IntentState.QUALIFIED, IntentEvent.WITHDRAW, IntentState.WITHDRAWN, by="buyer"),
        # The listing is another one now: nobody is held to an intent for what it was.
        Move(IntentState.REGISTERED, IntentEvent.VOID, IntentState.UNCONFIRMED, by="seller"),
        Move(IntentState.QUALIFIED, IntentEvent.VOID, IntentState.UNCONFIRMED, by="seller"),
        Move(IntentState.UNCONFIRMED, IntentEvent.VOID, IntentState.UNCONFIRMED, by="seller"),
        Move(IntentState.UNCONFIRMED, IntentEvent.CONFIRM, IntentState.REGISTERED, by="buyer"),
        Move(IntentState.UNCONFIRMED, IntentEvent.CONFIRM_QUALIFIED, IntentState.QUALIFIED, by="buyer"),
        Move(IntentState.UNCONFIRMED, IntentEvent.WITHDRAW, IntentState.WITHDRAWN, by="buyer"),
        Move(IntentState.UNCONFIRMED, IntentEvent.LOSE, IntentState.LOST, by="clock"),
        Move(IntentState.REGISTERED, IntentEvent.LOSE, IntentState.LOST, by="clock"),
        Move(IntentState.QUALIFIED, IntentEvent.LOSE, IntentState.LOST, by="clock"),
        Move(IntentState.QUALIFIED, IntentEvent.WIN, IntentState.WON, by="clock"),
        # The deal failed: its intent makes room for another winner.
        Move(IntentState.WON, IntentEvent.FAIL, IntentState.FAILED, by="clock"),
        Move(IntentState.LOST, IntentEvent.SUCCEED, IntentState.WON, by="clock"),
    ],
)
# One organisation has one of these per listing.
OPEN_INTENT = (IntentState.REGISTERED, IntentState.QUALIFIED, IntentState.UNCONFIRMED)
