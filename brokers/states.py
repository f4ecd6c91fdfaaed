"""The life of a broker's standing, of an engagement, and of a commission."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class BrokerState(TextChoices):
    APPLIED = "applied", pgettext_lazy("broker state", "Verification applied for")
    VERIFIED = "verified", pgettext_lazy("broker state", "Verified")
    REJECTED = "rejected", pgettext_lazy("broker state", "Not verified")
    EXPIRED = "expired", pgettext_lazy("broker state", "Certificate expired")


class BrokerEvent(TextChoices):
    VERIFY = "verify", pgettext_lazy("broker event", "Verify")
    REJECT = "reject", pgettext_lazy("broker event", "Reject with a reason")
    EXPIRE = "expire", pgettext_lazy("broker event", "Expire")
    APPLY = "apply", pgettext_lazy("broker event", "Apply again")


B = BrokerState

BROKER = Machine(
    "broker",
    B.APPLIED,
    final=(),
    moves=[
        Move(B.APPLIED, BrokerEvent.VERIFY, B.VERIFIED, by="official"),
        Move(B.APPLIED, BrokerEvent.REJECT, B.REJECTED, by="official"),
        Move(B.VERIFIED, BrokerEvent.EXPIRE, B.EXPIRED, by="clock"),
        Move(B.REJECTED, BrokerEvent.APPLY, B.APPLIED, by="broker"),
        Move(B.EXPIRED, BrokerEvent.APPLY, B.APPLIED, by="broker"),
    ],
)


class EngagementState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("engagement state", "Proposed")
    ACTIVE = "active", pgettext_lazy("engagement state", "In force")
    DISPUTED = "disputed", pgettext_lazy("engagement state", "In dispute")
    DECLINED = "declined", pgettext_lazy("engagement state", "Declined")
    ENDED = "ended", pgettext_lazy("engagement state", "Ended")
    EXPIRED = "expired", pgettext_lazy("engagement state", "Term over")


class EngagementEvent(TextChoices):
    SIGN = "sign", pgettext_lazy("engagement event", "Sign")
    DECLINE = "decline", pgettext_lazy("engagement event", "Decline")
    COUNTER = "counter", pgettext_lazy("engagement event", "Propose other terms")
    END = "end", pgettext_lazy("engagement event", "End")
    EXPIRE = "expire", pgettext_lazy("engagement event", "Expire")
    CONSENT = "consent", pgettext_lazy("engagement event", "Consent to the broker acting for both sides")
    DISPUTE = "dispute", pgettext_lazy("engagement event", "Dispute")
    WITHDRAW = "withdraw", pgettext_lazy("engagement event", "Withdraw the dispute")
    KEEP = "keep", pgettext_lazy("engagement event", "Decide that the mandate stands")
    DISSOLVE = "dissolve", pgettext_lazy("engagement event", "Decide that the mandate ends")


E = EngagementState

# A dispute stops what is paid, not the mandate.
IN_FORCE = (E.ACTIVE, E.DISPUTED)

ENGAGEMENT = Machine(
    "engagement",
    E.PROPOSED,
    final={E.DECLINED, E.ENDED, E.EXPIRED},
    moves=[
        # Whoever proposes has signed with it; the other side signs or declines.
        Move(E.PROPOSED, EngagementEvent.SIGN, E.ACTIVE, by="other_side"),
        Move(E.PROPOSED, EngagementEvent.DECLINE, E.DECLINED, by="either_side"),
        # Other terms are a proposal of their own: the sides change places.
        Move(E.PROPOSED, EngagementEvent.COUNTER, E.PROPOSED, by="other_side"),
        # The other side wants the same broker: that needs this side's consent too.
        Move(E.ACTIVE, EngagementEvent.CONSENT, E.ACTIVE, by="principal"),
        Move(E.ACTIVE, EngagementEvent.END, E.ENDED, by="either_side"),
        Move(E.ACTIVE, EngagementEvent.EXPIRE, E.EXPIRED, by="clock"),
        Move(E.PROPOSED, EngagementEvent.EXPIRE, E.EXPIRED, by="clock"),
        # What was earned is not paid while the mandate is in dispute, and its term does not run out.
        Move(E.ACTIVE, EngagementEvent.DISPUTE, E.DISPUTED, by="either_side"),
        Move(E.DISPUTED, EngagementEvent.WITHDRAW, E.ACTIVE, by="disputing_side"),
        Move(E.DISPUTED, EngagementEvent.KEEP, E.ACTIVE, by="official"),
        Move(E.DISPUTED, EngagementEvent.DISSOLVE, E.ENDED, by="official"),
    ],
)


class IntroductionState(TextChoices):
    STATED = "stated", pgettext_lazy("introduction state", "Stated by the broker")
    HALF_CONFIRMED = "half_confirmed", pgettext_lazy("introduction state", "Confirmed by one side")
    CONFIRMED = "confirmed", pgettext_lazy("introduction state", "Confirmed")
    OBJECTED = "objected", pgettext_lazy("introduction state", "Objected to")
    VOID = "void", pgettext_lazy("introduction state", "Does not count")


class IntroductionEvent(TextChoices):
    CONFIRM = "confirm", pgettext_lazy("introduction event", "Confirm")
    OBJECT = "object", pgettext_lazy("introduction event", "Object")
    DISMISS = "dismiss", pgettext_lazy("introduction event", "Decide that it counts")
    UPHOLD = "uphold", pgettext_lazy("introduction event", "Decide that it does not count")


N = IntroductionState

INTRODUCTION = Machine(
    "introduction",
    N.STATED,
    final={N.CONFIRMED, N.VOID},
    moves=[
        Move(N.STATED, IntroductionEvent.CONFIRM, N.HALF_CONFIRMED, by="introduced_side"),
        Move(N.HALF_CONFIRMED, IntroductionEvent.CONFIRM, N.CONFIRMED, by="side_not_heard"),
        Move(N.STATED, IntroductionEvent.OBJECT, N.OBJECTED, by="introduced_side"),
        Move(N.HALF_CONFIRMED, IntroductionEvent.OBJECT, N.OBJECTED, by="side_not_heard"),
        Move(N.OBJECTED, IntroductionEvent.DISMISS, N.CONFIRMED, by="official"),
        Move(N.OBJECTED, IntroductionEvent.UPHOLD, N.VOID, by="official"),
    ],
)


class CommissionState(TextChoices):
    CREDITED = "credited", pgettext_lazy("commission state", "Credited")
    REVERSED = "reversed", pgettext_lazy("commission state", "Reversed")


class CommissionEvent(TextChoices):
    REVERSE = "reverse", pgettext_lazy("commission event", "Reverse")


COMMISSION = Machine(
    "commission",
    CommissionState.CREDITED,
    final={CommissionState.REVERSED},
    moves=[Move(CommissionState.CREDITED, CommissionEvent.REVERSE, CommissionState.REVERSED, by="clock")],
)
