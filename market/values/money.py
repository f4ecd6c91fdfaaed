"""How much? Amounts of yuan in whole fen, and the only places where a fraction is rounded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from math import floor
from typing import Self

_YUAN = re.compile(r"-?\d+(\.\d{1,2})?", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount of CNY in whole fen (分)."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(f"Money takes whole fen as int, not {type(self.fen).__name__}")

    @classmethod
    def yuan(cls, text: str | int | Decimal) -> Self:
        """The amount named in yuan, exactly. Raises ValueError for more than two decimals or no number."""
        if not isinstance(text, (str, int, Decimal)) or isinstance(text, bool):
            raise TypeError("yuan are given as text, int or Decimal, never as float")
        plain = str(text).strip().replace(",", "")
        if not _YUAN.fullmatch(plain):
            raise ValueError(f"not an amount in yuan: {text!r}")
        return cls(int(Decimal(plain) * 100))

    @classmethod
    def wan(cls, text: str | Decimal) -> Self:
        """The amount named in 万元 (10,000 yuan), exactly. Raises ValueError if it is not whole fen."""
        try:
            fen = Decimal(str(text).strip().replace(",", "")) * 1_000_000
        except InvalidOperation as error:
            raise ValueError(f"not an amount in 万元: {text!r}") from error
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise ValueError(f"not an amount in whole fen: {text!r}")
        return cls(int(fen))

    @property
    def in_yuan(self) -> Decimal:
        return Decimal(self.fen).scaleb(-2)

    def share(self, rate: Decimal) -> Money:
        """This part of the amount, half a fen rounded up (away from zero): the only rounding there is."""
        if not isinstance(rate, Decimal):
            raise TypeError("a rate is a Decimal")
        return Money(int((Decimal(self.fen) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)))

    def split(self, weights: Sequence[Decimal | int]) -> list[Money]:
        """Parts in proportion to the weights that add up exactly: largest remainders get the odd fen, earlier ones first."""
        total = sum(Fraction(weight) for weight in weights)
        if total <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("weights are not negative and not all zero")
        exact = [self.fen * Fraction(weight) / total for weight in weights]
        parts = [floor(part) for part in exact]
        by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
        for index in by_remainder[: self.fen - sum(parts)]:
            parts[index] += 1
        return [Money(part) for part in parts]

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        return f"{self.in_yuan:,.2f}"


ZERO = Money(0)
