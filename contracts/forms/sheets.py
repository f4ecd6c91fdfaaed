"""The registration form, step by step; every step is kept as it was typed, whether it is right yet or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contracts.actions.contracts import ContractTerms, terms_of
from contracts.form_kinds import HOME_COUNTRY, LicenceKind, PartyNature, PartySide, PartyTrait, Programme, RoyaltyBase, Scale
from contracts.forms.contracts import ContractForm, long_text
from contracts.kinds import SUB_KINDS
from contracts.models import Sheet, TechnologyContract
from contracts.queries.contracts import price_of
from contracts.queries.drafts import party_of
from contracts.queries.sheets import FormTerms, PartyTerms
from contracts.rules.amounts import Price
from listings.codes import is_industry_code
from listings.forms.achievements import IndustryCodeInput
from market.documents.fields import DocumentsField, UploadForm
from market.fields import DayField, MoneyField
from market.values.actor import Actor
from market.values.money import ZERO, Money
from market.values.social_code import is_social_code

_TERMS = ContractForm.base_fields


class StepForm(UploadForm):
    """One step; `version` is the number of savings the page was made of."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class SubjectForm(StepForm):
    """What it is about."""

    kind, sub_kind = _TERMS["kind"], _TERMS["sub_kind"]
    licence_kind = forms.ChoiceField(label=_("Kind of licence"), choices=[("", "—"), *LicenceKind.choices], required=False)
    title, content = _TERMS["title"], _TERMS["content"]
    delivery, ownership, liability = _TERMS["delivery"], _TERMS["ownership"], _TERMS["liability"]
    ip_kind = _TERMS["ip_kind"]
    ip_numbers = forms.CharField(
        label=_("Numbers of patents or registrations"), max_length=200, required=False, help_text=_("Separated by commas.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("sub_kind") and data["sub_kind"] not in SUB_KINDS.get(data.get("kind", ""), ()):
            self.add_error("sub_kind", _("Choose a sub-kind of the kind above."))
        return data


class PartyForm(forms.Form):
    """One party; an empty row is none."""

    side = forms.ChoiceField(label=_("Side"), choices=PartySide.choices)
    name = forms.CharField(label=pgettext_lazy("organisation", "Name"), max_length=120, required=False)
    code = forms.CharField(label=_("Unified social credit code"), max_length=18, required=False)
    nature = forms.ChoiceField(label=_("Kind of organisation"), choices=[("", "—"), *PartyNature.choices], required=False)
    country = forms.RegexField(label=_("Country (customs code)"), regex=r"^\d{3}$", initial=HOME_COUNTRY, required=False)
    region = forms.RegexField(label=_("Region (GB/T 2260)"), regex=r"^\d{6}$", required=False)
    representative = forms.CharField(label=_("Legal representative"), max_length=60, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=10, required=False)
    industry = forms.CharField(
        label=_("Industry of the organisation (GB/T 4754)"), max_length=4, required=False, widget=IndustryCodeInput
    )
    scale = forms.ChoiceField(label=_("Size"), choices=[("", "—"), *Scale.choices], required=False)
    traits = forms.MultipleChoiceField(
        label=_("It is also"), choices=PartyTrait.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("name"):
            return data
        data["traits"] = tuple(data.get("traits") or ())
        if data.get("industry") and not is_industry_code(data["industry"]):
            self.add_error("industry", _("“%(code)s” is no code of GB/T 4754.") % {"code": data["industry"]})
        is_abroad = (data.get("country") or HOME_COUNTRY) != HOME_COUNTRY
        code = data["code"] = (data.get("code") or "").strip().upper()
        if code and not is_abroad and not is_social_code(code) and data.get("nature") != PartyNature.PERSON:
            self.add_error("code", _("This is no unified social credit code."))
        if not data.get("nature"):
            self.add_error("nature", _("Choose the kind of organisation."))
        return data


class _PartyRows(forms.BaseFormSet):
    def clean(self) -> None:
        if not any(row.cleaned_data.get("name") for row in self.forms if hasattr(row, "cleaned_data")):
            raise ValidationError(_("Enter the parties."))


PartyRows = forms.formset_factory(PartyForm, formset=_PartyRows, extra=3, max_num=12, absolute_max=12)


class PriceForm(StepForm):
    """What it costs, item by item, and how it is paid."""

    price = _TERMS["price"]
    technology = MoneyField(label=_("Of it for technology"))
    equipment, materials, other = _TERMS["equipment"], _TERMS["materials"], _TERMS["other"]
    carriers, royalties = _TERMS["carriers"], _TERMS["royalties"]
    payment_mode = _TERMS["payment_mode"]
    instalments = long_text(
        _("Instalments"), 3, required=False, help_text=_("One a line: day and amount, such as 2026/06/30 500000.")
    )
    royalty_base = forms.ChoiceField(label=_("Royalties on"), choices=[("", "—"), *RoyaltyBase.choices], required=False)
    royalty_rate = forms.CharField(label=_("Royalty rate"), max_length=60, required=False)
    is_cross_border = _TERMS["is_cross_border"]
    currency = forms.RegexField(label=_("Currency, if not yuan"), regex=r"^[A-Z]{3}$", required=False)
    foreign_amount = forms.CharField(
        label=_("Amount in that currency"),
        max_length=30,
        required=False,
        help_text=_("The price above is in yuan at the central parity of the day of signing."),
    )

    def clean_instalments(self) -> list[tuple[date, Money]]:
        return [_instalment(line) for line in self.cleaned_data["instalments"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("equipment", "materials", "other", "carriers", "royalties"):
            data[name] = data.get(name) or ZERO
        return data


def _instalment(line: str) -> tuple[date, Money]:
    try:
        day, amount = line.replace("，", " ").replace(",", "").split()
        return date.fromisoformat(day.replace("/", "-")), Money.yuan(amount)
    except ValueError as error:
        raise ValidationError(_("“%(line)s” is no day and amount."), params={"line": line.strip()}) from error


class DetailsForm(StepForm):
    """When it holds, and what statistics are made of."""

    signed_on = DayField(label=_("Signed on"))
    valid_from, valid_until = _TERMS["valid_from"], _TERMS["valid_until"]
    funding_source = _TERMS["funding_source"]
    programme = forms.ChoiceField(label=_("National programme"), choices=[("", "—"), *Programme.choices], required=False)
    technology_field, objective = _TERMS["technology_field"], _TERMS["objective"]
    industry_served, is_related_party = _TERMS["industry_served"], _TERMS["is_related_party"]
    valuation = MoneyField(
        label=_("Value by a valuation report"), required=False, help_text=_("If there was one; attach it to the papers.")
    )
    new_investment = MoneyField(label=_("Expected new investment"), required=False)
    new_output = MoneyField(label=_("Expected new output a year"), required=False)
    broker = forms.CharField(label=_("Broker, if any"), max_length=120, required=False)
    contact = forms.CharField(label=_("Contact of the applicant"), max_length=60)
    contact_phone = forms.CharField(label=_("Telephone of the contact"), max_length=40)
    explanation = long_text(
        _("Why it differs from listing and notice"),
        3,
        required=False,
        help_text=_("Where price or subject is another than announced."),
    )

    def clean_industry_served(self) -> str:
        code: str = self.cleaned_data["industry_served"]
        if code and not is_industry_code(code):
            raise ValidationError(_("“%(code)s” is no code of GB/T 4754."), params={"code": code})
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("valid_from") and data.get("valid_until") and data["valid_until"] < data["valid_from"]:
            self.add_error("valid_until", _("The contract ends before it begins."))
        return data


class PapersForm(StepForm):
    """The text and its annexes."""

    documents = DocumentsField(
        label=_("Contract text and evidence"), help_text=_("The full text with all signatures; PDF is best."), required=False
    )
    is_undertaken = forms.BooleanField(
        label=_("We undertake that the papers are genuine and the contract is registered nowhere else.")
    )


_DETAILS = (
    *("licence_kind", "ip_numbers", "royalty_base", "royalty_rate", "currency", "foreign_amount", "programme"),
    *("valuation", "new_investment", "new_output", "broker", "contact", "contact_phone", "explanation"),
)

STEPS: dict[str, tuple[Any, type[StepForm]]] = {
    "subject": (_("Subject"), SubjectForm),
    "parties": (_("Parties"), StepForm),
    "price": (_("Price"), PriceForm),
    "details": (_("Term and purpose"), DetailsForm),
    "papers": (_("Papers"), PapersForm),
}


@dataclass(frozen=True, slots=True)
class ParsedSheet:
    """A form as far as it has come: each step's form, the parties, and when all is right the terms."""

    steps: dict[str, StepForm]
    rows: Any
    terms: tuple[FormTerms, ContractTerms] | None

    def is_right(self, step: str) -> bool:
        return bool(self.rows.is_valid() if step == "parties" else self.steps[step].is_valid())


def step_form(sheet: Sheet, step: str, *, actor: Actor, data: Any = None, files: Any = None) -> StepForm:
    """The form of this step: with what is sent now, else with what was kept, else with what the contract says."""
    initial: dict[str, Any] = {"version": sheet.version}
    if step == "papers":
        initial["documents"] = list(sheet.documents.all())
    kept = sheet.answers.get(step)
    if data is None and kept is not None and step != "papers":
        data = _as_sent(kept, sheet.version)
    form = STEPS[step][1](data, files, actor=actor, initial=initial)
    _take_from_contract(form, sheet)
    return form


def party_rows(sheet: Sheet, *, data: Any = None) -> Any:
    """The rows of parties: sent now, kept, or known from the market."""
    kept = sheet.answers.get("parties")
    if data is None and kept is not None:
        data = _as_sent(kept, sheet.version)
    # Rows that were sent are read as they are: one that equals what was proposed would count as empty otherwise.
    return PartyRows(data, prefix="parties") if data is not None else PartyRows(prefix="parties", initial=_known_parties(sheet))


def parse_sheet(sheet: Sheet, *, actor: Actor) -> ParsedSheet:
    """Everything kept, checked."""
    steps = {
        step: step_form(sheet, step, actor=actor, data=_as_sent(sheet.answers.get(step, {}), sheet.version)) for step in STEPS
    }
    steps["papers"].fields.pop("documents", None)
    rows = party_rows(sheet, data=_as_sent(sheet.answers.get("parties", _rows_agreed(sheet)), sheet.version))
    if not all(form.is_valid() for form in steps.values()) or not rows.is_valid():
        return ParsedSheet(steps, rows, None)
    data: dict[str, Any] = {}
    for form in steps.values():
        data |= form.cleaned_data
    return ParsedSheet(steps, rows, (_form_terms(data, rows), _contract_terms(data)))


def _rows_agreed(sheet: Sheet) -> dict[str, list[str]]:
    """The parties of a contract of the market's own as if they had been typed; none for other forms."""
    parties = _known_parties(sheet) if _is_agreed(sheet) else []
    rows = {
        f"parties-{number}-{name}": value if isinstance(value, list) else [value]
        for number, party in enumerate(parties)
        for name, value in party.items()
    }
    return {"parties-TOTAL_FORMS": [str(len(parties))], "parties-INITIAL_FORMS": ["0"], **rows}


def _is_agreed(sheet: Sheet) -> bool:
    return sheet.contract is not None and sheet.contract.deal_id is not None


def _as_sent(kept: dict[str, list[str]], version: int) -> QueryDict:
    sent = QueryDict(mutable=True)
    for name, values in {**kept, "version": [str(version)]}.items():
        sent.setlist(name, values)
    return sent


def _take_from_contract(form: StepForm, sheet: Sheet) -> None:
    """The terms of a contract of the market's own were agreed to by both sides: they are shown, and not typed again."""
    contract = sheet.contract
    if contract is None or contract.deal_id is None:
        return
    terms = terms_of(contract)
    agreed = {name: getattr(terms, name) for name in ContractForm.base_fields}
    agreed |= {"signed_on": contract.signed_on, "technology": price_of(contract).technology}
    for name in form.fields.keys() & agreed.keys():
        form.fields[name].disabled = True
        form.initial[name] = agreed[name]


def _known_parties(sheet: Sheet) -> list[dict[str, Any]]:
    """The parties as the contract has them, or the applicant as the market knows it and a buyer to be named."""
    if sheet.contract is not None:
        parties = list(sheet.contract.parties.all())
    else:
        parties = [party_of(TechnologyContract(), PartySide.SELLER, sheet.applicant)]
    for party in parties:
        if party.organisation_id == sheet.applicant_id and not party.representative:
            party.representative = sheet.applicant.legal_representative
    known = [{name: getattr(party, name) for name in PartyForm.base_fields} for party in parties]
    return known if sheet.contract is not None else [*known, {"side": PartySide.BUYER.value}]


def _form_terms(data: dict[str, Any], rows: Any) -> FormTerms:
    price = Price(data["price"], data["equipment"], data["materials"], data["other"], data["carriers"], data["royalties"])
    typed = [row.cleaned_data for row in rows if row.cleaned_data.get("name")]
    return FormTerms(
        kind=data["kind"],
        title=data["title"],
        content=data["content"],
        ownership=data["ownership"],
        ip_kind=data["ip_kind"],
        price=price,
        technology=data["technology"],
        payment_mode=data["payment_mode"],
        is_cross_border=data["is_cross_border"],
        signed_on=data["signed_on"],
        valid_until=data["valid_until"],
        parties=tuple(PartyTerms(**{**party, "country": party["country"] or HOME_COUNTRY}) for party in typed),
        instalments=tuple((day.isoformat(), amount.fen) for day, amount in data["instalments"]),
        details={name: str(data[name]) for name in _DETAILS if data.get(name)},
    )


def _contract_terms(data: dict[str, Any]) -> ContractTerms:
    return ContractTerms(**{name: data[name] for name in ContractForm.base_fields})
