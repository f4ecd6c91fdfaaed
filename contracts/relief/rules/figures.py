"""How is an exact figure rounded to the fen, and how is a sum told step by step?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor

from market.values.money import ZERO, Money

type Figure = Money | bool | str | date


def half_up(yuan: Fraction) -> Money:
    """To the fen, half a fen away from zero. Source: practice of the tax forms; no law says how (low)."""
    fen = floor(abs(yuan) * 100 + Fraction(1, 2))
    return Money(fen if yuan >= 0 else -fen)


def down(yuan: Fraction) -> Money:
    """To the fen towards zero: for what may "not exceed" something. Source: the words 不超过 of the rules (medium)."""
    fen = floor(abs(yuan) * 100)
    return Money(fen if yuan >= 0 else -fen)


ROUNDINGS = {"half_up": half_up, "down": down}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sum: its code, the exact value in yuan or as a rate, and the source where it is another than the rule's."""

    code: str
    value: Fraction
    unit: str = "yuan"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a formula gives: the tax without the rule and with it, every step, and the figures by name."""

    before: Money = ZERO
    after: Money = ZERO
    steps: tuple[Step, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def relief(self) -> Money:
        return self.before - self.after


@dataclass(frozen=True)
class Parameters:
    """The figures of a rule's file: amounts in yuan, rates, lists of brackets, and how each result is rounded."""

    values: Mapping[str, str]
    rounding: Mapping[str, str]
    brackets: tuple[tuple[Fraction, Fraction, Fraction], ...] = ()

    def number(self, name: str) -> Fraction:
        return Fraction(self.values[name])

    def rounded(self, yuan: Fraction, what: str = "tax") -> Money:
        return ROUNDINGS[self.rounding[what]](yuan)

    def progressive(self, base: Fraction) -> Fraction:
        """The tax on a cumulative base by the brackets: up to, rate, quick deduction; the last has no end (0)."""
        for up_to, rate, quick in self.brackets:
            if base <= up_to or up_to == 0:
                return max(base * rate - quick, Fraction(0))
        raise ValueError("the brackets end before the base")
