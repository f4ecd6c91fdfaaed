"""Who fits whom? What is sought and what is offered are compared by what is public of both; every point has its reason."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search import text
from search.synonyms import cut, plain, same_as

# A demand is worth an offer's while from here on; of a hundred, half is for what both speak of.
LEAST = 24
_MOST_FOR_TERMS = 50
_NAMED_BY_BOTH, _NAMED_BY_ONE = 16, 8
_SAME_INDUSTRY = 15
_SAME_CLASS = 15
_PRICE_FITS, _PRICE_NEAR = 15, 6
# In hundredths of the budget: so much is still worth talking about.
_NEAR = 120
_WAY_FITS = 8
_SAME_CITY = 2
_READY = {"mass_production": 10, "pilot_scale": 8, "lab_scale": 4, "sample_made": 2}
# Of these it is said; what is less ripe is no reason to look at it.
_WORTH_SAYING = 8
_LICENCES = frozenset({"exclusive_licence", "sole_licence", "ordinary_licence"})
_MOST_SAID = 6
_SHORTEST_RUN = 3
# What titles are made of besides what they are about.
_GENERAL = re.compile(
    "关键技术|核心技术|成套技术|技术|研究|研发|开发|应用|系统|装置|方法|工艺|设备|产品|及其|一种|基于|面向|高效|新型|智能|综合|利用"
    "|改造|制备|提高|降低|优化|解决|问题|需求|实现|用于|[的与及和或在]"
)


class Why(enum.StrEnum):
    """Why two fit, or where they do not."""

    TERMS = "terms"
    INDUSTRY = "industry"
    CLASSES = "classes"
    MATURITY = "maturity"
    PRICE = "price"
    PRICE_NEAR = "price_near"
    PRICE_ABOVE = "price_above"
    WAY = "way"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Side:
    """What is public of a demand, a listing or an achievement. `fen` is the budget or the price, `way` the form of cooperation
    or of the transaction, `classes` the patents' subclasses."""

    title: str
    keywords: Sequence[str]
    body: str
    industry: str
    fen: int | None = None
    maturity: str = ""
    way: str = ""
    region: str = ""
    classes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `values` are what it speaks of: terms as they are written, codes, or sums in fen."""

    why: Why
    values: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """How well two fit, from 0 to 100, and why."""

    score: int
    reasons: tuple[Reason, ...]


def fit(wanted: Side, offered: Side) -> Fit | None:
    """How well the offer answers the demand; nothing where they do not speak of the same thing, or of too little of it.

    What both name counts most, then price, industry, ripeness and form. Source: the market's own.
    """
    terms = shared_terms(wanted, offered)
    if len(terms) < 2 and not any(by_both for _term, by_both in terms):
        return None
    points = [_of_terms(terms), _of_industry(wanted, offered), _of_maturity(offered), _of_price(wanted, offered)]
    points += [_of_way(wanted, offered), _of_region(wanted, offered)]
    return _enough(points)


def likeness(one: Side, other: Side) -> Fit | None:
    """How much alike two offers are: by what both speak of, their patents' classes and their industry.

    Source: the market's own.
    """
    terms = shared_terms(one, other)
    classes = tuple(sorted(set(one.classes) & set(other.classes)))
    if not terms and not classes:
        return None
    of_classes = (_SAME_CLASS, Reason(Why.CLASSES, classes)) if classes else (0, None)
    return _enough([_of_terms(terms), of_classes, _of_industry(one, other)])


type _Points = tuple[int, Reason | None]


def _enough(points: Iterable[_Points]) -> Fit | None:
    given = list(points)
    score = sum(number for number, _reason in given)
    return Fit(score, tuple(reason for _number, reason in given if reason)) if score >= LEAST else None


def _of_terms(terms: Sequence[tuple[str, bool]]) -> _Points:
    points = sum(_NAMED_BY_BOTH if by_both else _NAMED_BY_ONE for _term, by_both in terms)
    said = tuple(term for term, _by_both in terms[:_MOST_SAID])
    return min(points, _MOST_FOR_TERMS), Reason(Why.TERMS, said) if said else None


def _of_industry(one: Side, other: Side) -> _Points:
    same = one.industry == other.industry and one.industry
    return (_SAME_INDUSTRY, Reason(Why.INDUSTRY, (one.industry,))) if same else (0, None)


def _of_maturity(offered: Side) -> _Points:
    points = _READY.get(offered.maturity, 0)
    return points, Reason(Why.MATURITY, (offered.maturity,)) if points >= _WORTH_SAYING else None


def _of_price(wanted: Side, offered: Side) -> _Points:
    if wanted.fen is None or offered.fen is None:
        return 0, None
    both = (offered.fen, wanted.fen)
    if offered.fen <= wanted.fen:
        return _PRICE_FITS, Reason(Why.PRICE, both)
    if offered.fen * 100 <= wanted.fen * _NEAR:
        return _PRICE_NEAR, Reason(Why.PRICE_NEAR, both)
    return 0, Reason(Why.PRICE_ABOVE, both)


def _of_way(wanted: Side, offered: Side) -> _Points:
    is_licence = wanted.way == "licence" and offered.way in _LICENCES
    if is_licence or (wanted.way == "transfer" and offered.way == "transfer"):
        return _WAY_FITS, Reason(Why.WAY, (offered.way,))
    return 0, None


def _of_region(one: Side, other: Side) -> _Points:
    same = one.region[:4] if one.region[:4] == other.region[:4] else ""
    return (_SAME_CITY, Reason(Why.REGION, (same,))) if same else (0, None)


def shared_terms(one: Side, other: Side) -> list[tuple[str, bool]]:
    """What both speak of, as the first writes it, each with whether both name it in title or keywords; what both name comes first.

    A term is a keyword, a word of the trade in a title, or what both titles have in common; another word for it counts as it.
    Source: the market's own.
    """
    found: dict[str, tuple[str, bool]] = {}
    texts = [(plain(side.title + " " + " ".join(side.keywords)), plain(side.body)) for side in (one, other)]
    for term in [*_named(one), *_named(other), *_common_runs(one.title, other.title)]:
        names = writings(term)
        in_head = [any(_stands(name, head) for name in names) for head, _body in texts]
        in_all = [here or any(_stands(name, body) for name in names) for here, (_head, body) in zip(in_head, texts, strict=True)]
        if all(in_all):
            found.setdefault(min(names), (term, all(in_head)))
    return sorted(_widest(list(found.values())), key=lambda term: not term[1])


def terms_in(introduction: str, offered: Side) -> list[str]:
    """What the offer names, in keywords, words of the trade and its title, and this text speaks of too, the longest first; another
    word for it counts as it. Source: the market's own.
    """
    told = plain(introduction)
    found: dict[str, tuple[str, bool]] = {}
    for term in [*_named(offered), *subjects_of(offered.title)]:
        names = writings(term)
        if any(_stands(name, told) for name in names):
            found.setdefault(min(names), (term, True))
    return sorted((term for term, _by_both in _widest(list(found.values()))), key=len, reverse=True)


def writings(term: str) -> tuple[str, ...]:
    """The term as it is compared, and the other words for it. Source: the market's own."""
    return same_as(plain(term)) or (plain(term),)


def _widest(terms: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Without those that are part of another: 流化床 says nothing more beside 循环流化床."""
    return [term for term in terms if not any(plain(term[0]) in plain(other) for other, _ in terms if other != term[0])]


def _named(side: Side) -> list[str]:
    """Keywords, and words of the trade in the title; of one character is none."""
    of_trade = [piece for piece, same in cut(plain(side.title)) if same]
    return [term for term in (*side.keywords, *of_trade) if len(plain(term)) > 1 and _GENERAL.sub("", term)]


def _common_runs(one: str, other: str) -> list[str]:
    """The longest stretches of Chinese that stand in both titles, without what any title is made of."""
    other = plain(other)
    found = []
    for stretch in subjects_of(one):
        at = 0
        while at <= len(stretch) - _SHORTEST_RUN:
            stop = next((stop for stop in range(len(stretch), at + _SHORTEST_RUN - 1, -1) if stretch[at:stop] in other), 0)
            found += [stretch[at:stop]] if stop else []
            at = stop or at + 1
    return found


def subjects_of(title: str) -> list[str]:
    """What a title is about, in pieces: the stretches of Chinese between general words, and words of letters.

    Source: the market's own.
    """
    pieces: list[str] = []
    for run, is_cjk in text.runs(title):
        pieces += [part for part in _GENERAL.split(run) if len(part) > 1] if is_cjk else [run]
    return pieces


def _stands(name: str, plain_text: str) -> bool:
    """Letters are not found in the middle of a word."""
    if not name.isascii():
        return name in plain_text
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", plain_text) is not None
