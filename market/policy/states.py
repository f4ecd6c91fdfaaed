"""The life of a policy row: one official proposes it, another one approves or rejects it."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class PolicyRowState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("policy row state", "Proposed")
    APPROVED = "approved", pgettext_lazy("policy row state", "Approved")
    REJECTED = "rejected", pgettext_lazy("policy row state", "Rejected")


class PolicyRowEvent(TextChoices):
    APPROVE = "approve", pgettext_lazy("policy row event", "Approve")
    REJECT = "reject", pgettext_lazy("policy row event", "Reject")


POLICY_ROW = Machine(
    "policy_row",
    PolicyRowState.PROPOSED,
    final={PolicyRowState.APPROVED, PolicyRowState.REJECTED},
    moves=[
        Move(PolicyRowState.PROPOSED, PolicyRowEvent.APPROVE, PolicyRowState.APPROVED, by="second_official"),
        Move(PolicyRowState.PROPOSED, PolicyRowEvent.REJECT, PolicyRowState.REJECTED, by="second_official"),
    ],
)
