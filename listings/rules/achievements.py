"""May this be registered? What an achievement must say before it can be examined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from market.values.refusal import Refusal

SHORTEST_ABSTRACT = 120
MOST_KEYWORDS = 3
_PATENT_NUMBER = re.compile(r"(?:ZL)?(\d{12})\.?([\dX])")
_OLD_PATENT_NUMBER = re.compile(r"(?:ZL)?(\d{8})\.?([\dX])")
_CHECK_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9)
_IPC = re.compile(r"[A-H]\d{2}[A-Z](\s?\d{1,4}/\d{2,6})?")


@dataclass(frozen=True, slots=True)
class InventorFacts:
    """Somebody who made the achievement, with a share between 0 and 1."""

    name: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class PatentFacts:
    """A patent as it was typed."""

    number: str
    kind: str
    title: str
    ipc: str
    granted_on: date | None
    legal_state: str


@dataclass(frozen=True, slots=True)
class AchievementFacts:
    """What the register is told of an achievement."""

    title: str
    abstract: str
    keywords: Sequence[str]
    completed_on: date
    is_publicly_funded: bool
    funding_source: str
    inventors: Sequence[InventorFacts]
    patents: Sequence[PatentFacts]


def may_submit(facts: AchievementFacts, *, today: date) -> list[Refusal]:
    """What is missing or wrong before an achievement can be examined; empty when nothing is.

    Source: 国科发计字〔2000〕542号 (high) for complete materials.
    """
    refusals = []
    if len(facts.abstract.strip()) < SHORTEST_ABSTRACT:
        data = {"shortest": SHORTEST_ABSTRACT, "length": len(facts.abstract.strip())}
        refusals.append(Refusal("listings.abstract_too_short", field="abstract", data=data))
    if len(facts.keywords) > MOST_KEYWORDS:
        refusals.append(Refusal("listings.too_many_keywords", field="keywords", data={"most": MOST_KEYWORDS}))
    if facts.completed_on > today:
        refusals.append(Refusal("listings.completed_in_the_future", field="completed_on"))
    if facts.is_publicly_funded and facts.funding_source == "none":
        refusals.append(Refusal("listings.funding_source_missing", field="funding_source"))
    return refusals + inventor_refusals(facts.inventors) + patent_refusals(facts.patents, today=today)


def inventor_refusals(inventors: Sequence[InventorFacts]) -> list[Refusal]:
    """At least one inventor, no share of nothing, and shares that make exactly the whole."""
    if not inventors:
        return [Refusal("listings.inventor_missing", field="inventors")]
    total = sum((inventor.share for inventor in inventors), Decimal(0))
    if any(inventor.share <= 0 for inventor in inventors):
        return [Refusal("listings.share_not_positive", field="inventors")]
    if total != 1:
        return [
            Refusal("listings.shares_not_whole", field="inventors", data={"total": f"{total * 100:f}".rstrip("0").rstrip(".")})
        ]
    return []


def patent_refusals(patents: Sequence[PatentFacts], *, today: date) -> list[Refusal]:
    """Numbers with a right check digit, an IPC of the right form, and a grant that has happened where one is claimed."""
    refusals = []
    for patent in patents:
        data = {"number": patent.number}
        if not is_patent_number(patent.number):
            refusals.append(Refusal("listings.patent_number_wrong", field="patents", data=data))
        if patent.ipc and not _IPC.fullmatch(patent.ipc):
            refusals.append(Refusal("listings.ipc_wrong", field="patents", data={"ipc": patent.ipc}))
        if patent.granted_on and patent.granted_on > today:
            refusals.append(Refusal("listings.granted_in_the_future", field="patents", data=data))
        if patent.legal_state == "in_force" and patent.granted_on is None:
            refusals.append(Refusal("listings.grant_day_missing", field="patents", data=data))
    return refusals


def is_patent_number(number: str) -> bool:
    """True for a Chinese application or patent number whose check digit is right.

    The digits are weighted 2 to 9 in turn; the remainder by 11 is the check digit, X for ten.
    Source: ZC 0006-2003 专利申请号标准 (high).
    """
    plain = number.strip().upper()
    match = _PATENT_NUMBER.fullmatch(plain) or _OLD_PATENT_NUMBER.fullmatch(plain)
    if match is None:
        return False
    digits, check = match.groups()
    total = sum(int(digit) * _CHECK_WEIGHTS[index % 8] for index, digit in enumerate(digits))
    return "0123456789X"[total % 11] == check


def certificate_number(region: str, year: int, serial: int) -> str:
    """Region or department (3), year (4), Y for applied technology, serial (4).

    Source: 全国科技成果统计调查制度 (medium). Raises ValueError when the serials of a year are used up.
    """
    if len(region) != 3 or not 1 <= serial <= 9999:
        raise ValueError("a certificate number has a region of three characters and a serial of four digits")
    return f"{region}{year:04d}Y{serial:04d}"


def may_decide_registration(*, submitted_for: int, decides_for: int | None) -> list[Refusal]:
    """Nobody registers their own organisation's achievement."""
    return [Refusal("listings.own_achievement")] if submitted_for == decides_for else []
