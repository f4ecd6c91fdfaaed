"""What auctions ask of the one who opens the workbench: their bids, and their keys."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from listings.auctions.permissions import visible_signals
from listings.auctions.queries.waiting import auctions_to_bid_in, keys_to_make_or_bring, listings_to_announce
from market.accounts.desks import Desk
from market.values.actor import Actor, Role


def auction_desks(actor: Actor) -> Iterable[Desk]:
    """One desk for bidders, sellers and the officials who keep keys, and one for the signals that a supervisor has to look at."""
    if not actor.has(Role.OWNER, Role.AGENT, Role.REGISTRAR, Role.SUPERVISOR):
        return
    bids, keys = auctions_to_bid_in(actor).count(), keys_to_make_or_bring(actor).count()
    plans = listings_to_announce(actor).count()
    texts = [
        ngettext("%(n)s auction to announce", "%(n)s auctions to announce", plans) % {"n": plans} if plans else "",
        ngettext("%(n)s auction to bid in", "%(n)s auctions to bid in", bids) % {"n": bids} if bids else "",
        ngettext("%(n)s key to make or bring", "%(n)s keys to make or bring", keys) % {"n": keys} if keys else "",
    ]
    yield Desk(_("Online bidding"), reverse("auctions:auctions"), plans + bids + keys, " · ".join(filter(None, texts)))
    if actor.has(Role.SUPERVISOR):
        signals = visible_signals(actor).filter(concluded_at=None).count()
        text = ngettext("%(n)s signal to be looked at", "%(n)s signals to be looked at", signals) % {"n": signals}
        yield Desk(_("Supervision signals"), reverse("auctions:signals"), signals, text)
