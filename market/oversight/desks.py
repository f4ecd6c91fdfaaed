"""What waits for officials who watch over the market."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from market.accounts.desks import Desk
from market.events.queries import stuck_readers, troubles
from market.values.actor import Actor, Role


def oversight_desks(actor: Actor) -> Iterable[Desk]:
    """What the worker could not do."""
    if actor.has(Role.SUPERVISOR, Role.ADMINISTRATOR):
        count = troubles().count() + stuck_readers().count()
        text = ngettext("%(count)d thing needs attention", "%(count)d things need attention", count) % {"count": count}
        yield Desk(_("Needs attention"), reverse("oversight:attention"), count, text)
