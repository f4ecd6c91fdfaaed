"""What taxpayers and the officials who enter the tax office's decisions are told of relief."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.models import TechnologyContract
from contracts.relief.models import Claim
from market.accounts.models import Membership
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of
from market.values.actor import Role


def _claim(event: Event) -> Claim:
    return Claim.objects.select_related("contract", "rule_text").get(key=key_of(event))


def _about(claim: Claim) -> dict[str, str]:
    return {"title": claim.contract.title, "rule": claim.rule_id, "tax_year": str(claim.tax_year)}


def _taxpayer(event: Event) -> Concerned:
    claim = _claim(event)
    # Those who keep the books as well, for it is they who file.
    books = Membership.objects.filter(organisation_id=claim.taxpayer_id, role=Role.FINANCE).values_list("person", flat=True)
    return Concerned(claim.get_absolute_url, _about(claim), organisations=[claim.taxpayer_id], people=list(books))


def _supervisors(event: Event) -> Concerned:
    claim = _claim(event)
    return Concerned(claim.get_absolute_url, _about(claim), roles=[Role.SUPERVISOR])


def _sides(event: Event) -> Concerned:
    contract = TechnologyContract.objects.get(key=key_of(event))
    sides = [side for side in (contract.seller_id, contract.buyer_id) if side]
    return Concerned(
        lambda: reverse("relief:contract_relief", args=[contract.key]), {"title": contract.title}, organisations=sides
    )


declare_letters(
    LetterKind(
        "contract.recognised",
        _("See which tax relief you can claim: {title}"),
        _("The contract “{title}” is registered under number {number}. Tax relief may now be claimed on it."),
        _sides,
        next_step=_("Please see which rules apply, what to file, and by when."),
    ),
    LetterKind(
        "relief.deadline_near",
        _("Relief to be filed by {due_on}: {title}"),
        _("The relief under {rule} for {tax_year} on the contract “{title}” is not filed yet; the last day is {due_on}."),
        _taxpayer,
        next_step=_("Please file it with the tax office, and enter the receipt."),
    ),
    LetterKind(
        "relief.filed",
        _("Relief filed: {title}"),
        _("Relief of {amount} yuan under {rule} for {tax_year} on the contract “{title}” was filed on {filed_on}."),
        _supervisors,
        next_step=_("Please enter the tax office's decision when it is there."),
    ),
    LetterKind(
        "relief.granted",
        _("Relief granted: {title}"),
        _("Relief of {amount} yuan under {rule} for {tax_year} on the contract “{title}” is granted, document {document}."),
        _taxpayer,
    ),
    LetterKind(
        "relief.refused",
        _("Relief refused: {title}"),
        _("The relief under {rule} for {tax_year} on the contract “{title}” is refused: {reason}"),
        _taxpayer,
    ),
    LetterKind(
        "relief.reopened",
        _("Relief to be filed anew: {title}"),
        _("The registration of the contract “{title}” was changed, and with it the relief under {rule} for {tax_year}: {reason}"),
        _taxpayer,
        next_step=_("Please see the new amount, and correct what was filed."),
    ),
    LetterKind(
        "relief.party_left",
        _("Your relief after the change of party: {title}"),
        _(
            "{party} has taken your place in the contract “{title}”. The relief under {rule} for {tax_year} stays yours, for what "
            "you earned until then; what comes later is claimed by the new party."
        ),
        _taxpayer,
        next_step=_("Please report the change to the tax office with which it was filed, or drop what you did not earn."),
    ),
    LetterKind(
        "relief.lapsed",
        _("Relief lapsed: {title}"),
        _("The registration of the contract “{title}” has ended, and with it the relief under {rule} for {tax_year}: {reason}"),
        _taxpayer,
    ),
    LetterKind(
        "relief.recovery_flagged",
        _("Relief to be paid back: {title}"),
        _("Of the relief under {rule} for {tax_year} on the contract “{title}”, {amount} yuan are no longer due: {reason}"),
        _taxpayer,
        next_step=_("Please report it to the tax office and pay the difference."),
    ),
    LetterKind(
        "relief.recovery_flagged",
        _("Recovery of relief to be followed: {title}"),
        _("Of the relief under {rule} for {tax_year} on the contract “{title}”, {amount} yuan are no longer due."),
        _supervisors,
        next_step=_("Please enter the recovery when the tax office has settled it."),
    ),
)
