"""The sentences of refusals about people and organisations."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "accounts.role_missing": _("You need another role, or to act for another organisation, to do this."),
    "accounts.officials_only": _("Only an official with the right role may do this."),
    "accounts.second_factor_needed": _(
        "At this price you need two-step verification. Set it up, then do this again; nothing is lost."
    ),
    "accounts.organisation_not_verified": _("Your organisation must be verified by an official before it can trade."),
    "accounts.social_code_wrong": _("This is not a valid unified social credit code: please check the 18 characters."),
    "accounts.social_code_taken": _("An organisation with this code is already registered; ask its owner to add you."),
    "accounts.evidence_missing": _("Upload at least one document as evidence, such as the business licence."),
    "accounts.reason_missing": _("Give the reason, so that the applicant knows what to correct."),
    "accounts.last_owner": _("An organisation keeps at least one owner."),
    "accounts.official_role_outside_government": _("This role exists in government organisations only."),
    "accounts.person_unknown": _("Nobody with this email address has an account yet."),
    "accounts.already_member": _("This person already has this role here."),
    "accounts.waits_for_official": _("The application waits for an official; it can be changed again after the decision."),
    "accounts.name_is_verified": _("The verified name stays; ask an official when the organisation is renamed."),
    "accounts.member_gone": _("This person no longer had this role."),
    "accounts.own_verification": _("Your own organisation must be verified by somebody else."),
}
