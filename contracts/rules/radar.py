"""What in an application should make a registrar look twice, and why?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz

from contracts.rules.deciding import plain_name
from market.values.money import ZERO, Money

# How alike two texts are, from 0 to 100, before a registrar is asked to compare them.
_NEAR = 90
# How far from what it was listed or valued at, as a share of that, before the price is asked about.
_FAR = Decimal("0.3")
_LOWEST_SHARE = Decimal("0.2")
# Words that name goods: a price without an item for them is asked about.
_GOODS = ("设备", "仪器", "原材料", "零部件", "样机", "生产线", "施工")


@dataclass(frozen=True, slots=True)
class Sign:
    """Something to be looked at: its code, how heavy it weighs, and the facts of its sentence."""

    code: str
    weight: int
    data: dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One contract as the comparison sees it; `place` says where it stands: a number in the register or the state of its case."""

    key: str
    place: str
    title: str
    content: str


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What the radar looks at."""

    entry: Entry
    contract_value: Money
    technology_value: Money
    listed_price: Money | None = None
    inventors: tuple[str, ...] = ()
    valuation: Money | None = None
    buyers_people: tuple[str, ...] = ()
    buyers_shareholders: tuple[str, ...] = ()
    is_related: bool = False
    # The title of a contract by which the seller buys from this buyer.
    way_back: str = ""
    given_back: Money = ZERO


def signs(facts: ApplicationFacts, candidates: Sequence[Entry]) -> list[Sign]:
    """All that the radar finds, the heaviest first. Source: 沪科技市〔2025〕31号 art. 4 on what is revoked later (medium)."""
    found = [
        *_near_duplicates(facts.entry, candidates),
        *_inventor_at_buyer("inventor_at_buyer", facts.inventors, facts.buyers_people),
        *_inventor_at_buyer("shareholder_at_buyer", facts.inventors, facts.buyers_shareholders),
        *_way_back(facts),
        *_far("far_from_listing", "listed", facts.listed_price, facts.contract_value),
        *_far("far_from_valuation", "valued", facts.valuation, facts.contract_value),
        *_odd_share(facts),
        *([Sign("related", 20, {})] if facts.is_related else []),
    ]
    return sorted(found, key=lambda sign: (-sign.weight, sign.code))


def likeness(one: Entry, other: Entry) -> int:
    """How alike two contracts are, from 0 to 100: their contents, or their titles where that says more or where one was taken
    over without its text.

    Source: the market's own.
    """
    title = fuzz.ratio(one.title, other.title)
    if not one.content or not other.content:
        return round(title)
    content = fuzz.ratio(one.content, other.content)
    return round(max(content, (content + title) / 2))


def duplicates(entry: Entry, candidates: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """The contracts that are almost this one, the most alike first. Source: REG-04 of both rule sets (high)."""
    found = [(other, likeness(entry, other)) for other in candidates if other.key != entry.key]
    return sorted([pair for pair in found if pair[1] >= _NEAR], key=lambda pair: (-pair[1], pair[0].key))


def _near_duplicates(entry: Entry, candidates: Sequence[Entry]) -> list[Sign]:
    found = duplicates(entry, candidates)
    if not found:
        return []
    other, percent = found[0]
    return [Sign("near_duplicate", 40, {"title": other.title, "place": other.place, "percent": str(percent)})]


def _inventor_at_buyer(code: str, inventors: Sequence[str], buyers: Sequence[str]) -> list[Sign]:
    known = {plain_name(name) for name in buyers}
    both = sorted({name for name in inventors if plain_name(name) in known})
    return [Sign(code, 40, {"names": "、".join(both)})] if both else []


def _way_back(facts: ApplicationFacts) -> list[Sign]:
    found = [Sign("money_back", 30, {"title": facts.way_back})] if facts.way_back else []
    return [*found, Sign("money_given_back", 30, {"amount": str(facts.given_back)})] if facts.given_back else found


def _far(code: str, name: str, known: Money | None, contracted: Money) -> list[Sign]:
    if not known or abs(contracted.fen - known.fen) <= known.fen * _FAR:
        return []
    return [Sign(code, 20, {name: str(known), "contracted": str(contracted)})]


def _odd_share(facts: ApplicationFacts) -> list[Sign]:
    share = Decimal(facts.technology_value.fen) / Decimal(facts.contract_value.fen)
    names_goods = any(word in facts.entry.content for word in _GOODS)
    if share < _LOWEST_SHARE or (share == 1 and names_goods):
        return [Sign("odd_share", 20, {"percent": f"{share * 100:.0f}"})]
    return []
