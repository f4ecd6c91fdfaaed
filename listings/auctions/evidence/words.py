"""What the codes in a package are called, for those who read it on a page."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from listings.auctions.kinds import BidKind
from listings.auctions.refusals import SENTENCES
from listings.auctions.rules.offers import told_later
from market.refusals import sentence

_EVENTS = {
    "auction.announced": pgettext_lazy("auction course", "Announced"),
    "auction.key_made": pgettext_lazy("auction course", "Key made"),
    "auction.key_kept": pgettext_lazy("auction course", "Key kept"),
    "auction.keys_ready": pgettext_lazy("auction course", "All keys kept"),
    "auction.opened": pgettext_lazy("auction course", "Opened"),
    "auction.paused": pgettext_lazy("auction course", "Paused"),
    "auction.paused_itself": pgettext_lazy("auction course", "Paused itself"),
    "auction.resumed": pgettext_lazy("auction course", "Resumed"),
    "auction.order_given": pgettext_lazy("auction course", "Order given"),
    "auction.order_taken_back": pgettext_lazy("auction course", "Order taken back"),
    "auction.clock_stopped": pgettext_lazy("auction course", "Clock stopped"),
    "auction.sealed": pgettext_lazy("auction course", "Sealed bidding over"),
    "auction.key_brought": pgettext_lazy("auction course", "Key brought"),
    "auction.bids_opened": pgettext_lazy("auction course", "Sealed bids opened"),
    "auction.tied": pgettext_lazy("auction course", "Tied: one more round"),
    "auction.topping_opened": pgettext_lazy("auction course", "Topping opened"),
    "auction.match_opened": pgettext_lazy("auction course", "Pre-emptive right opened"),
    "auction.closed": pgettext_lazy("auction course", "Closed"),
    "auction.annulled": pgettext_lazy("auction course", "Annulled"),
}


def names_of_codes() -> dict[str, str]:
    """Events, kinds of bids and refusals by their codes, in the language of the moment."""
    refusals = {code: refusal for code in SENTENCES if (refusal := told_later(code)) is not None}
    # The sentences of recorded refusals need no figures.
    plain = {code: sentence(refusal) for code, refusal in refusals.items() if "{" not in str(SENTENCES[refusal.code])}
    kinds = {f"bid.{kind.value}": str(kind.label) for kind in BidKind}
    return {**plain, **kinds, **{code: str(name) for code, name in _EVENTS.items()}}
