"""The life of a lead: moved by hand until the market knows better."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class LeadState(TextChoices):
    FOUND = "found", pgettext_lazy("lead state", "Leads")
    TALKS = "talks", pgettext_lazy("lead state", "Talks")
    TERMS = "terms", pgettext_lazy("lead state", "Terms")
    CONTRACT = "contract", pgettext_lazy("lead state", "Contract")
    CLOSED = "closed", pgettext_lazy("lead state", "Closed")
    DROPPED = "dropped", pgettext_lazy("lead state", "Dropped")


class LeadEvent(TextChoices):
    FORWARD = "forward", pgettext_lazy("lead event", "One step on")
    BACK = "back", pgettext_lazy("lead event", "One step back")
    DROP = "drop", pgettext_lazy("lead event", "Drop")
    TAKE_UP = "take_up", pgettext_lazy("lead event", "Take up again")
    MEET = "meet", pgettext_lazy("lead event", "The introduction is confirmed")
    INTEND = "intend", pgettext_lazy("lead event", "An intent is registered")
    DEAL = "deal", pgettext_lazy("lead event", "A deal is concluded")
    SIGN = "sign", pgettext_lazy("lead event", "The contract is signed")
    FAIL = "fail", pgettext_lazy("lead event", "The deal failed")
    SETTLE = "settle", pgettext_lazy("lead event", "The settlement has ended")


S, E = LeadState, LeadEvent

# What a broker does by hand; the rest follows from what happens on the market.
BY_HAND = (E.FORWARD, E.BACK, E.DROP, E.TAKE_UP)

LEAD = Machine(
    "lead",
    S.FOUND,
    final={S.CLOSED},
    moves=[
        Move(S.FOUND, E.FORWARD, S.TALKS, by="broker"),
        Move(S.TALKS, E.FORWARD, S.TERMS, by="broker"),
        Move(S.TERMS, E.BACK, S.TALKS, by="broker"),
        Move(S.TALKS, E.BACK, S.FOUND, by="broker"),
        Move(S.FOUND, E.DROP, S.DROPPED, by="broker"),
        Move(S.TALKS, E.DROP, S.DROPPED, by="broker"),
        Move(S.TERMS, E.DROP, S.DROPPED, by="broker"),
        Move(S.DROPPED, E.TAKE_UP, S.FOUND, by="broker"),
        Move(S.FOUND, E.MEET, S.TALKS, by="clock"),
        Move(S.FOUND, E.INTEND, S.TERMS, by="clock"),
        Move(S.TALKS, E.INTEND, S.TERMS, by="clock"),
        Move(S.FOUND, E.DEAL, S.CONTRACT, by="clock"),
        Move(S.TALKS, E.DEAL, S.CONTRACT, by="clock"),
        Move(S.TERMS, E.DEAL, S.CONTRACT, by="clock"),
        Move(S.CONTRACT, E.SIGN, S.CONTRACT, by="clock"),
        # The listing may still be dealt in: with another buyer, or the same one later.
        Move(S.CONTRACT, E.FAIL, S.TERMS, by="clock"),
        Move(S.CONTRACT, E.SETTLE, S.CLOSED, by="clock"),
    ],
)
