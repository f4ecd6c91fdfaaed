"""What every page shows of who acts: the organisation, the roles there, and the others one could act for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from market.accounts.kinds import RoleChoices
from market.accounts.models import Organisation
from market.accounts.queries import standing_in
from market.values.actor import Actor


@dataclass(frozen=True, slots=True)
class Choice:
    """An organisation one may act for."""

    key: str
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Acting:
    """For whom the person signed in acts, and for whom else they could."""

    actor: Actor
    organisation: Organisation | None
    organisation_name: str
    role_labels: tuple[str, ...]
    choices: tuple[Choice, ...]


def acting(request: HttpRequest) -> dict[str, Any]:
    """`acting` and `is_demonstration` for templates."""
    always: dict[str, Any] = {"is_demonstration": settings.DEMONSTRATION}
    user = getattr(request, "user", None)
    actor = getattr(request, "actor", None)
    if user is None or actor is None or not user.is_authenticated:
        return always
    organisations = [belonging.organisation for belonging in standing_in(request, user).belongings]
    current = next((entry for entry in organisations if entry.pk == actor.organisation), None)
    return always | {
        "acting": Acting(
            actor=actor,
            organisation=current,
            organisation_name=current.name if current else "",
            role_labels=tuple(str(RoleChoices(role.value).label) for role in sorted(actor.roles)),
            choices=tuple(Choice(o.key, o.name, o.pk == actor.organisation) for o in organisations),
        )
    }
