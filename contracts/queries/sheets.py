"""What does a registration form say, and what does the pre-check find in it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from contracts.form_kinds import HOME_COUNTRY
from contracts.kinds import IpKind
from contracts.models import Sheet
from contracts.queries.origins import differences
from contracts.queries.radar import candidates
from contracts.rule_sets import RuleSet
from contracts.rules.amounts import Price
from contracts.rules.precheck import Finding, PartyFacts, SheetFacts, findings
from contracts.rules.radar import Entry
from contracts.states import SheetState
from listings.kinds import PaymentMode
from market.accounts.models import Organisation
from market.values.actor import Actor
from market.values.money import Money

_ROYALTY = {PaymentMode.ROYALTY, PaymentMode.ROYALTY_WITH_ENTRY_FEE}


@dataclass(frozen=True, slots=True)
class PartyTerms:
    """One party as it was typed."""

    side: str
    name: str
    code: str = ""
    nature: str = ""
    country: str = HOME_COUNTRY
    region: str = ""
    representative: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    industry: str = ""
    scale: str = ""
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormTerms:
    """A whole registration form beside the contract's terms."""

    kind: str
    title: str
    content: str
    ownership: str
    ip_kind: str
    price: Price
    technology: Money
    payment_mode: str
    is_cross_border: bool
    signed_on: date
    valid_until: date
    parties: tuple[PartyTerms, ...]
    instalments: tuple[tuple[str, int], ...]
    details: dict[str, str]


# Forms are filled in and submitted within weeks; the last of them are enough on a page.
MOST_SHEETS = 30


def sheets_of(actor: Actor) -> QuerySet[Sheet]:
    """The forms of the actor's own organisation, but for those thrown away, the open and last changed first."""
    mine = Sheet.objects.filter(applicant_id=actor.organisation or 0).exclude(state=SheetState.DISCARDED)
    return mine.select_related("contract", "applicant").order_by("state", "-changed_at")


def sheet_findings(sheet: Sheet, form: FormTerms, rule_set: RuleSet, *, has_text: bool, today: date) -> list[Finding]:
    """What the pre-check finds in this form, under the rules of today."""
    entry = Entry(sheet.contract.key if sheet.contract else "", "", form.title, form.content)
    facts = SheetFacts(
        kind=form.kind,
        licence_kind=form.details.get("licence_kind", ""),
        entry=entry,
        ownership=form.ownership,
        has_ip=form.ip_kind != IpKind.NONE,
        price=form.price,
        stated_technology=form.technology,
        instalments=tuple(Money(fen) for _, fen in form.instalments),
        pays_instalments=form.payment_mode == PaymentMode.INSTALMENTS,
        pays_royalties=form.payment_mode in _ROYALTY,
        parties=tuple(PartyFacts(it.side, it.name, it.code, it.country != HOME_COUNTRY) for it in form.parties),
        applicant_code=sheet.applicant.social_credit_code,
        applicants=rule_set.applicants,
        is_cross_border=form.is_cross_border,
        signed_on=form.signed_on,
        valid_until=form.valid_until,
        has_text=has_text,
        is_explained=bool(form.details.get("explanation", "").strip()),
        differences=tuple(it.name for it in differences(sheet.contract)),
    )
    known = candidates(form.title, codes=[party.code for party in form.parties], but=sheet.contract)
    return findings(facts, known, today=today)


def organisations_by_code(codes: list[str]) -> dict[str, Organisation]:
    """The organisations of the market with these social credit codes."""
    return {it.social_credit_code: it for it in Organisation.objects.filter(social_credit_code__in=[c for c in codes if c])}
