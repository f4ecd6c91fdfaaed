"""May this be registered? What an achievement must say before it can be examined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from listings.codes import is_industry_code, is_ipc_class, is_ipc_subclass
from market.values.refusal import Refusal

SHORTEST_ABSTRACT = 120
MOST_KEYWORDS = 3
_PATENT_NUMBER = re.compile(r"(?:ZL)?(\d{12})\.?([\dX])", re.ASCII)
_OLD_PATENT_NUMBER = re.compile(r"(?:ZL)?(\d{8})\.?([\dX])", re.ASCII)
_CHECK_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9)
_IPC = re.compile(r"[A-H]\d{2}[A-Z](\s?\d{1,4}/\d{2,6})?", re.ASCII)
# The fifth digit of a number of twelve says what was applied for; 8 and 9 came by the international way.
_KIND_BY_DIGIT = {"1": "invention", "8": "invention", "2": "utility_model", "9": "utility_model", "3": "design"}
_FORMS_OF_THEORY = frozenset({"paper", "book", "report", "other"})
_FORMS_OF_APPLIED = frozenset({"technology", "process", "product", "material", "equipment", "software", "variety", "other"})


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
    kind: str = "applied"
    result_form: str = "other"
    gbt4754: str = ""
    started_on: date | None = None
    evaluation_method: str = "none"
    evaluated_on: date | None = None
    level: str = "not_evaluated"


def may_submit(facts: AchievementFacts, *, today: date) -> list[Refusal]:
    """What is missing or wrong before an achievement can be examined; empty when nothing is.

    Source: 国科发计字〔2000〕542号 (high) for complete materials.
    """
    refusals = []
    if len(facts.abstract.strip()) < SHORTEST_ABSTRACT:
        data = {"shortest": SHORTEST_ABSTRACT, "length": len(facts.abstract.strip())}
        refusals.append(Refusal("listings.abstract_too_short", field="abstract", data=data))
    if facts.is_publicly_funded and facts.funding_source == "none":
        refusals.append(Refusal("listings.funding_source_missing", field="funding_source"))
    return refusals + may_enter(facts, today=today)


def may_enter(facts: AchievementFacts, *, today: date) -> list[Refusal]:
    """What is wrong in itself and cannot even stand in a draft: days in the future, codes and numbers that do not exist.

    Source: 国科发计字〔2000〕542号 for the entries of the register (high); ZC 0006-2003 for patent numbers (high).
    """
    refusals = []
    if len(facts.keywords) > MOST_KEYWORDS:
        refusals.append(Refusal("listings.too_many_keywords", field="keywords", data={"most": MOST_KEYWORDS}))
    if facts.gbt4754 and not is_industry_code(facts.gbt4754):
        refusals.append(Refusal("listings.industry_code_unknown", field="gbt4754", data={"code": facts.gbt4754}))
    if facts.result_form not in (_FORMS_OF_APPLIED if facts.kind == "applied" else _FORMS_OF_THEORY):
        refusals.append(Refusal("listings.form_not_of_kind", field="result_form"))
    refusals += _day_refusals(facts, today) + _evaluation_refusals(facts, today)
    return refusals + inventor_refusals(facts.inventors) + patent_refusals(facts.patents, today=today)


def _day_refusals(facts: AchievementFacts, today: date) -> list[Refusal]:
    if facts.completed_on > today:
        return [Refusal("listings.completed_in_the_future", field="completed_on")]
    if facts.started_on is not None and facts.started_on > facts.completed_on:
        return [Refusal("listings.started_after_completed", field="started_on")]
    return []


def _evaluation_refusals(facts: AchievementFacts, today: date) -> list[Refusal]:
    if facts.evaluated_on is not None and facts.evaluated_on > today:
        return [Refusal("listings.evaluated_in_the_future", field="evaluated_on")]
    if facts.level != "not_evaluated" and facts.evaluation_method == "none":
        return [Refusal("listings.level_without_evaluation", field="level")]
    return []


def inventor_refusals(inventors: Sequence[InventorFacts]) -> list[Refusal]:
    """At least one inventor, no share of nothing, and shares that make exactly the whole.

    Source: 促进科技成果转化法 arts 44-45: those who completed it share in the income (high); the sum of 100 % is the market's own.
    """
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
    """Each number right and named once, of the kind stated, with an IPC whose class exists and a grant that has happened.

    Source: ZC 0006-2003 for the numbers, the IPC's table for the classes (high).
    """
    refusals = []
    seen = set()
    for patent in patents:
        core = patent_core(patent.number)
        if core is None:
            refusals.append(_about(patent, "patent_number_wrong"))
        elif core in seen:
            refusals.append(_about(patent, "patent_twice"))
        elif len(core) == 13 and _KIND_BY_DIGIT.get(core[4]) != patent.kind:
            refusals.append(_about(patent, "patent_kind_wrong"))
        seen.add(core)
        if patent.ipc and not _IPC.fullmatch(patent.ipc):
            refusals.append(_about(patent, "ipc_wrong", ipc=patent.ipc))
        elif patent.ipc and not is_ipc_class(patent.ipc):
            refusals.append(_about(patent, "ipc_unknown", ipc=patent.ipc))
        refusals += _grant_refusals(patent, today)
    return refusals


def _grant_refusals(patent: PatentFacts, today: date) -> list[Refusal]:
    if patent.granted_on and patent.granted_on > today:
        return [_about(patent, "granted_in_the_future")]
    if patent.legal_state == "in_force" and patent.granted_on is None:
        return [_about(patent, "grant_day_missing")]
    if patent.legal_state == "pending" and patent.granted_on is not None:
        return [_about(patent, "granted_but_pending")]
    return []


def _about(patent: PatentFacts, code: str, **data: str) -> Refusal:
    return Refusal(f"listings.{code}", field="patents", data={"number": patent.number, **data})


def doubtful_ipc(patents: Sequence[PatentFacts]) -> list[str]:
    """Symbols to look at again: their subclass is not in the table, which lacks a few that exist.

    Source: the International Patent Classification, as far as the table has it (medium).
    """
    return [patent.ipc for patent in patents if patent.ipc and not is_ipc_subclass(patent.ipc)]


def patent_core(number: str) -> str | None:
    """The digits and check digit by which a patent is known, however it is written; None for a number that is not right.

    Source: ZC 0006-2003 (high).
    """
    plain = number.strip().upper()
    match = _PATENT_NUMBER.fullmatch(plain) or _OLD_PATENT_NUMBER.fullmatch(plain)
    return "".join(match.groups()) if match and is_patent_number(number) else None


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


def may_decide_registration(*, submitted_for: int, decides_for: int | None, belongs_to_owner: bool) -> list[Refusal]:
    """Nobody registers their own organisation's achievement, whichever organisation they act for at the moment.

    Source: 国科发计字〔2000〕542号: another body registers (medium); the separation of persons is the market's own.
    """
    is_own = submitted_for == decides_for or belongs_to_owner
    return [Refusal("listings.own_achievement")] if is_own else []


def may_register(*, registered_twins: Sequence[str]) -> list[Refusal]:
    """What stands in the register already, under these certificate numbers, is not registered again.

    Source: 国科发计字〔2000〕542号: no double registration (high).
    """
    return [Refusal("listings.registered_already", data={"number": number}) for number in registered_twins]
