"""What enterprises and those who answer them are told of demands and proposals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from listings.demands.models.demands import Demand
from listings.demands.models.proposals import Proposal
from listings.demands.states import ANSWERING, ProposalState
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of


def _demand_of(event: Event) -> Demand:
    return Demand.objects.get(number=key_of(event))


def _about(demand: Demand) -> dict[str, str]:
    return {"number": demand.number, "title": demand.title}


def _enterprise(event: Event) -> Concerned:
    demand = _demand_of(event)
    return Concerned(demand.get_absolute_url, _about(demand), organisations=[demand.organisation_id])


def _answering(event: Event) -> Concerned | None:
    """Whoever has a proposal on its way, be it a draft."""
    demand = _demand_of(event)
    at_work = demand.proposals.filter(state__in=[ProposalState.DRAFT, *ANSWERING])
    if not (organisations := list(at_work.values_list("organisation_id", flat=True))):
        return None
    return Concerned(demand.get_absolute_url, _about(demand), organisations=organisations)


def _proposal_of(event: Event) -> Proposal:
    return Proposal.objects.select_related("demand", "organisation").get(key=key_of(event))


def _enterprise_of_proposal(event: Event) -> Concerned | None:
    """The enterprise, unless the proposal is sealed: then not even its existence is told."""
    proposal = _proposal_of(event)
    if proposal.demand.is_sealed or event.payload.get("was_handed_in") is False:
        return None
    facts = {**_about(proposal.demand), "organisation": proposal.organisation.name}
    return Concerned(proposal.demand.get_absolute_url, facts, organisations=[proposal.demand.organisation_id])


def _team(event: Event) -> Concerned:
    proposal = _proposal_of(event)
    return Concerned(proposal.get_absolute_url, _about(proposal.demand), organisations=[proposal.organisation_id])


declare_letters(
    LetterKind(
        "demand.revised",
        _("Demand changed: {title}"),
        _("Demand {number}, “{title}”, was published in version {version}."),
        _answering,
        next_step=_("Please check whether your proposal still fits, and revise it before the deadline."),
    ),
    LetterKind(
        "demand.opened",
        _("The deadline is over: {title}"),
        _("Demand {number}, “{title}”, has {proposals} proposals."),
        _enterprise,
        next_step=_("Please read them, ask what is open, and choose."),
    ),
    LetterKind(
        "demand.expired",
        _("No proposal came: {title}"),
        _("Demand {number}, “{title}”, is over; nobody answered it."),
        _enterprise,
        next_step=_("The demand clinic says how it could be put more clearly; then publish it anew."),
    ),
    LetterKind(
        "demand.reopened",
        _("Choose again: {title}"),
        _("Deal {deal} over demand {number}, “{title}”, failed. Another of the proposals can be chosen."),
        _enterprise,
    ),
    LetterKind(
        "proposal.submitted",
        _("A proposal has come: {title}"),
        _("{organisation} answers demand {number}, “{title}”."),
        _enterprise_of_proposal,
    ),
    LetterKind(
        "proposal.revised",
        _("A proposal was revised: {title}"),
        _("{organisation} has revised its proposal for demand {number}, “{title}”."),
        _enterprise_of_proposal,
    ),
    LetterKind(
        "proposal.withdrawn",
        _("A proposal was withdrawn: {title}"),
        _("{organisation} has withdrawn its proposal for demand {number}, “{title}”."),
        _enterprise_of_proposal,
    ),
    LetterKind(
        "proposal.answered",
        _("Your question is answered: {title}"),
        _("{organisation} answers your question about its proposal for demand {number}, “{title}”."),
        _enterprise_of_proposal,
    ),
    LetterKind(
        "proposal.asked",
        _("A question about your proposal: {title}"),
        _("The enterprise asks about your proposal for demand {number}, “{title}”: {question}"),
        _team,
        next_step=_("Please answer in writing on the proposal's page."),
    ),
    LetterKind(
        "proposal.shortlisted",
        _("You are on the shortlist: {title}"),
        _("The enterprise takes a closer look at your proposal for demand {number}, “{title}”."),
        _team,
    ),
    LetterKind(
        "proposal.declined",
        _("Proposal declined: {title}"),
        _("The enterprise does not follow your proposal for demand {number}, “{title}”: {reason}"),
        _team,
    ),
    LetterKind(
        "proposal.awarded",
        _("Your proposal was awarded: {title}"),
        _("Demand {number}, “{title}”, goes to you."),
        _team,
        next_step=_("Please draw up the contract with the enterprise, from the page of the deal."),
    ),
    LetterKind(
        "proposal.lost",
        _("No award for you: {title}"),
        _("Your proposal for demand {number}, “{title}”, ended without the award."),
        _team,
    ),
)
