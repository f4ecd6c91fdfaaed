"""The sentences of refusals about achievements, listings, intents and deals."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "listings.abstract_too_short": _("The abstract needs at least {shortest} characters; it has {length}."),
    "listings.too_many_keywords": _("Enter at most {most} keywords."),
    "listings.completed_in_the_future": _("The day of completion lies in the future."),
    "listings.funding_source_missing": _("Name the plan that funded it: it is marked as publicly funded."),
    "listings.inventor_missing": _("Enter at least one inventor."),
    "listings.share_not_positive": _("Each inventor's share is more than 0 %."),
    "listings.shares_not_whole": _("The inventors' shares must make exactly 100 %; they make {total} %."),
    "listings.patent_number_wrong": _("Patent number {number} is not right: please check its digits."),
    "listings.patent_twice": _("Patent {number} is entered twice."),
    "listings.patent_kind_wrong": _("Patent {number}: its fifth digit says that it is of another kind."),
    "listings.ipc_unknown": _("“{ipc}”: there is no such class in the patent classification."),
    "listings.granted_but_pending": _("Patent {number} is still pending: leave its day of grant empty."),
    "listings.industry_code_unknown": _("“{code}” is no code of GB/T 4754."),
    "listings.form_not_of_kind": _(
        "This form does not go with the kind of achievement: theory is embodied in papers, books and reports."
    ),
    "listings.started_after_completed": _("Research cannot begin after its completion."),
    "listings.evaluated_in_the_future": _("The day of evaluation lies in the future."),
    "listings.level_without_evaluation": _(
        "A level is found by an evaluation: say how it was evaluated, or leave the level open."
    ),
    "listings.entered_before": _("This was saved already; you will find it in your list."),
    "listings.registered_already": _("It stands in the register already, under number {number}: return it as a duplicate."),
    "listings.ipc_wrong": _("“{ipc}” is not an IPC symbol such as F23C 10/00."),
    "listings.granted_in_the_future": _("Patent {number}: the day of grant lies in the future."),
    "listings.grant_day_missing": _("Patent {number} is in force: enter its day of grant."),
    "listings.own_achievement": _("An achievement of your own organisation must be decided by somebody else."),
    "listings.reason_missing": _("Give the reason."),
    "listings.not_registered": _("Only a registered achievement can be listed."),
    "listings.already_listed": _("This achievement is already listed."),
    "listings.price_zero": _("Enter a price above zero."),
    "listings.reserve_below_price": _("The reserve price is not below the listed price."),
    "listings.deposit_too_large": _("The deposit is at most {largest} yuan, {percent} % of the price."),
    "listings.licence_term_missing": _("Enter the term of the licence in months."),
    "listings.named_buyer_missing": _("Name the buyer with whom the price was negotiated."),
    "listings.pricing_basis_missing": _("Say on what the negotiated price is based; it is made public with it."),
    "listings.draft_exists": _(
        "There is a draft listing of this achievement already: {number}. Publish, change or discard that one."
    ),
    "listings.named_buyer_not_here": _("Only a negotiated price names its buyer beforehand."),
    "listings.buyer_is_seller": _("Seller and buyer cannot be the same organisation."),
    "listings.notice_too_short": _("The notice period is at least {shortest} days of the unit stated."),
    "listings.price_not_lower": _("A price can only be lowered during the notice."),
    "listings.approval_missing": _(
        "A price more than {percent} % below the one first announced needs the owner's approval: say whose, by which document and when."
    ),
    "listings.notice_is_over": _("The notice period is over."),
    "listings.own_listing": _("You cannot register an intent for your own listing."),
    "listings.not_the_named_buyer": _("This price was negotiated with a named buyer; you may raise an objection."),
    "listings.terms_not_accepted": _("Please accept the terms of the listing."),
    "listings.offer_below_price": _("Offer at least the listed price of {price} yuan."),
    "listings.intent_exists": _("Your organisation has already registered an intent."),
    "listings.objection_exists": _("You have already raised an objection that is not yet answered."),
    "listings.objection_to_own_listing": _(
        "This is a listing of your own organisation: lower its price or withdraw it instead of raising an objection."
    ),
    "listings.own_objection": _("An objection of your own organisation must be answered by somebody else."),
    "listings.nothing_typed": _("Please write something."),
    "listings.deposit_not_held": _(
        "The buyer's deposit is not held yet; it must have arrived, or finance must have accepted a letter."
    ),
    "listings.next_offer_is_over": _("The time to answer this offer is over."),
    "listings.deposit_on_its_way_back": _(
        "Your deposit of before is still on its way back. Please accept when it has arrived; the offer stays open until then."
    ),
}
