"""What credit asks of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brokers.credit.permissions import is_credit_official
from brokers.credit.queries.records import open_appeals, open_repairs
from market.accounts.desks import Desk
from market.values.actor import Actor, Role


def credit_desks(actor: Actor) -> Iterable[Desk]:
    """For officials the appeals and repairs to decide; for all others their own credit, and what there is to review."""
    if is_credit_official(actor):
        count = open_appeals().count() + open_repairs().count()
        text = ngettext("%(n)s appeal or repair to decide", "%(n)s appeals and repairs to decide", count) % {"n": count}
        yield Desk(_("Credit: appeals and repair"), reverse("credit:credit_desk"), count, text)
    elif actor.has(Role.OWNER, Role.AGENT) and not actor.is_official:
        # What there is to review is counted on the page itself: the workbench asks as much as it may.
        yield Desk(_("Credit and reviews"), reverse("credit:my_credit"))
