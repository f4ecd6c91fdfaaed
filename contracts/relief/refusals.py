"""The sentences of refusals about relief."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "relief.not_registered": _("Relief rests on a registered contract whose registration holds."),
    "relief.does_not_apply": _("The rule {rule} does not apply to the contract; see which of its conditions fails."),
    "relief.nothing_to_claim": _("Under this rule there is nothing to claim."),
    "relief.claimed_already": _("For this contract and year a relief of this kind is already in the ledger."),
    "relief.filed_on_out_of_range": _("The day of filing is today or earlier, and not before the relief arose."),
    "relief.receipt_missing": _("Enter the number of the tax office's receipt."),
    "relief.granted_out_of_range": _("The amount granted lies above zero and not above the amount filed."),
    "relief.granted_on_out_of_range": _("The day lies between the filing and today."),
    "relief.document_missing": _("Enter the number of the tax office's document."),
    "relief.reason_missing": _("Give the reason."),
    "relief.settled_out_of_range": _("The amount paid back lies between zero and what is to be paid back."),
    "relief.own_case": _("Your own organisation is a party, or you entered, filed or registered it: somebody else must decide."),
    "relief.parts_exceed_price": _("Equipment, materials, other items and service together cannot exceed the price."),
}
