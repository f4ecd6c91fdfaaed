"""Which awaited payment is this line of the bank's statement?"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from market.payments.rules.deposits import is_reference
from market.values.money import Money

_REFERENCE = re.compile(r"JS[0-9A-Z]{7}", re.ASCII)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of the statement as the bank wrote it: money that came in."""

    on: date
    amount: Money
    payer: str
    remark: str
    bank_reference: str


@dataclass(frozen=True, slots=True)
class AwaitedFacts:
    """A payment that somebody was asked for. `payment` is its key in the register."""

    payment: int
    reference: str
    amount: Money
    payer: str


class Doubt(enum.StrEnum):
    """Why a line is no payment yet."""

    NONE = ""
    WRONG_SUM = "wrong_sum"
    UNKNOWN_PAYER = "unknown_payer"
    AMBIGUOUS = "ambiguous"
    OTHER_PAYER = "other_payer"


@dataclass(frozen=True, slots=True)
class Match:
    """The payment that a line is proposed for, if any, and what a person should look at before confirming."""

    payment: int | None
    doubt: Doubt


def match(line: LineFacts, awaited: Iterable[AwaitedFacts]) -> Match:
    """The proposal for this line: by its reference, else by payer and sum together. A person confirms it.

    Who pays for somebody else is proposed with a doubt: a refund must go back to where the money came from.
    Source: the market's own.
    """
    listed = list(awaited)
    quoted = references_in(line.remark)
    by_reference = [entry for entry in listed if entry.reference in quoted]
    if len(by_reference) > 1:
        return Match(None, Doubt.AMBIGUOUS)
    if by_reference:
        found = by_reference[0]
        if found.amount != line.amount:
            return Match(found.payment, Doubt.WRONG_SUM)
        return Match(found.payment, Doubt.NONE if same_name(found.payer, line.payer) else Doubt.OTHER_PAYER)
    of_payer = [entry for entry in listed if same_name(entry.payer, line.payer)]
    fitting = [entry for entry in of_payer if entry.amount == line.amount]
    if len(fitting) == 1:
        return Match(fitting[0].payment, Doubt.NONE)
    if fitting:
        return Match(None, Doubt.AMBIGUOUS)
    return Match(None, Doubt.WRONG_SUM if of_payer else Doubt.UNKNOWN_PAYER)


def references_in(remark: str) -> frozenset[str]:
    """The valid references quoted in a remark, however it is spaced or cased. Source: the market's own."""
    plain = re.sub(r"[\s\-_·]", "", remark).upper()
    return frozenset(found for found in _REFERENCE.findall(plain) if is_reference(found))


def same_name(one: str, other: str) -> bool:
    """True for the same name written with other brackets or spaces. Source: the market's own."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return re.sub(r"\s", "", name.replace("（", "(").replace("）", ")")).casefold()
