"""What is typed about a case of relief, and about its filing, granting and recovery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contracts.relief.queries import REGISTERED
from contracts.relief.rules.facts import Fact, Facts
from contracts.relief.wording import FACTS, VALUES, Words
from market.fields import DayField, MoneyField, PercentField
from market.refusals import sentence
from market.values.money import ZERO, Money
from market.values.refusal import Refusal

_RATES = [
    ("0.25", pgettext_lazy("rate", "25 %")),
    ("0.15", pgettext_lazy("rate", "15 % (high-tech enterprise)")),
    ("0.05", pgettext_lazy("rate", "5 % (small enterprise of low profit)")),
]
_EXAMPLES: dict[str, Any] = {
    "contract_kind": "transfer",
    "right": "invention",
    "grant": "ownership",
    "recognised": True,
    "separate_accounting": True,
    "owns_technology": True,
    "equity_share": Decimal(1),
    "invested_is_resident": True,
    "equity_filed": True,
}


class _Amount(MoneyField):
    """An amount that is not negative."""

    def clean(self, value: Any) -> Money | None:
        amount = super().clean(value)
        if amount is not None and amount < ZERO:
            raise ValidationError(_("Enter an amount that is not negative."))
        return amount


class _Share(PercentField):
    """A percentage that may be nothing."""

    def clean(self, value: Any) -> Decimal | None:
        return None if str(value or "").strip() in ("0", "0%") else super().clean(value)


def _amount(name: str) -> MoneyField:
    return _Amount(label=FACTS[name], required=False, help_text="")


def _choice(name: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=FACTS[name], choices=list(VALUES[name].items()))


def _flag(name: str) -> forms.BooleanField:
    return forms.BooleanField(label=FACTS[name], required=False)


def _day(name: str) -> DayField:
    return DayField(label=FACTS[name], required=False)


def _share(name: str) -> PercentField:
    return _Share(label=FACTS[name], required=False, max_length=10)


@dataclass(frozen=True, slots=True)
class Section:
    """Some fields under a title; those that few need are folded until something stands in them."""

    title: Words
    fields: list[forms.BoundField]
    is_folded: bool


_SECTIONS: tuple[tuple[Words, bool, tuple[str, ...]], ...] = (
    (
        _("The contract"),
        False,
        (
            "contract_kind", "right", "design_is_technical", "grant", "side", "price", "part_of_price", "equipment", "related_service",
            "same_invoice", "day", "signed_on", "term_start", "term_end", "recognised", "separate_accounting",
        ),
    ),
    (_("The taxpayer"), False, ("taxpayer", "vat_payer", "cit_rate", "is_small", "holding_direct", "holding_indirect")),
    (
        _("Income from the transfer"),
        False,
        ("net_value", "taxes_fees", "period_expense", "others_income"),
    ),
    (
        _("Licence fees of the year"),
        True,
        ("owns_technology", "due_this_year", "amortisation", "amortisation_share", "period_expenses_total", "sales_total"),
    ),
    (
        _("Public funds, export, pilot area"),
        True,
        ("is_publicly_funded", "has_approval", "export_restricted", "buyer_place", "used_in", "pilot_park"),
    ),
    (
        _("Value added tax and stamp duty"),
        True,
        (
            "waived_on", "vat_period", "period_sales", "common_input_vat", "exempt_sales", "all_sales", "listed_vat",
            "actual_settled", "research_funds",
        ),
    ),
    (
        _("Rewards to those who made it"),
        True,
        (
            "award", "salary", "income_received_on", "award_paid_on", "publicised", "reward_way", "reward_costs",
            "total_reward", "operating_profit",
        ),
    ),
    (
        _("Technology for shares"),
        True,
        (
            "equity_choice", "equity_share", "equity_value", "original_cost", "disposal_price", "disposal_fees",
            "invested_is_resident", "equity_filed",
        ),
    ),
    (
        _("Research costs"),
        True,
        ("research_mode", "research_cost", "domestic_eligible", "excluded_industry", "is_listed_industry"),
    ),
)  # fmt: skip


class FactsForm(forms.Form):
    """A case of relief: what is left empty is nothing, or not the case."""

    contract_kind = _choice("contract_kind")
    right = _choice("right")
    design_is_technical = _flag("design_is_technical")
    grant = _choice("grant")
    side = _choice("side")
    price = _Amount(label=FACTS["price"], required=False)
    part_of_price = _Amount(
        label=FACTS["part_of_price"],
        required=False,
        help_text=_(
            "Leave it empty for all of it. For instalments, what belongs to this year; the rest can be claimed in its own."
        ),
    )
    equipment = _amount("equipment")
    related_service = _amount("related_service")
    same_invoice = _flag("same_invoice")
    day = DayField(label=FACTS["day"], help_text=_("It says which rules are in force, and the tax year."))
    signed_on = _day("signed_on")
    term_start = _day("term_start")
    term_end = _day("term_end")
    recognised = _flag("recognised")
    separate_accounting = _flag("separate_accounting")
    taxpayer = _choice("taxpayer")
    vat_payer = _choice("vat_payer")
    cit_rate = forms.TypedChoiceField(label=FACTS["cit_rate"], choices=_RATES, coerce=Decimal)
    is_small = _flag("is_small")
    holding_direct = _share("holding_direct")
    holding_indirect = _share("holding_indirect")
    net_value = _amount("net_value")
    taxes_fees = _amount("taxes_fees")
    period_expense = _amount("period_expense")
    others_income = MoneyField(
        label=FACTS["others_income"],
        required=False,
        help_text=_("The year's cap is one for all transfers; losses lessen the sum."),
    )
    owns_technology = _flag("owns_technology")
    due_this_year = _amount("due_this_year")
    amortisation = _amount("amortisation")
    amortisation_share = _share("amortisation_share")
    period_expenses_total = _amount("period_expenses_total")
    sales_total = _amount("sales_total")
    is_publicly_funded = _flag("is_publicly_funded")
    has_approval = _flag("has_approval")
    export_restricted = _flag("export_restricted")
    buyer_place = _choice("buyer_place")
    used_in = _choice("used_in")
    pilot_park = _choice("pilot_park")
    waived_on = _day("waived_on")
    vat_period = _choice("vat_period")
    period_sales = _amount("period_sales")
    common_input_vat = _amount("common_input_vat")
    exempt_sales = _amount("exempt_sales")
    all_sales = _amount("all_sales")
    listed_vat = _amount("listed_vat")
    actual_settled = _amount("actual_settled")
    research_funds = _amount("research_funds")
    award = _amount("award")
    salary = _amount("salary")
    income_received_on = _day("income_received_on")
    award_paid_on = _day("award_paid_on")
    publicised = _flag("publicised")
    reward_way = _choice("reward_way")
    reward_costs = _amount("reward_costs")
    total_reward = _amount("total_reward")
    operating_profit = _amount("operating_profit")
    equity_choice = _choice("equity_choice")
    equity_share = _share("equity_share")
    equity_value = _amount("equity_value")
    original_cost = _amount("original_cost")
    disposal_price = _amount("disposal_price")
    disposal_fees = _amount("disposal_fees")
    invested_is_resident = _flag("invested_is_resident")
    equity_filed = _flag("equity_filed")
    research_mode = _choice("research_mode")
    research_cost = _amount("research_cost")
    domestic_eligible = _amount("domestic_eligible")
    excluded_industry = _flag("excluded_industry")
    is_listed_industry = _flag("is_listed_industry")

    def __init__(self, *args: Any, known: dict[str, Fact] | None = None, **options: Any) -> None:
        """`known` are facts that are not typed: the register's, for a contract that stands in it."""
        super().__init__(*args, **options)
        self.known = known or {}
        for name in self.known or ("part_of_price",):
            self.fields.pop(name, None)

    @property
    def sections(self) -> Iterator[Section]:
        """The fields in their sections; a folded one opens when something was typed into it or is wrong."""
        for title, is_folded, names in _SECTIONS:
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                yield Section(title, fields, is_folded and not any(self._is_used(field) for field in fields))

    def _is_used(self, field: forms.BoundField) -> bool:
        if field.errors:
            return True
        if not isinstance(field.field, forms.BooleanField | forms.ChoiceField):
            return field.value() not in (None, "", Decimal(1)) and field.name != "equity_share"
        first = next(iter(VALUES.get(field.name, {})), "")
        return isinstance(field.field, forms.ChoiceField) and field.value() not in (None, "", first)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        price = self.known.get("price", data.get("price"))
        parts = [data.get(name) or self.known.get(name) or ZERO for name in ("equipment", "related_service")]
        if isinstance(price, Money) and price.fen < sum(part.fen for part in parts if isinstance(part, Money)):
            self.add_error("related_service", sentence(Refusal("relief.parts_exceed_price")))
        return data

    def to_facts(self) -> Facts:
        return Facts({**{name: self.cleaned_data.get(name) for name in self.fields}, **self.known})


def example_of(today: date) -> dict[str, Any]:
    """What the public form begins with: a patent transferred by an enterprise, registered, today."""
    return {**_EXAMPLES, "day": today, "signed_on": today}


def known_of(facts: dict[str, Fact]) -> dict[str, Fact]:
    """Those of the facts that stand in the register, and are not typed."""
    return {name: facts[name] for name in REGISTERED}


class FileForm(forms.Form):
    """The filing with the tax office."""

    filed_on = DayField(label=_("Filed on"))
    receipt = forms.CharField(label=_("Receipt of the tax office"), max_length=60)


class GrantForm(forms.Form):
    """The tax office's decision to grant."""

    amount = MoneyField(label=_("Amount granted"))
    granted_on = DayField(label=_("Granted on"))
    document = forms.CharField(label=_("Document of the tax office"), max_length=60)


class SettleForm(forms.Form):
    """The end of a recovery."""

    amount = MoneyField(label=_("Amount paid back"))
    settled_on = DayField(label=_("Paid back on"))
    document = forms.CharField(label=_("Document of the tax office"), max_length=60)


class WhyForm(forms.Form):
    """Why a relief is not claimed, or was refused."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
