"""What is known of a case: the facts that conditions ask and formulas count with, each of a declared type."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from market.policy.rules import months_after
from market.values.money import Money

type Fact = Money | Decimal | bool | str | date | None


class FactType(enum.StrEnum):
    """What kind of thing a fact is."""

    MONEY = "money"
    RATE = "rate"
    FLAG = "flag"
    WORD = "word"
    DAY = "day"


# What a contract gives its taker; `ownership` is a transfer of the right itself.
GRANTS = ("ownership", "exclusive_global", "exclusive", "sole", "non_exclusive", "none")
RIGHTS = (
    "invention",
    "utility_model",
    "design",
    "application",
    "know_how",
    "software",
    "layout",
    "variety",
    "medicine",
    "none",
)
WORDS: Mapping[str, tuple[str, ...]] = {
    "contract_kind": ("development", "transfer", "licence", "consulting", "service"),
    "right": RIGHTS,
    "grant": GRANTS,
    "side": ("seller", "buyer"),
    "taxpayer": ("enterprise", "public_university", "public_institute", "private_nonprofit", "overseas_enterprise", "individual"),
    "vat_payer": ("general", "small_scale"),
    "vat_period": ("month", "quarter", "occasion"),
    "buyer_place": ("domestic", "overseas"),
    "used_in": ("china", "wholly_abroad"),
    "pilot_park": ("none", "chaoyang", "haidian", "fengtai", "shunyi", "yizhuang", "changping"),
    "research_mode": (
        "none",
        "own",
        "own_intangible",
        "commissioned",
        "commissioned_overseas",
        "commissioned_overseas_individual",
    ),
    "equity_choice": ("none", "defer", "now", "exemption"),
    "reward_way": ("none", "transfer", "main_contributors", "own_use"),
}
_MONEY = (
    "price",
    # Of the price of a contract in the register, what belongs to the case's year; without it, all of it.
    "part_of_price",
    "equipment",
    "materials",
    "other",
    "related_service",
    "net_value",
    "taxes_fees",
    "period_expense",
    "due_this_year",
    "amortisation",
    "period_expenses_total",
    "sales_total",
    "others_income",
    "period_sales",
    "common_input_vat",
    "exempt_sales",
    "all_sales",
    "award",
    "salary",
    "equity_value",
    "original_cost",
    "disposal_price",
    "disposal_fees",
    "research_cost",
    "domestic_eligible",
    "listed_vat",
    "actual_settled",
    "research_funds",
    "reward_costs",
    "total_reward",
    "operating_profit",
)
_RATES = ("cit_rate", "holding_direct", "holding_indirect", "amortisation_share", "equity_share")
_FLAGS = (
    "recognised",
    "separate_accounting",
    "same_invoice",
    "export_restricted",
    "is_publicly_funded",
    "has_approval",
    "owns_technology",
    "design_is_technical",
    "publicised",
    "equity_filed",
    "invested_is_resident",
    "excluded_industry",
    "is_listed_industry",
    "is_small",
)
_DAYS = ("day", "signed_on", "term_start", "term_end", "waived_on", "income_received_on", "award_paid_on")
FACTS: Mapping[str, FactType] = {
    **dict.fromkeys(WORDS, FactType.WORD),
    **dict.fromkeys(_MONEY, FactType.MONEY),
    **dict.fromkeys(_RATES, FactType.RATE),
    **dict.fromkeys(_FLAGS, FactType.FLAG),
    **dict.fromkeys(_DAYS, FactType.DAY),
    # Put together from others; see `Facts.rate`.
    "holding": FactType.RATE,
}
_PYTHON: Mapping[FactType, type] = {
    FactType.MONEY: Money,
    FactType.RATE: Decimal,
    FactType.FLAG: bool,
    FactType.WORD: str,
    FactType.DAY: date,
}


@dataclass(frozen=True, slots=True)
class Transfer:
    """The income of one transfer of a taxpayer's year, in yuan, under the key of its contract."""

    key: str
    income: Fraction


@dataclass(frozen=True)
class Facts:
    """A case. What is not given is nothing, no, or unknown. Raises ValueError for a fact that is not declared or of another type.

    `others` are the taxpayer's other transfers of the same tax year that fall under the same relief; `key` is the case's own.
    """

    values: Mapping[str, Fact] = field(default_factory=dict)
    key: str = ""
    others: tuple[Transfer, ...] = ()

    def __post_init__(self) -> None:
        for name, value in self.values.items():
            if name not in FACTS:
                raise ValueError(f"no such fact: {name}")
            if value is not None and type(value) is not _PYTHON[FACTS[name]]:
                raise ValueError(f"{name} is {FACTS[name]}, not {type(value).__name__}")
            if name in WORDS and value not in (None, "", *WORDS[name]):
                raise ValueError(f"{name} cannot be {value!r}")

    def yuan(self, name: str) -> Fraction:
        """The amount in yuan; nothing when it is not known."""
        value = self.values.get(name)
        return Fraction(value.fen, 100) if isinstance(value, Money) else Fraction(0)

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def rate(self, name: str, default: str = "0") -> Fraction:
        if name == "holding":
            return self.rate("holding_direct") + self.rate("holding_indirect")
        value = self.values.get(name)
        return Fraction(value if isinstance(value, Decimal) else Decimal(default))

    def word(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def flag(self, name: str) -> bool:
        return self.values.get(name) is True

    def day(self, name: str) -> date | None:
        value = self.values.get(name)
        return value if isinstance(value, date) else None

    def number(self, name: str) -> Fraction:
        """Money in yuan, or a rate."""
        return self.rate(name) if FACTS[name] is FactType.RATE else self.yuan(name)

    def lasts_years(self, years: int) -> bool:
        """True when the term, its last day included, reaches so many whole years; one without an end does."""
        start, end = self.day("term_start"), self.day("term_end")
        if start is None or end is None:
            return False
        return end + timedelta(days=1) >= months_after(start, 12 * years)


def written(facts: Facts) -> dict[str, object]:
    """The facts as JSON values, amounts in yuan as text. Source: the market's own."""
    values = {name: _written(value) for name, value in facts.values.items() if value not in (None, "")}
    others = [[transfer.key, str(transfer.income)] for transfer in facts.others]
    return {"values": values, "key": facts.key, "others": others}


def _written(value: Fact) -> object:
    if isinstance(value, Money):
        return f"{value.in_yuan:.2f}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def read_facts(stored: Mapping[str, Any]) -> Facts:
    """The facts that were written so. Source: the market's own."""
    values = {name: read_fact(name, value) for name, value in stored["values"].items()}
    others = tuple(Transfer(key, Fraction(income)) for key, income in stored.get("others", ()))
    return Facts(values, key=stored.get("key", ""), others=others)


def read_fact(name: str, value: Any) -> Fact:
    """One fact from its JSON value. Source: the market's own."""
    if value in (None, ""):
        return None
    match FACTS[name]:
        case FactType.MONEY:
            return Money.yuan(value)
        case FactType.RATE:
            return Decimal(value)
        case FactType.DAY:
            return value if isinstance(value, date) else date.fromisoformat(value)
        case _:
            plain: Fact = value
            return plain
