"""What relief asks of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.relief.permissions import is_claimant, visible_claims
from contracts.relief.queries import contracts_without_claims
from contracts.relief.states import ClaimState
from market.accounts.desks import Desk
from market.values.actor import Actor, Role


def relief_desks(actor: Actor) -> Iterable[Desk]:
    """What is to be filed by the taxpayer, and to be decided or recovered by officials."""
    claims = visible_claims(actor).order_by()
    if actor.has(Role.SUPERVISOR):
        count = claims.filter(state__in=[ClaimState.FILED, ClaimState.RECOVERY]).count()
        text = ngettext("%(n)s relief to decide or recover", "%(n)s reliefs to decide or recover", count) % {"n": count}
    elif is_claimant(actor):
        count = claims.filter(state=ClaimState.ENTITLED).count() + contracts_without_claims(actor).count()
        text = ngettext("%(n)s relief to claim or file", "%(n)s reliefs to claim or file", count) % {"n": count}
    else:
        return
    yield Desk(_("Tax relief"), reverse("relief:claims"), count, text)
