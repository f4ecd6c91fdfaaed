"""The life of an achievement in the register.

Source: 科技成果登记办法 (国科发计字〔2000〕542号) (high).
"""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class AchievementState(TextChoices):
    DRAFT = "draft", pgettext_lazy("achievement state", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("achievement state", "Under examination")
    RETURNED = "returned", pgettext_lazy("achievement state", "Returned for correction")
    REGISTERED = "registered", pgettext_lazy("achievement state", "Registered")
    REVOKED = "revoked", pgettext_lazy("achievement state", "Registration revoked")
    DISCARDED = "discarded", pgettext_lazy("achievement state", "Discarded")


class AchievementEvent(TextChoices):
    SUBMIT = "submit", pgettext_lazy("achievement event", "Submit for registration")
    REGISTER = "register", pgettext_lazy("achievement event", "Register")
    RETURN = "return", pgettext_lazy("achievement event", "Return with a reason")
    REVOKE = "revoke", pgettext_lazy("achievement event", "Revoke the registration")
    DISCARD = "discard", pgettext_lazy("achievement event", "Discard the draft")


S, E = AchievementState, AchievementEvent

ACHIEVEMENT = Machine(
    "achievement",
    S.DRAFT,
    final={S.REVOKED, S.DISCARDED},
    moves=[
        Move(S.DRAFT, E.SUBMIT, S.SUBMITTED, by="owner"),
        Move(S.RETURNED, E.SUBMIT, S.SUBMITTED, by="owner"),
        Move(S.DRAFT, E.DISCARD, S.DISCARDED, by="owner"),
        Move(S.RETURNED, E.DISCARD, S.DISCARDED, by="owner"),
        Move(S.SUBMITTED, E.REGISTER, S.REGISTERED, by="registrar"),
        Move(S.SUBMITTED, E.RETURN, S.RETURNED, by="registrar"),
        Move(S.REGISTERED, E.REVOKE, S.REVOKED, by="registrar"),
    ],
)
