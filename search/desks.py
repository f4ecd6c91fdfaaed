"""The places of work that search adds to the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from market.accounts.desks import Desk
from market.values.actor import Actor, Role


def match_desks(actor: Actor) -> Iterable[Desk]:
    """What fits one's own demands and offers, or for a broker those of the whole market."""
    if actor.has(Role.OWNER, Role.AGENT):
        yield Desk(_("Matches"), reverse("search:matches"))
