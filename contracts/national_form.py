"""The national registration form of one contract: its fields by the national system's names, so that nobody retypes them.

Words are Chinese, as the national form has them, whatever the language of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from contracts.form_kinds import LicenceKind, Origin, PartyTrait, Programme, RoyaltyBase
from contracts.models import ContractParty, TechnologyContract
from contracts.queries.origins import origins_of, party_origins
from contracts.wording import word_of
from market.values.money import Money
from market.values.writing import written_day


@dataclass(frozen=True, slots=True)
class Subject:
    """A contract, and the two values that the registry decides, or is asked to decide."""

    contract: TechnologyContract
    contract_value: Money
    technology_value: Money

    def detail(self, name: str) -> str:
        return str(self.contract.details.get(name, ""))


@dataclass(frozen=True, slots=True)
class Field[T]:
    """A field: the national name, the market's name for it, the term it shows, its words and, of an enumeration, its code."""

    name: str
    label: Any
    term: str
    words: Callable[[T], object]
    code: Callable[[T], object] = lambda _it: ""


@dataclass(frozen=True, slots=True)
class FormLine:
    """One filled field of the form and where it came from."""

    name: str
    label: str
    words: str
    code: str
    origin: Origin
    day: date | None = None

    @property
    def shown(self) -> str:
        """The words as people read them: a day is written out, which the data has in ISO form."""
        return written_day(self.day, "zh-hans") if self.day else self.words


def _chosen(kinds: Any, name: str) -> Callable[[Subject], object]:
    return lambda it: kinds(it.detail(name)).label if it.detail(name) else ""


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _term(name: str) -> tuple[Callable[[Subject], object], Callable[[Subject], object]]:
    return lambda it: word_of(it.contract, name), lambda it: getattr(it.contract, name)


def _trait(trait: PartyTrait) -> Callable[[ContractParty], object]:
    return lambda it: _yes(trait in it.traits)


def _instalments(it: Subject) -> str:
    instalments = it.contract.details.get("instalments", [])
    return "；".join(f"{written_day(date.fromisoformat(day), 'zh-hans')} {Money(fen).in_yuan:.2f}" for day, fen in instalments)


# paymethod has its numbers in the national system: 1 at once, 2 in instalments (medium).
_PAYMENT_CODES = {"lump_sum": "1", "instalments": "2"}

CONTRACT_FIELDS: tuple[Field[Subject], ...] = (
    Field("projectname", _("Title"), "title", lambda it: it.contract.title),
    Field("contracttype", _("Kind"), "kind", *_term("kind")),
    Field("subtype", _("Sub-kind"), "sub_kind", *_term("sub_kind")),
    Field("licencetype", _("Kind of licence"), "", _chosen(LicenceKind, "licence_kind"), lambda it: it.detail("licence_kind")),
    Field("totalamount", _("Contract value"), "price_fen", lambda it: f"{it.contract_value.in_yuan:.2f}"),
    Field("technicalamount", _("Technology transaction value"), "value", lambda it: f"{it.technology_value.in_yuan:.2f}"),
    Field(
        "paymethod",
        _("Payment"),
        "payment_mode",
        lambda it: word_of(it.contract, "payment_mode"),
        lambda it: _PAYMENT_CODES.get(it.contract.payment_mode, it.contract.payment_mode),
    ),
    Field("instalments", _("Instalments"), "", _instalments),
    Field("royaltybase", _("Royalties on"), "", _chosen(RoyaltyBase, "royalty_base"), lambda it: it.detail("royalty_base")),
    Field("royaltyrate", _("Royalty rate"), "", lambda it: it.detail("royalty_rate")),
    Field("signdate", _("Signed on"), "signed_on", lambda it: it.contract.signed_on or ""),
    Field("contractbegindate", _("Valid from"), "valid_from", lambda it: it.contract.valid_from),
    Field("contractenddate", _("Valid until"), "valid_until", lambda it: it.contract.valid_until),
    Field("ipr", _("Intellectual property"), "ip_kind", *_term("ip_kind")),
    Field("iprnumber", _("Numbers of patents or registrations"), "", lambda it: it.detail("ip_numbers")),
    Field("projectplantype", _("Origin of funding"), "funding_source", *_term("funding_source")),
    Field("projectplan", _("National programme"), "", _chosen(Programme, "programme"), lambda it: it.detail("programme")),
    Field("techarea", _("Field of technology"), "technology_field", *_term("technology_field")),
    Field("socialgoal", _("Social-economic goal"), "objective", *_term("objective")),
    Field("industry", _("Industry served (GB/T 4754)"), "industry_served", lambda it: it.contract.industry_served),
    Field("isrelated", _("Between related parties"), "is_related_party", lambda it: _yes(it.contract.is_related_party)),
    Field("iscrossborder", _("Cross-border"), "is_cross_border", lambda it: _yes(it.contract.is_cross_border)),
    Field("currency", _("Currency, if not yuan"), "", lambda it: it.detail("currency")),
    Field("foreignamount", _("Amount in that currency"), "", lambda it: it.detail("foreign_amount")),
    Field("valuation", _("Value by a valuation report"), "", lambda it: it.detail("valuation")),
    Field("newinvestment", _("Expected new investment"), "", lambda it: it.detail("new_investment")),
    Field("newoutput", _("Expected new output a year"), "", lambda it: it.detail("new_output")),
    Field("agent", _("Broker, if any"), "", lambda it: it.detail("broker")),
    Field("contact", _("Contact of the applicant"), "", lambda it: it.detail("contact")),
    Field("contacttel", _("Telephone of the contact"), "", lambda it: it.detail("contact_phone")),
    Field("content", _("Technical content, scope and requirements"), "content", lambda it: it.contract.content),
)

# Of each party; the national names have the side before them: sellername, buyername.
PARTY_FIELDS: tuple[Field[ContractParty], ...] = (
    Field("name", _("name of the party"), "name", lambda it: it.name),
    Field("code", _("unified social credit code"), "code", lambda it: it.code),
    Field("type", _("kind of organisation"), "nature", lambda it: word_of(it, "nature"), lambda it: it.nature),
    Field("country", _("country (customs code)"), "country", lambda it: it.country),
    Field("region", _("region (GB/T 2260)"), "region", lambda it: it.region),
    Field("_address", _("address"), "address", lambda it: it.address),
    Field("_zipcode", _("postcode"), "postcode", lambda it: it.postcode),
    Field("_representative", _("legal representative"), "representative", lambda it: it.representative),
    Field("_contact", _("contact"), "contact", lambda it: it.contact),
    Field("_contacttel", _("telephone"), "phone", lambda it: it.phone),
    Field("_industry", _("industry of the organisation (GB/T 4754)"), "industry", lambda it: it.industry),
    Field("_scale", _("size"), "scale", lambda it: word_of(it, "scale"), lambda it: it.scale),
    *(
        Field(name, trait.label, "traits", _trait(trait))
        for name, trait in (
            ("_jszyjg", PartyTrait.TRANSFER_INSTITUTION),
            ("_isyfjg", PartyTrait.RESEARCH_INSTITUTION),
            ("_zzkyys", PartyTrait.CONVERTED),
            ("_countrygxqqy", PartyTrait.HIGH_TECH_ZONE),
            ("_islist", PartyTrait.LISTED),
        )
    ),
)


def form_lines(subject: Subject, *, is_decided: bool) -> list[FormLine]:
    """Every field of the form in order, the parties after the contract; joint parties are numbered from the second on."""
    origins: Mapping[str, Origin] = origins_of(subject.contract)
    typed = origins["signed_on"] if origins["signed_on"] == Origin.IMPORTED else Origin.TYPED
    value = Origin.REGISTRY if is_decided else origins["price_fen"]
    with override("zh-hans"):
        lines = [
            _line(field, subject, field.name, value if field.term == "value" else origins.get(field.term, typed))
            for field in CONTRACT_FIELDS
        ]
        for party in subject.contract.parties.all():
            known = party_origins(subject.contract, party)
            number = "" if party.position == 1 else f"_{party.position}"
            lines += [
                _line(field, party, f"{party.side}{field.name}{number}", known.get(field.term, typed), party.get_side_display())
                for field in PARTY_FIELDS
            ]
    return lines


def _line[T](field: Field[T], it: T, name: str, origin: Origin, side: object = "") -> FormLine:
    label = f"{side} {field.label}" if side else str(field.label)
    words = field.words(it)
    return FormLine(name, label, str(words or ""), str(field.code(it) or ""), origin, words if isinstance(words, date) else None)


def as_data(lines: Sequence[FormLine]) -> dict[str, dict[str, str]]:
    """The form by the national names, for a machine that fills it in."""
    return {
        line.name: {"label": line.label, "value": line.words, "code": line.code, "origin": line.origin.value} for line in lines
    }
