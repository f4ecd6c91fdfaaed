"""What may happen next to a demand, and to a proposal that answers it?"""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class DemandState(TextChoices):
    DRAFT = "draft", pgettext_lazy("demand state", "Draft")
    OPEN = "open", pgettext_lazy("demand state", "Open")
    SELECTION = "selection", pgettext_lazy("demand state", "Choosing among the proposals")
    AWARDED = "awarded", pgettext_lazy("demand state", "Awarded, contract to be signed")
    CONTRACTED = "contracted", pgettext_lazy("demand state", "Contract signed")
    CLOSED = "closed", pgettext_lazy("demand state", "Closed")
    EXPIRED = "expired", pgettext_lazy("demand state", "Expired")


class DemandEvent(TextChoices):
    PUBLISH = "publish", pgettext_lazy("demand event", "Publish")
    CHANGE = "change", pgettext_lazy("demand event", "Change; once published, as a new version")
    CLOSE = "close", pgettext_lazy("demand event", "Close")
    SELECT = "select", pgettext_lazy("demand event", "Stop taking proposals")
    EXPIRE = "expire", pgettext_lazy("demand event", "Expire")
    AWARD = "award", pgettext_lazy("demand event", "Award")
    SIGN = "sign", pgettext_lazy("demand event", "Sign the contract")
    FAIL = "fail", pgettext_lazy("demand event", "Choose again after the failed deal")


D, E = DemandState, DemandEvent

DEMAND = Machine(
    "demand",
    D.DRAFT,
    final={D.CLOSED, D.EXPIRED, D.CONTRACTED},
    moves=[
        Move(D.DRAFT, E.CHANGE, D.DRAFT, by="owner"),
        Move(D.DRAFT, E.PUBLISH, D.OPEN, by="owner"),
        Move(D.DRAFT, E.CLOSE, D.CLOSED, by="owner"),
        Move(D.OPEN, E.CHANGE, D.OPEN, by="owner"),
        Move(D.OPEN, E.CLOSE, D.CLOSED, by="owner"),
        Move(D.OPEN, E.AWARD, D.AWARDED, by="owner"),
        Move(D.OPEN, E.SELECT, D.SELECTION, by="clock"),
        Move(D.OPEN, E.EXPIRE, D.EXPIRED, by="clock"),
        Move(D.SELECTION, E.CLOSE, D.CLOSED, by="owner"),
        Move(D.SELECTION, E.AWARD, D.AWARDED, by="owner"),
        Move(D.AWARDED, E.SIGN, D.CONTRACTED, by="clock"),
        Move(D.AWARDED, E.FAIL, D.SELECTION, by="clock"),
    ],
)


class ProposalState(TextChoices):
    DRAFT = "draft", pgettext_lazy("proposal state", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("proposal state", "Submitted")
    SHORTLISTED = "shortlisted", pgettext_lazy("proposal state", "Shortlisted")
    AWARDED = "awarded", pgettext_lazy("proposal state", "Awarded")
    NOT_CHOSEN = "not_chosen", pgettext_lazy("proposal state", "Not chosen")
    DECLINED = "declined", pgettext_lazy("proposal state", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal state", "Withdrawn")
    LAPSED = "lapsed", pgettext_lazy("proposal state", "Never submitted")
    FAILED = "failed", pgettext_lazy("proposal state", "Awarded, but the deal failed")


class ProposalEvent(TextChoices):
    SUBMIT = "submit", pgettext_lazy("proposal event", "Submit")
    REVISE = "revise", pgettext_lazy("proposal event", "Revise")
    WITHDRAW = "withdraw", pgettext_lazy("proposal event", "Withdraw")
    SHORTLIST = "shortlist", pgettext_lazy("proposal event", "Put on the shortlist")
    DECLINE = "decline", pgettext_lazy("proposal event", "Decline with a reason")
    AWARD = "award", pgettext_lazy("proposal event", "Award")
    LOSE = "lose", pgettext_lazy("proposal event", "End without the award")
    LAPSE = "lapse", pgettext_lazy("proposal event", "Lapse unsubmitted")
    FAIL = "fail", pgettext_lazy("proposal event", "End with the failed deal")


P, F = ProposalState, ProposalEvent

PROPOSAL = Machine(
    "proposal",
    P.DRAFT,
    final={P.DECLINED, P.WITHDRAWN, P.LAPSED, P.FAILED},
    moves=[
        Move(P.DRAFT, F.REVISE, P.DRAFT, by="proposer"),
        Move(P.DRAFT, F.SUBMIT, P.SUBMITTED, by="proposer"),
        Move(P.DRAFT, F.WITHDRAW, P.WITHDRAWN, by="proposer"),
        Move(P.DRAFT, F.LAPSE, P.LAPSED, by="clock"),
        Move(P.SUBMITTED, F.REVISE, P.SUBMITTED, by="proposer"),
        Move(P.SUBMITTED, F.WITHDRAW, P.WITHDRAWN, by="proposer"),
        Move(P.SUBMITTED, F.SHORTLIST, P.SHORTLISTED, by="seeker"),
        Move(P.SUBMITTED, F.DECLINE, P.DECLINED, by="seeker"),
        Move(P.SUBMITTED, F.LOSE, P.NOT_CHOSEN, by="clock"),
        Move(P.SHORTLISTED, F.REVISE, P.SHORTLISTED, by="proposer"),
        Move(P.SHORTLISTED, F.WITHDRAW, P.WITHDRAWN, by="proposer"),
        Move(P.SHORTLISTED, F.DECLINE, P.DECLINED, by="seeker"),
        Move(P.SHORTLISTED, F.AWARD, P.AWARDED, by="seeker"),
        Move(P.SHORTLISTED, F.LOSE, P.NOT_CHOSEN, by="clock"),
        # The deal with the one chosen first came to nothing.
        Move(P.NOT_CHOSEN, F.AWARD, P.AWARDED, by="seeker"),
        Move(P.AWARDED, F.FAIL, P.FAILED, by="clock"),
    ],
)
# One organisation has one of these per demand.
STANDING = (P.DRAFT, P.SUBMITTED, P.SHORTLISTED, P.AWARDED, P.NOT_CHOSEN)
# What the enterprise may choose among.
ANSWERING = (P.SUBMITTED, P.SHORTLISTED)
# What others than its team may read. What was taken back is not read any more.
HANDED_IN = tuple(it for it in P if it not in {P.DRAFT, P.LAPSED, P.WITHDRAWN})
