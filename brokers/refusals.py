"""The sentences of refusals about brokers."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "brokers.not_current": _("Only a verified broker whose certificate is valid can be engaged."),
    "brokers.own_organisation": _("A broker cannot be engaged by the broker's own institution."),
    "brokers.acts_for_other_side": _(
        "This broker already acts for the other side; both sides must consent in writing, each in its own engagement."
    ),
    "brokers.exclusive": _("An exclusive engagement for this matter is in force; it must end first."),
    "brokers.others_engaged": _(
        "Another broker is engaged in this matter; an exclusive engagement must wait for the end of that."
    ),
    "brokers.consented_before": _("Your side has already consented."),
    "brokers.scope_missing": _("State what the broker is to do."),
    "brokers.term_over": _("The term must end later than today."),
    "brokers.tail_too_long": _("The protection after the end lasts at most {months} months."),
    "brokers.introduces_principal": _("Name the organisation that was brought to the principal, not the principal."),
    "brokers.introduced_outside_mandate": _(
        "An introduction counts from the day on which the mandate was signed, and not in advance."
    ),
    "brokers.introduced_before": _("This organisation has already been introduced under this mandate."),
    "brokers.objection_missing": _("State what speaks against it."),
    "brokers.not_in_force": _("Only under a mandate in force somebody is introduced."),
    "brokers.heard_before": _("Your side has been heard; the other side is asked."),
    "brokers.rate_or_fixed": _("Enter one of the three: a rate, brackets, or a fixed commission."),
    "brokers.brackets_not_in_order": _("Each bracket must end above the one before it, and the last one is open."),
    "brokers.nothing_changed": _("These are the terms that are proposed already: sign them, or change something."),
    "brokers.terms_changed": _("Other terms have been proposed since you opened the page. Please read them first."),
    "brokers.statement_missing": _("State what is in dispute."),
    "brokers.others_dispute": _("Only the side that opened the dispute can withdraw it."),
    "brokers.own_dispute": _("Somebody else must decide on a dispute of your own organisation."),
    "brokers.rate_too_high": _("The rate lies above 0 and is at most {percent} %."),
    "brokers.fixed_zero": _("Enter a commission above zero."),
    "brokers.payers_share_out_of_range": _("The principal pays between 0 and 100 % of the commission."),
    "brokers.nothing_to_bear": _("The principal pays the whole commission of this mandate."),
    "brokers.bears_already": _("Your side has agreed to this already."),
    "brokers.cap_zero": _("Enter a cap above zero, or leave it empty."),
    "brokers.shares_not_whole": _("The shares must make exactly 100 %."),
    "brokers.services_only": _("Only technology transfer institutions and service providers stand in this directory."),
    "brokers.institution_only": _("A broker acts for a technology transfer institution."),
    "brokers.valid_until_in_the_past": _("The certificate has already expired."),
    "brokers.reason_missing": _("Give the reason."),
    "brokers.engagement_exists": _("There is already an engagement of this broker for this matter."),
    "brokers.own_application": _("Somebody else must decide on a broker of your own organisation."),
    "brokers.signed_already": _("Your side has signed with the proposal; the other side is asked."),
}
