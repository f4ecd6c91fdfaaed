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
    "contracts.items_do_not_add_up": _("The technology item says {stated}, but {left} is left of the price."),
    "contracts.correction_without_reason": _("Say why the technology transaction value differs from what was applied for."),
    "contracts.submitter_decides": _("You submitted this yourself: somebody else must decide."),
    "contracts.proposer_confirms": _("You have decided on this before: another official must look at it now."),
    "contracts.second_registrar_needed": _("From this amount on two registrars decide: propose the decision to a second one."),
    "contracts.other_than_proposed": _("The first registrar proposed something else: confirm that, or send it back."),
    "contracts.flags_open": _("{count} signs of the radar have no answer yet."),
    "contracts.none_chosen": _("Choose at least one application."),
    "contracts.both_sides_agree": _("Both sides agree to this contract on the market; it is not declared."),
    "contracts.sheet_changed": _(
        "Somebody else saved this form since you opened the page; please compare before you save again."
    ),
    "contracts.sheet_incomplete": _("The pre-check finds {count} things missing."),
    "contracts.nothing_to_correct": _("The registry has returned nothing to correct."),
    "contracts.not_read": _("“{title}” must be opened and read before it is decided with others."),
    "contracts.not_under_examination": _("The application is not under examination now."),
    "contracts.cannot_be_assigned": _("This person is no registrar who may decide on it."),
    "contracts.appeal_late": _("The time to appeal ended on {last}."),
    "contracts.change_open": _("A change of this registration is already asked for."),
    "contracts.royalty_missing": _("Enter the royalties received, above zero."),
    "contracts.nothing_changed": _("Enter the figures as they are after the change."),
    "contracts.new_term_missing": _("Enter the new last day of the term."),
    "contracts.proof_missing": _("Attach what proves the change."),
    "contracts.text_missing": _("Attach the contract's full text."),
}
