"""The sentences of refusals in the auction room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "auctions.start_not_positive": _("The start price must be above zero."),
    "auctions.step_not_positive": _("The step must be above zero."),
    "auctions.reserve_below_start": _("The reserve price is not below the start price."),
    "auctions.opens_in_the_past": _("The auction must open in the future."),
    "auctions.times_out_of_order": _("The free period ends after the opening and before the hard stop."),
    "auctions.cycle_out_of_range": _("A cycle lasts between 10 seconds and an hour."),
    "auctions.extensions_negative": _("The number of extensions is not negative."),
    "auctions.exists": _("There is already an auction for this listing."),
    "auctions.not_in_bidding": _("This listing is not in competitive bidding."),
    "auctions.paused": _("The auction is paused; no bid counts until it is resumed."),
    "auctions.not_open": _("The auction is not open for bids."),
    "auctions.over": _("The auction is over; your bid came after its end."),
    "auctions.you_lead": _("Your bid is the best already."),
    "auctions.too_much": _("This amount is beyond any price on this market; please check it."),
    "auctions.below_minimum": _("The bid must be at least {minimum} yuan."),
    "auctions.not_whole_step": _("Bids rise in whole steps of {step} yuan from {minimum} yuan."),
    "auctions.key_reused": _("This bid's key was already used for another amount."),
    "auctions.key_wrong": _("A bid needs a key of its own, 8 to 64 letters, digits or hyphens."),
    "auctions.no_pass": _("Your organisation is not among the bidders of this auction."),
    "auctions.limit_below_minimum": _("The limit must be at least {minimum} yuan."),
    "auctions.too_many_bids": _("You are bidding faster than anybody can; wait a moment and bid again."),
    "auctions.reason_missing": _("Please state the reason."),
}
