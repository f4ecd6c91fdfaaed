"""The sentences of refusals about credit."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "credit.deal_not_finished": _("A deal can be reviewed when it is settled or was ended by a decision."),
    "credit.own_review": _("Nobody reviews themselves or an organisation related to them."),
    "credit.marks_out_of_range": _("Marks lie between 1 and 5."),
    "credit.text_missing": _("Please write what you base this on."),
    "credit.no_party": _("Only the parties of the deal review it, and only those who took part in it."),
    "credit.review_fixed": _("The time for changing this review is over."),
    "credit.reviewed_already": _("Your side has reviewed this already; the review can be changed for some days."),
    "credit.replied_already": _("This review was answered already."),
    "credit.holder_only": _("Only the one whose record it is can do this."),
    "credit.appealed_already": _("This record was appealed against already."),
    "credit.not_in_force": _("This record does not count any more."),
    "credit.own_case": _("You made this record or belong to the organisation concerned: somebody else must decide."),
    "credit.names_somebody": _("The published decision names nobody; it contains “{name}”."),
    "credit.nothing_to_repair": _("Only a bad record can be repaired."),
    "credit.repair_too_early": _("A record of this class can be repaired from {day} on."),
    "credit.repair_asked": _("Its repair was applied for already."),
    "credit.promise_missing": _("Please promise to keep to the rules of the market."),
    "credit.not_by_hand": _("Officials cannot enter records of this kind for this holder."),
    "credit.evidence_used": _("A record rests on this file already: please attach the evidence of this one."),
    "credit.day_ahead": _("The day cannot lie ahead."),
    "credit.evidence_missing": _("Please attach the evidence."),
}
