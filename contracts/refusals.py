"""The sentences of refusals about technology contracts."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "contracts.sub_kind_of_another_kind": _("Choose a sub-kind of the kind above."),
    "contracts.industry_code_unknown": _("“{code}” is no code of GB/T 4754."),
    "contracts.content_too_short": _("Describe the technical content in at least {shortest} characters."),
    "contracts.price_zero": _("Enter a price above zero."),
    "contracts.parts_exceed_price": _("Equipment, materials and other items together cannot exceed the price."),
    "contracts.ends_before_it_begins": _("The contract ends before it begins."),
    "contracts.seller_applies": _("The seller applies for recognition."),
    "contracts.not_in_force": _("Both sides must have agreed before recognition is applied for."),
    "contracts.no_longer_in_force": _("The contract's term is over: recognition is applied for while it is in force."),
    "contracts.own_contract": _("Your own organisation is a party: somebody else must decide."),
    "contracts.technology_value_out_of_range": _(
        "The technology transaction value lies above zero and not above the contract value."
    ),
    "contracts.returned_before": _("An application is returned once; now it is recognised or refused."),
    "contracts.reason_missing": _("Give the reason."),
    "contracts.drafted_before": _("There is already a contract for this deal."),
    "contracts.application_open": _("An application for this contract is already open."),
    "contracts.registered_before": _("This contract is already registered."),
    "contracts.terms_changed": _("The terms were changed since you opened the page; please read them again before you agree."),
    "contracts.agreed_before": _("Your side has already agreed; the other side is asked."),
    "contracts.text_missing": _("Attach the contract's full text."),
}
