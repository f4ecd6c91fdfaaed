"""What deal rooms ask of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brokers.rooms.queries import own_invitations, own_tasks
from market.accounts.desks import Desk
from market.counts import counted
from market.values.actor import Actor, Role


def room_desks(actor: Actor) -> Iterable[Desk]:
    """The tasks to be done in all rooms, and the invitations that wait for an answer."""
    if not actor.has(Role.OWNER, Role.AGENT):
        return
    waiting = counted(tasks=own_tasks(actor), invitations=own_invitations(actor))
    tasks, invitations = waiting["tasks"], waiting["invitations"]
    texts = [
        ngettext("%(n)s task to do", "%(n)s tasks to do", tasks) % {"n": tasks} if tasks else "",
        ngettext("%(n)s invitation to answer", "%(n)s invitations to answer", invitations) % {"n": invitations}
        if invitations
        else "",
    ]
    yield Desk(_("Deal rooms"), reverse("rooms:my_rooms"), tasks + invitations, " · ".join(filter(None, texts)))
