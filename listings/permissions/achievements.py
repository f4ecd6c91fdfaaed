"""Who sees an achievement: its organisation and officials; the registered ones everybody."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from listings.models.achievements import Achievement
from listings.states.achievements import AchievementState
from market.accounts.permissions import acts_for, require_official, require_role
from market.documents.models import Document
from market.values.actor import Actor, Role


def visible_achievements(actor: Actor) -> QuerySet[Achievement]:
    """Everybody's registered ones, one's own, and for officials all that were ever submitted."""
    seen = Q(state=AchievementState.REGISTERED)
    if actor.organisation is not None:
        seen |= Q(organisation_id=actor.organisation)
    if actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        seen |= ~Q(state__in=[AchievementState.DRAFT, AchievementState.DISCARDED])
    return Achievement.objects.filter(seen).select_related("organisation")


def achievement_for(actor: Actor, key: str) -> Achievement:
    """The door: this achievement, or 404."""
    achievement = visible_achievements(actor).filter(key=key).first()
    if achievement is None:
        raise Http404
    return achievement


def may_edit(actor: Actor, achievement: Achievement) -> bool:
    """True for whoever acts for its organisation as owner or agent."""
    return acts_for(actor, achievement.organisation_id, Role.OWNER, Role.AGENT)


def require_mover(actor: Actor, achievement: Achievement, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    if by == "owner":
        require_role(actor, achievement.organisation_id, Role.OWNER, Role.AGENT)
    else:
        require_official(actor, Role.REGISTRAR)


def may_read_evidence(actor: Actor, document: Document) -> bool:
    """An achievement's documents are read by its organisation and by registrars and supervisors."""
    held = Achievement.objects.filter(documents=document)
    if actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        return held.exclude(state=AchievementState.DRAFT).exists()
    return actor.organisation is not None and held.filter(organisation_id=actor.organisation).exists()
