"""Which achievements are there?"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from listings.models.achievements import Achievement, Patent
from listings.states.achievements import AchievementState
from market.accounts.models import Organisation
from market.values.actor import Actor


def achievements_of(actor: Actor, *, state: str = "") -> QuerySet[Achievement]:
    """The achievements of the organisation one acts for: those in this state, else all but the discarded ones."""
    own = Achievement.objects.filter(organisation=actor.organisation)
    return own.filter(state=state) if state else own.exclude(state=AchievementState.DISCARDED)


def achievements_to_examine() -> QuerySet[Achievement]:
    """Those that wait for a registrar, longest first."""
    waiting = Achievement.objects.filter(state=AchievementState.SUBMITTED)
    return waiting.select_related("organisation").order_by("submitted_at")


def registered_twins(achievement: Achievement) -> QuerySet[Achievement]:
    """Registered achievements that share a patent with this one, or the title within the organisation."""
    own_cores = achievement.patents.values("core")
    shares_patent = Exists(Patent.objects.filter(achievement=OuterRef("pk"), core__in=own_cores))
    same_title = Q(organisation_id=achievement.organisation_id, title=achievement.title)
    registered = Achievement.objects.filter(state=AchievementState.REGISTERED).exclude(pk=achievement.pk)
    return registered.filter(shares_patent | same_title)


def titles_of(organisation: Organisation) -> frozenset[str]:
    """The titles of what the organisation has entered and not discarded."""
    entered = Achievement.objects.filter(organisation=organisation).exclude(state=AchievementState.DISCARDED)
    return frozenset(entered.values_list("title", flat=True))
