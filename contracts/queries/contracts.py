"""Which contracts are there, and what does the page of one show?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from contracts.kinds import SUB_KINDS
from contracts.models import Agreement, Application, Registration, TechnologyContract
from contracts.rules.amounts import Price, Values, technology_value
from contracts.rules.contracts import ContractFacts, digest
from contracts.states import OPEN_APPLICATION, ContractState
from listings.queries.deals import subjects_of
from market.accounts.story import StoryEntry, story
from market.events.queries import timeline
from market.values.actor import Actor
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
    "carriers_fen",
    "royalties_fen",
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
    agreements: QuerySet[Agreement]
    application: Application | None
    registration: Registration | None
    story: list[StoryEntry]


def contract_page(contract: TechnologyContract, *, actor: Actor, application: Application | None = None) -> ContractPage:
    """What the page of a contract shows, with the story of its deal, application (the newest unless named) and registration."""
    application = application or contract.applications.first()
    registration: Registration | None = getattr(contract, "registration", None)
    subjects = [*(subjects_of(contract.deal) if contract.deal else ()), contract.subject]
    subjects += [entry.subject for entry in (application, registration) if entry]
    if registration:
        subjects += [change.subject for change in registration.changes.all()]
    return ContractPage(
        contract=contract,
        values=technology_value(price_of(contract)),
        digest=digest_of(contract),
        agreements=contract.agreements.filter(is_current=True).select_related("organisation", "person"),
        application=application,
        registration=registration,
        story=story(timeline(subjects), reader=actor),
    )


def price_of(contract: TechnologyContract) -> Price:
    """The contract's price and parts as the rules see them."""
    return Price(
        total=Money(contract.price_fen),
        equipment=Money(contract.equipment_fen),
        materials=Money(contract.materials_fen),
        other=Money(contract.other_fen),
        carriers=Money(contract.carriers_fen),
        royalties=Money(contract.royalties_fen),
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


def agreed_contracts_of(organisation_id: int | None) -> QuerySet[TechnologyContract]:
    """The applicant's contracts for which recognition may be applied for."""
    return TechnologyContract.objects.filter(
        applicant_id=organisation_id, state=ContractState.AGREED, registration__isnull=True
    ).exclude(applications__state__in=OPEN_APPLICATION)
