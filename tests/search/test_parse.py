"""What a query means: words, phrases, exclusions, filters; anything can be typed. Without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from search.needs import Need, Term, Unit
from search.parse import LONGEST, parse, read
from search.query import DEEPEST_PAGE, HALF, Facet, Kind, Sort


@pytest.mark.parametrize(
    ("typed", "terms", "excluded"),
    [
        ("瓦斯 利用", [Term("瓦斯"), Term("利用")], []),
        ("瓦斯\u3000利用", [Term("瓦斯"), Term("利用")], []),
        ('"低热值煤"', [Term("低热值煤", True)], []),
        ("“低热值煤”锅炉", [Term("低热值煤", True), Term("锅炉")], []),
        ("「低热值 煤」", [Term("低热值 煤", True)], []),
        ("煤 -矸石", [Term("煤")], [Term("矸石")]),
        ("煤 －“煤矸石”", [Term("煤")], [Term("煤矸石", True)]),
        ("-矸石", [], [Term("矸石")]),
        ("CFB-300 a-b", [Term("CFB-300"), Term("a-b")], []),
        ('"没有 写完', [Term("没有"), Term("写完")], []),
        ('"" *** ?', [], []),
        ("title:煤 AND (瓦斯 OR x*)", [Term("title:煤"), Term("(瓦斯"), Term("x*)")], []),
        ("", [], []),
    ],
)
def test_words_phrases_and_exclusions_are_told_apart(typed: str, terms: list[Term], excluded: list[Term]) -> None:
    query = parse(typed)
    assert list(query.terms) == terms
    assert list(query.excluded) == excluded


def test_a_word_needs_all_its_pairs_and_a_phrase_needs_them_side_by_side() -> None:
    assert [unit.tokens for need in Term("流化床").needs for unit in need.units] == [("流化",), ("化床",)]
    assert Term("流化床", is_phrase=True).needs == (Need(((Unit(("流化", "化床")),),)),)
    assert Term("锅炉CFB", is_phrase=True).whole == Unit(("锅炉", "炉", "cfb"))
    assert Term("CFB炉", is_phrase=True).whole == Unit(("cfb", "炉"), is_prefix=True)
    assert Term("煤").needs == (Need(((Unit(("煤",), is_prefix=True),),)),)


@pytest.mark.parametrize(
    ("typed", "parts", "needed"),
    [
        ("煤", 1, 1),
        ("煤矸石", 2, 1),
        ("循环流化床", 4, 2),
        # A word with synonyms is one part among several.
        ("循环流化床 利用", 2, 1),
        ("瓦斯利用率", 4, 2),
        ("煤 石油 陶粒", 3, 2),
        ('"循环流化床锅炉"', 0, 0),
    ],
)
def test_when_nothing_has_everything_some_parts_are_enough(typed: str, parts: int, needed: int) -> None:
    query = parse(typed)
    assert (len(query.parts), query.enough(HALF)) == (parts, needed)
    assert query.may_relax == (0 < needed < parts)


@pytest.mark.parametrize(
    ("typed", "alternatives"),
    [
        # Another word for it, in Chinese, in letters, or several of them.
        ("CFB", [[["cfb"]], [["循环", "环流", "流化", "化床"]], [["circulating", "fluidised", "bed"]]]),
        ("circulating fluidized beds", [[["circulating", "fluidised", "bed"]], [["循环"]], [["cfb"]]]),
        ("环流化床", [[["环流"]]]),
        # One character more makes another word of it; letters are not cut out of a word.
        ("煤泥水", [[["煤泥"]]]),
        ("cfbx", [[["cfbx"]], [["cfbx"]]]),
        # A number with its unit, in either script.
        ("300MW", [[["300", "mw"]], [["300", "兆瓦"]]]),
        ("３００兆瓦", [[["300", "兆瓦"]], [["300", "mw"]]]),
        ("75t/h", [[["75", "t"]], [["75", "吨"]]]),
        # Nobody means these words of a question; where they are all there is, they are sought.
        ("如何降低能耗", [[["降低"]]]),
        ("怎么", [[["怎么"]]]),
        ("用于锅炉的", [[["锅炉"]], [["boiler"]]]),
        # A patent's number with and without the letters before it.
        ("ZL201910123456.X", [[["zl", "201910123456", "x"]]]),
        ("201910123456.X", [[["201910123456", "x"]]]),
    ],
)
def test_what_was_typed_may_stand_in_another_way(typed: str, alternatives: list[list[list[str]]]) -> None:
    (term,) = parse(typed).terms
    found = [[list(unit.tokens) for unit in units] for units in term.needs[0].alternatives]
    assert len(found) == len(alternatives) if len(term.needs) == 1 else True
    for wanted in alternatives:
        assert any(wanted[0] == [token for unit in units for token in unit][: len(wanted[0])] for units in found), found


def test_a_long_text_is_cut_and_says_so() -> None:
    query = parse("煤" * 10_000)
    assert query.was_cut
    assert len(query.typed) == LONGEST
    assert not parse("煤" * LONGEST).was_cut


@given(st.text(max_size=300))
def test_anything_can_be_typed(typed: str) -> None:
    query = parse(typed)
    for term in (*query.terms, *query.excluded):
        assert term.whole is not None


NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def test_an_address_says_what_is_sought() -> None:
    query = read(
        QueryDict("q=煤&industry=coal&industry=power&industry=coal&state=on_notice&sort=cheapest&p=3"), now=NOW, kind=Kind.LISTING
    )
    assert query.filters == {Facet.KIND: ("listing",), Facet.INDUSTRY: ("coal", "power"), Facet.STATE: ("on_notice",)}
    assert (query.sort, query.page, query.typed) == (Sort.CHEAPEST, 3, "煤")


@pytest.mark.parametrize(
    "address", ["p=0", "p=-1", "p=²", "p=1e9", "industry=nonsense", "state=draft", "kind=x", "sort=best", "q=%00"]
)
def test_what_makes_no_sense_is_left_out(address: str) -> None:
    query = read(QueryDict(address), now=NOW)
    assert (query.page, query.sort, dict(query.filters), query.terms) == (1, Sort.RELEVANCE, {}, ())


def test_an_address_says_which_branches_and_prices() -> None:
    query = read(
        QueryDict("ipc=F23C&ipc=F&ipc=f23&ipc=F2&served=B06&region=1406&region=01&band=10&ends=7&from=１０&to=99.5"), now=NOW
    )
    assert dict(query.filters) == {
        Facet.IPC: ("F23C", "F"),
        Facet.SERVED: ("B06",),
        Facet.REGION: ("1406",),
        Facet.BAND: ("10",),
        Facet.ENDS: ("7",),
    }
    assert query.prices == (10_000_000, 99_500_000)
    assert query.last_end == NOW.timestamp() + 7 * 86_400
    for nonsense in ("from=-1", "from=abc", "from=1e5", "to=99999999999", "from=١", "to=1.2.3"):
        assert read(QueryDict(nonsense), now=NOW).prices == (None, None)


def test_nobody_reads_deeper_than_the_deepest_page() -> None:
    assert read(QueryDict("p=99999999"), now=NOW).page == DEEPEST_PAGE


def test_without_words_the_newest_come_first() -> None:
    assert parse("").order is Sort.NEWEST
    assert parse("煤").order is Sort.RELEVANCE


def test_operators_in_capitals_are_no_words_and_not_excludes() -> None:
    query = parse("煤 AND 瓦斯 NOT 矸石 OR 锅炉 !飞灰")
    assert [term.words for term in query.terms] == ["煤", "瓦斯", "锅炉"]
    assert [term.words for term in query.excluded] == ["矸石", "飞灰"]
    # In small letters they are words like any other, and so they are in quotes.
    assert [term.words for term in parse('not coal "OR"').terms] == ["not", "coal", "OR"]
    assert not parse("NOT").excluded
