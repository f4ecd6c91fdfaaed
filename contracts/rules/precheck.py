"""What would a registrar ask about this form, before it is submitted? Each finding names the rule behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.rules.amounts import Price, price_refusals
from contracts.rules.radar import Entry, duplicates
from market.values.money import ZERO, Money

_SHORTEST_CONTENT = 50
# Words of a main obligation that belongs to another kind of contract, or to none.
_WORKS = ("施工", "土建", "安装工程", "采购", "买卖", "租赁")
_MASTERED = ("已经掌握", "已掌握", "成熟技术", "已产业化")


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """One party as the form has it."""

    side: str
    name: str
    code: str
    is_abroad: bool = False


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the pre-check looks at."""

    kind: str
    licence_kind: str
    entry: Entry
    ownership: str
    has_ip: bool
    price: Price
    stated_technology: Money | None
    instalments: tuple[Money, ...]
    pays_instalments: bool
    pays_royalties: bool
    parties: tuple[PartyFacts, ...]
    applicant_code: str
    applicants: frozenset[str]
    is_cross_border: bool
    signed_on: date
    valid_until: date
    has_text: bool
    is_explained: bool
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something missing (it cannot be submitted so) or doubtful (a registrar will ask): its code, the rule's id, the facts."""

    code: str
    rule: str
    is_missing: bool
    data: dict[str, str]


def findings(facts: SheetFacts, candidates: list[Entry], *, today: date) -> list[Finding]:
    """All that is missing or doubtful, what is missing first. Source: rule book 1.1 to 1.4 (high), the rule of each finding."""
    found = [
        *_of_content(facts),
        *_of_amounts(facts),
        *_of_parties(facts),
        *_of_time(facts, today),
        *_of_duplicates(facts, candidates),
    ]
    if not facts.has_text:
        found.append(_missing("no_text", "REG-16"))
    if facts.differences and not facts.is_explained:
        found.append(_missing("differences_unexplained", "REG-11", fields="、".join(facts.differences)))
    return sorted(found, key=lambda finding: not finding.is_missing)


def _missing(code: str, rule: str, **data: str) -> Finding:
    return Finding(code, rule, True, data)


def _doubtful(code: str, rule: str, **data: str) -> Finding:
    return Finding(code, rule, False, data)


def _of_content(facts: SheetFacts) -> Iterator[Finding]:
    content, kind = facts.entry.content, facts.kind
    if len(content.strip()) < _SHORTEST_CONTENT:
        yield _missing("no_technical_content", "REG-16")
    if kind == "development" and any(word in content for word in _MASTERED):
        yield _doubtful("already_mastered", "DEV-X")
    if kind in {"transfer", "licence"} and not facts.has_ip:
        yield _doubtful("no_right_named", "TRA-1" if kind == "transfer" else "LIC-1")
    if kind == "transfer" and not facts.ownership.strip():
        yield _doubtful("ownership_not_said", "TRA-3")
    if kind == "licence" and not facts.licence_kind:
        yield _doubtful("licence_kind_not_said", "LIC-2")
    if kind == "consulting" and "报告" not in content:
        yield _doubtful("no_report", "CON-2")
    if kind == "service" and any(word in content for word in _WORKS):
        yield _doubtful("goods_or_works", "SER-X", words="、".join(word for word in _WORKS if word in content))


def _of_amounts(facts: SheetFacts) -> Iterator[Finding]:
    if price_refusals(facts.price, stated_technology=facts.stated_technology):
        yield _missing("items_do_not_add_up", "AMT-02")
    if facts.pays_instalments and facts.instalments and sum(it.fen for it in facts.instalments) != facts.price.total.fen:
        yield _missing("instalments_do_not_add_up", "AMT-01", total=str(facts.price.total))
    if facts.pays_royalties and facts.price.royalties == ZERO:
        yield _doubtful("royalties_not_estimated", "AMT-03")


def _of_parties(facts: SheetFacts) -> Iterator[Finding]:
    for side in ("seller", "buyer"):
        if not any(party.side == side for party in facts.parties):
            yield _missing(f"no_{side}", "REG-02")
    mine = {party.side for party in facts.parties if party.code and party.code == facts.applicant_code}
    sellers_abroad = [party for party in facts.parties if party.side == "seller" and party.is_abroad]
    allowed = {"seller"} | ({"intermediary"} if "intermediary" in facts.applicants else set())
    if "importing_buyer" in facts.applicants and sellers_abroad:
        allowed.add("buyer")
    if not mine & allowed:
        yield _missing("applicant_is_no_seller", "REG-02")
    if any(party.is_abroad for party in facts.parties) != facts.is_cross_border:
        yield _doubtful("border_does_not_fit", "REG-02")


def _of_time(facts: SheetFacts, today: date) -> Iterator[Finding]:
    if facts.signed_on > today:
        yield _missing("not_signed_yet", "REG-05")
    if facts.valid_until < today:
        yield _missing("term_is_over", "REG-05")


def _of_duplicates(facts: SheetFacts, candidates: list[Entry]) -> Iterator[Finding]:
    for other, percent in duplicates(facts.entry, candidates)[:3]:
        yield _doubtful("registered_elsewhere", "REG-04", title=other.title, place=other.place, percent=str(percent))
