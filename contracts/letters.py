"""What the parties are told of contracts, applications and registrations."""

from __future__ import annotations

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.models import Application, Change, Opinion, Registration, TechnologyContract
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of


def _parties(event: Event) -> Concerned:
    contract = TechnologyContract.objects.get(key=key_of(event))
    return Concerned(contract.get_absolute_url, {"title": contract.title}, organisations=contract.side_ids)


def _application_of(event: Event) -> Application:
    return Application.objects.select_related("contract").get(key=key_of(event))


def _seller(event: Event) -> Concerned:
    application = _application_of(event)
    contract = application.contract
    return Concerned(application.get_absolute_url, {"title": contract.title}, organisations=[contract.applicant_id])


def _parties_of_application(event: Event) -> Concerned:
    application = _application_of(event)
    contract = application.contract
    return Concerned(application.get_absolute_url, {"title": contract.title}, organisations=contract.side_ids)


def _parties_of_registration(event: Event) -> Concerned:
    contract = Registration.objects.select_related("contract").get(number=key_of(event)).contract
    return Concerned(contract.get_absolute_url, {"title": contract.title}, organisations=contract.side_ids)


def _expert(event: Event) -> Concerned | None:
    """The expert who is asked, where they have an account."""
    opinion = Opinion.objects.select_related("application__contract").get(key=event.payload["opinion"])
    title = {"title": opinion.application.contract.title}
    return Concerned(opinion.get_absolute_url, title, people=[opinion.person_id]) if opinion.person_id else None


def _registrar_who_asked(event: Event) -> Concerned | None:
    """Whoever asked hears of what the expert wrote; what was entered is known."""
    opinion = Opinion.objects.select_related("application__contract").get(key=event.payload["opinion"])
    if not opinion.is_own:
        return None
    look = partial(reverse, "contracts:experts", args=[opinion.application.key])
    return Concerned(look, {"title": opinion.application.contract.title}, people=[opinion.asked_by_id])


def _parties_of_change(event: Event) -> Concerned:
    contract = Change.objects.select_related("registration__contract").get(key=key_of(event)).registration.contract
    return Concerned(contract.get_absolute_url, {"title": contract.title}, organisations=[contract.applicant_id])


declare_letters(
    LetterKind(
        "contract.drafted",
        _("Contract to agree to: {title}"),
        _("The contract “{title}” is drawn up from deal {deal_number}."),
        _parties,
        next_step=_("Please read it, have it changed where it must be, and agree to it."),
    ),
    LetterKind(
        "contract.changed",
        _("Contract changed: {title}"),
        _("The terms of the contract “{title}” were changed. Agreements given before no longer count."),
        _parties,
        next_step=_("Please read it again and agree to it."),
    ),
    LetterKind(
        "contract.half_agreed",
        _("One side has agreed: {title}"),
        _("One side has agreed to the contract “{title}”; it is in force when both have."),
        _parties,
    ),
    LetterKind(
        "contract.agreed",
        _("Contract in force: {title}"),
        _("Both sides have agreed to the contract “{title}”: it is in force."),
        _parties,
        next_step=_("The seller can now apply for its recognition."),
    ),
    LetterKind(
        "application.expert_asked",
        _("An expert is heard: {title}"),
        _("The registry asks an expert for an opinion on “{title}”, due by {due_on}. It decides by {decision_by}."),
        _seller,
    ),
    LetterKind(
        "application.expert_asked",
        _("Your opinion is asked for: {title}"),
        _("The registry asks for your opinion on “{title}”, due by {due_on}."),
        _expert,
        next_step=_("Please read the contract, declare that you have no interest in it, and write your opinion."),
    ),
    LetterKind(
        "application.expert_heard",
        _("The expert has answered: {title}"),
        _("The expert you asked about “{title}” has answered."),
        _registrar_who_asked,
        next_step=_("Please read the opinion before you decide."),
    ),
    LetterKind(
        "application.returned",
        _("Application returned for correction: {title}"),
        _("The registry asks for a correction of the application for “{title}”: {reason}"),
        _seller,
        next_step=_("An application can be corrected once; please see the day by which on its page."),
    ),
    LetterKind(
        "application.recognised",
        _("Contract recognised: {title}"),
        _("The contract “{title}” is recognised and registered under number {number}. The certificate can be downloaded."),
        _parties_of_application,
    ),
    LetterKind(
        "application.refused",
        _("Recognition refused: {title}"),
        _("The contract “{title}” is not recognised: {reason}"),
        _parties_of_application,
    ),
    LetterKind(
        "application.upheld",
        _("Refusal upheld: {title}"),
        _("The refusal to recognise the contract “{title}” is upheld: {answer}"),
        _seller,
    ),
    LetterKind(
        "application.reopened",
        _("Appeal granted: {title}"),
        _("The registry examines the contract “{title}” again; it decides by {due_on}."),
        _seller,
    ),
    LetterKind(
        "registration.changed",
        _("Registration changed: {title}"),
        _("Registration {number} of the contract “{title}” was changed: {reason}"),
        _parties_of_registration,
    ),
    LetterKind(
        "change.declined",
        _("Change declined: {title}"),
        _("The change of registration {number} of the contract “{title}” was declined: {reason}"),
        _parties_of_change,
    ),
    LetterKind(
        "application.due_changed",
        _("The registry now decides by {due_on}: {title}"),
        _(
            "The calendar of working days has changed. The application for “{title}”, to be decided by {before} before, "
            "is now to be decided by {due_on}."
        ),
        _parties_of_application,
    ),
    LetterKind(
        "application.due_confirmed",
        _("The day of decision is confirmed: {title}"),
        _("The holidays are announced. The application for “{title}” is to be decided by {due_on}, as was said provisionally."),
        _parties_of_application,
    ),
    LetterKind(
        "registration.revoked",
        _("Registration revoked: {title}"),
        _("Registration {number} of the contract “{title}” is revoked: {reason}"),
        _parties_of_registration,
    ),
    LetterKind(
        "registration.cancelled",
        _("Registration cancelled: {title}"),
        _("Registration {number} of the contract “{title}” is cancelled: {reason}"),
        _parties_of_registration,
    ),
)
