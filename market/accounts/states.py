"""The life of an organisation on the market: it applies with evidence, an official verifies it or returns it."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class OrganisationState(TextChoices):
    UNVERIFIED = "unverified", pgettext_lazy("organisation state", "Not verified")
    SUBMITTED = "submitted", pgettext_lazy("organisation state", "Verification applied for")
    VERIFIED = "verified", pgettext_lazy("organisation state", "Verified")
    RETURNED = "returned", pgettext_lazy("organisation state", "Returned for correction")
    SUSPENDED = "suspended", pgettext_lazy("organisation state", "Suspended")


class OrganisationEvent(TextChoices):
    SUBMIT = "submit", pgettext_lazy("organisation event", "Apply for verification")
    VERIFY = "verify", pgettext_lazy("organisation event", "Verify")
    RETURN = "return", pgettext_lazy("organisation event", "Return with a reason")
    SUSPEND = "suspend", pgettext_lazy("organisation event", "Suspend")
    REINSTATE = "reinstate", pgettext_lazy("organisation event", "Reinstate")


S, E = OrganisationState, OrganisationEvent

ORGANISATION = Machine(
    "organisation",
    S.UNVERIFIED,
    final=(),
    moves=[
        Move(S.UNVERIFIED, E.SUBMIT, S.SUBMITTED, by="owner"),
        Move(S.RETURNED, E.SUBMIT, S.SUBMITTED, by="owner"),
        Move(S.SUBMITTED, E.VERIFY, S.VERIFIED, by="administrator"),
        Move(S.SUBMITTED, E.RETURN, S.RETURNED, by="administrator"),
        Move(S.VERIFIED, E.SUSPEND, S.SUSPENDED, by="administrator"),
        Move(S.SUSPENDED, E.REINSTATE, S.VERIFIED, by="administrator"),
    ],
)
