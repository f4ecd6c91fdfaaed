"""What people are told of their organisations; accounts stand below letters, so their letters are declared here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from market.events.models import Event
from market.letters.queries import organisation_by_key
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of
from market.values.actor import Role


def _organisation(event: Event) -> Concerned:
    organisation = organisation_by_key(key_of(event))
    return Concerned(organisation.get_absolute_url, {"organisation": organisation.name}, organisations=[organisation.pk])


def _administrators(event: Event) -> Concerned:
    organisation = organisation_by_key(key_of(event))
    return Concerned(organisation.get_absolute_url, {"organisation": organisation.name}, roles=[Role.ADMINISTRATOR])


declare_letters(
    LetterKind(
        "organisation.submitted",
        _("{organisation} asks to be verified"),
        _("{organisation} has applied for verification and uploaded its evidence."),
        _administrators,
        next_step=_("Please compare the evidence and verify the organisation or return the application with a reason."),
    ),
    LetterKind(
        "organisation.verified",
        _("{organisation} is verified"),
        _("An official has verified {organisation}. It can now trade on the market."),
        _organisation,
    ),
    LetterKind(
        "organisation.returned",
        _("The application of {organisation} was returned"),
        _("The application for verification of {organisation} was returned for correction: {reason}"),
        _organisation,
        next_step=_("Please correct it and apply again."),
    ),
    LetterKind(
        "organisation.suspended",
        _("{organisation} is suspended"),
        _("{organisation} may begin nothing new on the market until further notice: {reason}"),
        _organisation,
    ),
    LetterKind(
        "organisation.reinstated",
        _("{organisation} may trade again"),
        _("The suspension of {organisation} has been lifted."),
        _organisation,
    ),
)
