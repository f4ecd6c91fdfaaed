"""What is known of a contract for its relief, what stands in the ledger, and how much of it was realised?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from contracts.models import Registration, TechnologyContract
from contracts.relief.models import Claim
from contracts.relief.rulebook import book
from contracts.relief.rules.book import Rule, rule_from
from contracts.relief.rules.calculator import Finding, find, findings
from contracts.relief.rules.cit import transfer_income
from contracts.relief.rules.claims import non_technical, price_of_year
from contracts.relief.rules.facts import Fact, Facts, Transfer, read_facts
from contracts.relief.states import LIVE, ClaimState
from contracts.states import RegistrationState
from listings.kinds import FundingSource
from market.accounts.models import Organisation, OrganisationKind
from market.accounts.story import StoryEntry, story
from market.events.queries import timeline
from market.policy.queries import working_calendar
from market.values.actor import Actor
from market.values.money import ZERO, Money

_TAXPAYERS = {OrganisationKind.UNIVERSITY: "public_university", OrganisationKind.INSTITUTE: "public_institute"}
_PENDING = ("pending_transfer", "pending_licence")
# What the register says of a contract is not typed anew, and follows it when it is changed.
REGISTERED = (
    "side",
    "contract_kind",
    "right",
    "recognised",
    "signed_on",
    "term_start",
    "term_end",
    "price",
    "equipment",
    "materials",
    "other",
)
# The formula whose yearly cap the contracts of a taxpayer share.
SHARED = "technology_transfer"


def registered_facts(
    contract: TechnologyContract, taxpayer_id: int | None, *, part: Money | None = None, claimed: Money = ZERO
) -> dict[str, Fact]:
    """What the register says of this contract: its figures after all changes, its kind, its term.

    The price is that of one year: its part, of what was not `claimed` otherwise; all of that without a part.
    """
    registration: Registration | None = getattr(contract, "registration", None)
    parts = contract.equipment_fen + contract.materials_fen + contract.other_fen
    value, technology = contract.price, contract.price - Money(parts)
    in_force = registration is not None and registration.state == RegistrationState.IN_FORCE
    if registration is not None and in_force:
        value, technology = registration.contract_value, registration.technology_value
    price = price_of_year(part=part, contract_value=value, claimed=claimed)
    return {
        "side": "buyer" if taxpayer_id == contract.buyer_id else "seller",
        "contract_kind": contract.kind,
        "right": "application" if contract.sub_kind in _PENDING else contract.ip_kind,
        "recognised": in_force,
        "signed_on": contract.signed_on,
        "term_start": contract.valid_from,
        "term_end": contract.valid_until,
        "price": price,
        # What is not technology by the register, goods and all else.
        "equipment": non_technical(price=price, contract_value=value, technology_value=technology),
        "materials": None,
        "other": None,
    }


def live_claims(contract: TechnologyContract) -> list[Claim]:
    """What stands in the ledger on this contract, of its parties and of those that were parties before."""
    return list(Claim.objects.filter(contract=contract, state__in=LIVE))


def known_facts(contract: TechnologyContract, taxpayer_id: int, facts: Facts, rule: Rule, claims: Iterable[Claim]) -> Facts:
    """What was typed, with the register's facts in its place, for the year and rule of a claim.

    `claims` are those on this contract: what stands there for the same side under this rule's group, in other years or of a
    party before this one, is not left for it. Who was replaced by another party stays on the side it was.
    """
    day, part = facts.day(rule.day_fact) or contract.signed_on, facts.values.get("part_of_price")
    group, year = rule.group or rule.id, day.year if day else 0
    is_party = taxpayer_id in (contract.seller_id, contract.buyer_id)
    side = "buyer" if taxpayer_id == contract.buyer_id else "seller" if is_party else facts.values.get("side", "seller")
    of_others = [it for it in claims if it.group == group and (it.tax_year, it.taxpayer_id) != (year, taxpayer_id)]
    said = [read_facts(it.facts).values for it in of_others]
    prices = [values.get("price") for values in said if values.get("side") == side]
    claimed = Money(sum(price.fen for price in prices if isinstance(price, Money)))
    registered = registered_facts(contract, taxpayer_id, part=part if isinstance(part, Money) else None, claimed=claimed)
    return Facts({**facts.values, **registered, "side": side}, key=contract.key)


def first_facts(contract: TechnologyContract, taxpayer: Organisation, *, today: date) -> dict[str, Fact]:
    """What a calculation begins with: the register's facts, and what else can be told from the contract."""
    registered = registered_facts(contract, taxpayer.pk)
    is_licence = contract.kind == "licence"
    return {
        **registered,
        "day": today,
        "taxpayer": _TAXPAYERS.get(OrganisationKind(taxpayer.kind), "enterprise"),
        "grant": "non_exclusive" if is_licence else "ownership" if contract.kind == "transfer" else "none",
        "vat_payer": "general",
        "buyer_place": "overseas" if contract.is_cross_border else "domestic",
        "used_in": "china",
        "separate_accounting": True,
        "owns_technology": True,
        "is_publicly_funded": contract.funding_source != FundingSource.NONE,
        "research_mode": "commissioned" if contract.kind == "development" and registered["side"] == "buyer" else "none",
        "research_cost": registered["price"] if contract.kind == "development" else None,
    }


def others_of(claims: Iterable[Claim], *, but: str = "") -> tuple[Transfer, ...]:
    """The incomes of these claims' contracts, but for the contract of this key."""
    entries = [(claim.contract.key, transfer_income(read_facts(claim.facts))[0]) for claim in claims]
    return tuple(Transfer(key, income) for key, income in entries if key != but)


def claims_of_year(taxpayer_id: int, year: int, group: str) -> QuerySet[Claim]:
    """What of this group stands in the ledger for a taxpayer's year: refused, dropped and lapsed ones do not count."""
    live = Claim.objects.filter(taxpayer_id=taxpayer_id, tax_year=year, group=group, state__in=LIVE)
    return live.select_related("contract__registration", "rule_text").order_by("contract__key", "pk")


def facts_in_year(facts: Facts, contract: TechnologyContract, rule: Rule, claims: Iterable[Claim]) -> Facts:
    """The facts with the year's other transfers beside them, where the rule has a yearly cap. `claims`: those of the year."""
    if rule.formula != SHARED:
        return Facts(facts.values, key=contract.key)
    others = [claim for claim in claims if rule_of(claim).formula == SHARED]
    return Facts(facts.values, key=contract.key, others=others_of(others, but=contract.key))


def rule_of(claim: Claim) -> Rule:
    """The rule in the words by which the claim was counted."""
    return rule_from(claim.rule_text.text)


def finding_of(rule_id: str, facts: Facts) -> Finding:
    """What today's rule book says of these facts under this rule, with the working days as announced."""
    return find(book(), rule_id, facts, working_calendar())


def findings_of(facts: Facts) -> tuple[Finding, ...]:
    """What today's rule book says of these facts."""
    return findings(book(), facts, working_calendar())


def findings_for_contract(contract: TechnologyContract, taxpayer_id: int, facts: Facts) -> tuple[Finding, ...]:
    """Every rule's finding on a contract, each with the year's other transfers in the ledger beside it."""
    calendar, told = working_calendar(), []
    day, claimed = facts.day("day"), live_claims(contract)
    shared = {rule.group for rule in book().rules if rule.formula == SHARED}
    of_year = {group: list(claims_of_year(taxpayer_id, day.year, group)) for group in shared} if day else {}
    for rule_id in book().ids():
        rule = book().versions(rule_id)[0]
        known = known_facts(contract, taxpayer_id, facts, rule, claimed)
        told.append(find(book(), rule_id, facts_in_year(known, contract, rule, of_year.get(rule.group, ())), calendar))
    return tuple(told)


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Everything the page of a claim shows."""

    claim: Claim
    rule: Rule
    facts: Facts
    is_rule_current: bool
    story: list[StoryEntry]


def claim_page(claim: Claim, *, actor: Actor) -> ClaimPage:
    """The claim with the rule in the words it was counted by, and whether the book still says the same."""
    rule = rule_of(claim)
    facts = read_facts(claim.facts)
    now_in_book = book().on(claim.rule_id, facts.day(rule.day_fact))
    is_current = now_in_book is not None and now_in_book.digest == rule.digest
    return ClaimPage(claim, rule, facts, is_current, story(timeline([claim.subject]), reader=actor))


@dataclass(frozen=True, slots=True)
class Realised:
    """One rule in one tax year: what was counted, filed and granted less what came back, in money and as a share."""

    tax_year: int
    rule_id: str
    zh: str
    en: str
    entitled: Money
    filed: Money
    granted: Money

    @property
    def share(self) -> Decimal:
        """What was granted of what taxpayers were entitled to, between 0 and 1, to the thousandth."""
        return round(Decimal(self.granted.fen) / self.entitled.fen, 3) if self.entitled.fen else Decimal(0)


def realised_relief(claims: QuerySet[Claim]) -> list[Realised]:
    """By tax year and rule, the latest year first: granted over entitled. Dropped and lapsed claims are no entitlement."""
    counted = claims.exclude(state__in=[ClaimState.DROPPED, ClaimState.LAPSED])
    rows = (
        counted.order_by()
        .values("tax_year", "rule_id")
        .annotate(
            sum_entitled=Sum("entitled_fen"),
            sum_filed=Sum("filed_fen", default=0),
            sum_granted=Sum("granted_fen", default=0),
            sum_recovered=Sum("recovered_fen"),
        )
        .order_by("-tax_year", "rule_id")
    )
    names = {rule.id: rule for rule in reversed(book().rules)}
    return [
        Realised(
            tax_year=row["tax_year"],
            rule_id=row["rule_id"],
            zh=names[row["rule_id"]].zh,
            en=names[row["rule_id"]].en,
            entitled=Money(row["sum_entitled"]),
            filed=Money(row["sum_filed"]),
            granted=Money(row["sum_granted"] - row["sum_recovered"]),
        )
        for row in rows
        if row["rule_id"] in names
    ]


def contracts_without_claims(actor: Actor) -> QuerySet[TechnologyContract]:
    """The registered contracts of the actor's organisation on which it has no relief in the ledger."""
    own = Q(seller_id=actor.organisation) | Q(buyer_id=actor.organisation)
    claimed = Claim.objects.filter(taxpayer_id=actor.organisation or 0).values("contract")
    registered = TechnologyContract.objects.filter(own, registration__state=RegistrationState.IN_FORCE)
    return (
        registered.exclude(pk__in=claimed).select_related("seller", "buyer", "registration")
        if actor.organisation
        else registered.none()
    )


def claims_to_remind(today: date) -> QuerySet[Claim]:
    """Those not yet filed whose last day has not passed, the first due first."""
    return Claim.objects.filter(state=ClaimState.ENTITLED, due_on__gte=today, reminders__lt=2).order_by("due_on", "pk")
