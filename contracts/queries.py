"""Which contracts and applications are there, and what do their pages show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from contracts.kinds import SUB_KINDS
from contracts.models import Agreement, Application, Registration, TechnologyContract
from contracts.rules import ContractFacts, Price, Values, digest, rule_set_on, technology_value
from contracts.states import OPEN_APPLICATION, ApplicationState, ContractState
from listings.models.deals import Deal
from listings.queries.deals import subjects_of
from market.accounts.story import StoryEntry, story
from market.events.queries import timeline
from market.policy.queries import if_begun_today, policy_by_id, policy_on, working_calendar
from market.policy.rules import Policy, deadline
from market.values.actor import Actor
from market.values.dates import Calendar, Deadline, day_of
from market.values.money import Money

# What both sides agree to, in the order of the form.
TERMS = (
    "kind",
    "sub_kind",
    "title",
    "content",
    "delivery",
    "ownership",
    "liability",
    "price_fen",
    "equipment_fen",
    "materials_fen",
    "other_fen",
    "payment_mode",
    "valid_from",
    "valid_until",
    "ip_kind",
    "funding_source",
    "technology_field",
    "objective",
    "industry_served",
    "is_cross_border",
    "is_related_party",
)


@dataclass(frozen=True, slots=True)
class ContractPage:
    """Everything the page of one contract shows."""

    contract: TechnologyContract
    values: Values
    digest: str
    agreements: list[Agreement]
    application: Application | None
    registration: Registration | None
    story: list[StoryEntry]


def contract_page(contract: TechnologyContract, *, actor: Actor) -> ContractPage:
    """What the page of a contract shows, with the story of its deal, application and registration."""
    application = contract.applications.first()
    registration: Registration | None = getattr(contract, "registration", None)
    subjects = [*subjects_of(contract.deal), contract.subject]
    subjects += [entry.subject for entry in (application, registration) if entry]
    return ContractPage(
        contract=contract,
        values=technology_value(price_of(contract)),
        digest=digest_of(contract),
        agreements=list(contract.agreements.filter(is_current=True).select_related("organisation", "person")),
        application=application,
        registration=registration,
        story=story(timeline(subjects), reader=actor),
    )


def price_of(contract: TechnologyContract) -> Price:
    """The contract's price and parts as the rules see them."""
    return Price(
        Money(contract.price_fen), Money(contract.equipment_fen), Money(contract.materials_fen), Money(contract.other_fen)
    )


def facts_of(contract: TechnologyContract) -> ContractFacts:
    """The contract as the rules see it."""
    return ContractFacts(
        kind=contract.kind,
        has_fitting_sub_kind=contract.sub_kind in SUB_KINDS[contract.kind],
        industry_served=contract.industry_served,
        title=contract.title,
        content=contract.content,
        price=price_of(contract),
        signed_on=contract.signed_on,
        valid_from=contract.valid_from,
        valid_until=contract.valid_until,
    )


def digest_of(contract: TechnologyContract) -> str:
    """The fingerprint of the terms as they stand."""
    return digest([(name, str(getattr(contract, name))) for name in TERMS])


def contract_of(deal: Deal) -> TechnologyContract | None:
    """The contract made of this deal; None before it was drawn up."""
    return TechnologyContract.objects.filter(deal=deal).first()


def open_applications() -> QuerySet[Application]:
    """Those that wait for a registrar, the first due first."""
    waiting = Application.objects.filter(state=ApplicationState.SUBMITTED)
    return waiting.select_related("contract__seller", "contract__buyer").order_by("due_on", "submitted_at")


def running_applications() -> QuerySet[Application]:
    """Open applications, whose day of decision may still move."""
    return Application.objects.filter(state__in=OPEN_APPLICATION).order_by("pk")


def due_of(application: Application) -> Deadline:
    """The day of decision, counted under the policy row the application began under, with the days that did not count."""
    return _due(application, policy_by_id(application.policy_row_id), working_calendar())


def _due(application: Application, policy: Policy, calendar: Calendar) -> Deadline:
    return deadline(day_of(application.submitted_at), policy.period, calendar, policy_row=policy.id)


@dataclass(frozen=True, slots=True)
class ApplicationDates:
    """The running period of an application and why it ends on its day; all empty once it is settled."""

    decision: Deadline | None = None
    decision_source: str = ""
    if_submitted_today: Deadline | None = None
    correction: Deadline | None = None
    correction_source: str = ""
    # The day of correction is a rule of the market's own as yet: it binds nobody until a source bears it.
    is_correction_confirmed: bool = False
    is_correction_late: bool = False


def application_dates(application: Application, *, today: date) -> ApplicationDates:
    """By when the registry decides, or the seller corrects what was returned."""
    match application.state:
        case ApplicationState.SUBMITTED:
            policy, calendar = policy_by_id(application.policy_row_id), working_calendar()
            what_if = if_begun_today(policy.kind, calendar, today=today, scope=rule_set_on(today))
            return ApplicationDates(_due(application, policy, calendar), policy.source, what_if)
        case ApplicationState.RETURNED if application.decided_at:
            returned_on = day_of(application.decided_at)
            # Policy rows never reach back, so the row of that day is still the row it was returned under.
            policy = policy_on("contract.correction_period", returned_on, scope=application.rule_set)
            end = deadline(returned_on, policy.period, working_calendar(), policy_row=policy.id)
            return ApplicationDates(
                correction=end,
                correction_source=policy.source,
                is_correction_confirmed=policy.is_confirmed,
                is_correction_late=today > end.day,
            )
        case _:
            return ApplicationDates()


def agreed_contracts_of(organisation_id: int | None) -> QuerySet[TechnologyContract]:
    """The seller's contracts for which recognition may be applied for."""
    return TechnologyContract.objects.filter(
        seller_id=organisation_id, state=ContractState.AGREED, registration__isnull=True
    ).exclude(applications__state__in=OPEN_APPLICATION)
