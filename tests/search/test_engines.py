"""One behaviour: the same tests of what is found, in which order and with which counts, on every engine."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from search.engines import Engine
from search.parse import kept_address, parse, read
from search.query import PER_PAGE, Facet, Key, Kind, Sort
from tests.search.indexes import a_document, found

pytestmark = pytest.mark.django_db

CORPUS = [
    a_document(1, "低热值煤循环流化床稳燃技术", "煤矸石与煤泥混烧，锅炉热效率提高。", keywords="飞灰", industry="power"),
    a_document(2, "煤矿瓦斯抽采与利用成套装备", "低浓度瓦斯发电，利用率高。", price=300_000),
    a_document(3, "煤矸石制备陶粒的方法", "采用回转窑，原料为矸石。", maturity="lab_scale", price=200_000),
    a_document(
        4, "锅炉飞灰含碳量在线检测", "适用于循环流化床锅炉，也提到燃煤。", industry="power", state="concluded", is_running=False
    ),
    a_document(5, "小米深加工关键技术", "杂粮食品。", industry="agriculture", price=None),
    a_document(
        6, "CFB boiler ash sampling", "Sampling of ash in circulating fluidised beds.", names="ZL201910123456.X F23C 10/00"
    ),
    a_document(7, "低热值煤燃烧与电厂节能", "热值低的煤也能用，循环水，流化剂。", kind="demand", maturity="", state=""),
]


@pytest.fixture
def filled(empty: Engine) -> Engine:
    empty.put(CORPUS)
    empty.settle()
    return empty


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # A word, wherever it stands; what has ended comes last.
        ("循环流化床", [1, 6, 4]),
        ("飞灰", [1, 4]),
        # A part of a word, in the middle of it too.
        ("流化", {1, 4, 7}),
        ("矸石", {1, 3}),
        # One character, also as the last of its run.
        ("煤", {1, 2, 3, 4, 7}),
        ("灰", {1, 4}),
        ("床", {1, 4}),
        # Several words: all of them, in any order and field.
        ("瓦斯 利用", [2]),
        ("锅炉 煤矸石", [1]),
        ("瓦斯、利用", [2]),
        # A phrase in quotes stands side by side; the same words without quotes need not.
        ("“低热值煤”", {1, 7}),
        ('"热值低的煤"', [7]),
        ('"在线飞灰"', []),
        # Exclusion.
        ("煤 -瓦斯 -矸石", {4, 7}),
        ('煤 -"循环流化床"', {2, 3, 7}),
        ("-煤", {5, 6}),
        # Letters in whatever width and case; numbers of patents and classes.
        ("ｃｆｂ", [6, 1, 4]),
        ("cfb BOILER", [6, 1, 4]),
        ("zl201910123456.x", [6]),
        ('"f23c 10/00"', [6]),
        # Traditional characters, other spellings, the beginning of a word of letters.
        ("循環流化床", [1, 6, 4]),
        ("低熱值煤", {1, 7}),
        ("circulating fluidized bed", [6, 1, 4]),
        ("boilers ash", [6]),
        ("sampl", [6]),
        ("201910123456", [6]),
        # Synonyms, also within a longer word; not in quotes.
        ("CFB锅炉", {1, 4, 6}),
        ("矸石陶粒", [3]),
        ("coal gangue", {1, 3}),
        ("“cfb”", [6]),
        # Nothing.
        ("区块链", []),
        ("区块链 “煤”", []),
    ],
)
def test_what_is_found(filled: Engine, typed: str, expected: list[int] | set[int]) -> None:
    keys = found(filled, typed)
    assert (keys if isinstance(expected, list) else set(keys)) == expected
    assert len(keys) == len(set(keys))


def test_a_word_in_the_title_counts_more_than_in_keywords_and_there_more_than_in_the_text(empty: Engine) -> None:
    in_text = a_document(1, "燃烧装置控制方法", "本装置适用于飞灰回收。")
    in_keywords = a_document(2, "燃烧装置运行方法", "本装置适用于锅炉改造。", keywords="飞灰 锅炉")
    in_title = a_document(3, "飞灰回收装置的方法", "本装置适用于锅炉改造。")
    over = a_document(4, "飞灰回收装置的方法", "飞灰", state="concluded", is_running=False)
    empty.put([in_text, in_keywords, in_title, over])
    empty.settle()
    assert found(empty, "飞灰") == [3, 2, 1, 4]
    # Also where one character stands for all pairs that begin with it.
    assert found(empty, "灰") == [3, 2, 1, 4]


def test_what_stands_side_by_side_comes_before_what_stands_apart(empty: Engine) -> None:
    apart = a_document(1, "流化床料循环利用，含循环流化和化床", "")
    whole = a_document(2, "某循环流化床装置及其运行控制方法", "")
    empty.put([apart, whole])
    empty.settle()
    assert found(empty, "循环流化床")[0] == 2


def test_when_nothing_has_all_the_words_those_with_some_are_found(filled: Engine) -> None:
    assert not filled.search(parse("循环流化床")).is_relaxed
    results = filled.search(parse("陶粒 区块链"))
    assert results.is_relaxed
    assert [key.pk for key in results.keys] == [3]
    results = filled.search(parse("循环流化床机组"))
    assert results.is_relaxed
    assert {key.pk for key in results.keys} == {1, 4, 6}
    assert found(filled, '循环流化床机组 "不存在"') == []
    assert filled.search(parse("不存在的完全无关词")).total == 0


def test_where_few_have_all_the_words_those_with_some_follow_and_are_not_counted(filled: Engine) -> None:
    results = filled.search(parse("瓦斯 利用率"))
    assert (results.total, results.is_relaxed) == (1, False)
    assert results.keys[0].pk == 2
    assert results.near == len(results.keys) - 1
    assert sum(results.counts[Facet.KIND].values()) == 1
    results = filled.search(parse("煤矸石 陶粒 回转窑"))
    assert [key.pk for key in results.keys] == [3, *[key.pk for key in results.keys[1:]]]
    # What may not be missing is not missing there either.
    near = filled.search(parse('飞灰 在线检测 "循环流化床"'))
    assert {key.pk for key in near.keys} <= {1, 4}
    assert filled.search(replace(parse("瓦斯 利用率"), page=2)).near == 0


def test_numbers_are_found_with_their_units_however_they_are_written(empty: Engine) -> None:
    empty.put(
        [
            a_document(1, "300MW循环流化床机组", "蒸发量75t/h，床温850℃。"),
            a_document(2, "三百兆瓦机组", "容量 300 兆瓦，蒸发量75吨每小时。"),
            a_document(3, "MW级风机", "共300台，850 kW。"),
        ]
    )
    empty.settle()
    for typed in ("300MW", "300 mw", "３００ＭＷ", "300兆瓦"):
        assert set(found(empty, typed)) == {1, 2}, typed
    assert set(found(empty, "75t/h")) == {1, 2}
    assert found(empty, "850℃") == [1]
    assert found(empty, "850千瓦") == [3]


def test_letters_and_digits_of_a_name_are_found_together_or_apart(empty: Engine) -> None:
    empty.put(
        [
            a_document(1, "COVID-19检测试剂盒"),
            a_document(2, "covid19疫苗"),
            a_document(3, "WiFi通信基站"),
            a_document(4, "Wi-Fi网关"),
        ]
    )
    empty.settle()
    for typed in ("COVID-19", "covid19", "Covid 19"):
        assert set(found(empty, typed)) == {1, 2}, typed
    for typed in ("wifi", "Wi-Fi"):
        assert set(found(empty, typed)) == {3, 4}, typed


def test_a_name_and_its_number_are_found_however_they_are_joined(empty: Engine) -> None:
    """By the way of writing, not by a list of names: the second kind stands in no file."""
    writings = ("Wi-Fi 6路由器", "WiFi6基站", "WiFi 6", "Wi-Fi6模组", "Zig-Bee 3网关", "ZigBee3模块", "Zigbee 3")
    empty.put([a_document(pk, title) for pk, title in enumerate((*writings, "Wi-Fi 7路由器", "6路ZigBee开关"), 1)])
    empty.settle()
    for typed in ("WiFi6", "Wi-Fi 6", "wifi 6", "wi-fi6"):
        assert set(found(empty, typed)) == {1, 2, 3, 4}, typed
    for typed in ("ZigBee3", "zig-bee 3", "zigbee 3"):
        assert set(found(empty, typed)) == {5, 6, 7}, typed
    assert set(found(empty, "WiFi6路由器")) == {1}


def test_filters_leave_only_what_has_one_of_the_values(filled: Engine) -> None:
    assert found(filled, "煤", filters={Facet.INDUSTRY: ("power",)}) in ([1, 4], [4, 1])
    assert set(found(filled, "煤", filters={Facet.INDUSTRY: ("power", "coal"), Facet.KIND: ("listing",)})) == {1, 2, 3, 4}
    assert found(filled, "", filters={Facet.STATE: ("concluded",)}) == [4]
    assert found(filled, "煤", filters={Facet.KIND: ("demand",)}) == [7]
    assert found(filled, "煤", filters={Facet.KIND: ("achievement",)}) == []


def test_counts_of_a_facet_leave_its_own_filter_out_and_heed_the_others(filled: Engine) -> None:
    query = replace(parse("煤"), filters={Facet.KIND: ("listing",), Facet.INDUSTRY: ("power",)})
    results = filled.search(query)
    assert results.total == 2
    assert results.counts[Facet.INDUSTRY] == {"power": 2, "coal": 2}
    assert results.counts[Facet.MATURITY] == {"pilot_scale": 2}
    assert results.counts[Facet.STATE] == {"on_notice": 1, "concluded": 1}
    assert results.counts[Facet.KIND] == {"listing": 2}


DAY = 86_400
PATENTED = [
    a_document(1, "煤甲", ipc=("F23C", "B01D"), served=("B061",), region="140602", owner="university", price=5_000_000, ends=DAY),
    a_document(2, "煤乙", ipc=("F23B",), served=("B069",), region="140603", owner="institute", price=30_000_000, ends=5 * DAY),
    a_document(3, "煤丙", ipc=("B01D",), served=("C301",), region="1101", owner="university", price=2_000_000_000, ends=20 * DAY),
    a_document(4, "煤丁", route="listed", transaction="transfer", price=None, ends=None),
    a_document(5, "煤戊", price=30_000_000, ends=-DAY),
]


def test_branches_of_trees_hold_all_that_stands_on_them(empty: Engine) -> None:
    empty.put(PATENTED)
    empty.settle()
    counts = empty.search(parse("煤")).counts
    # An entry with several patents counts once on each branch.
    assert counts[Facet.IPC] == {"B": 2, "B01": 2, "B01D": 2, "F": 2, "F23": 2, "F23B": 1, "F23C": 1}
    assert counts[Facet.SERVED] == {"B": 2, "B06": 2, "B061": 1, "B069": 1, "C": 1, "C30": 1, "C301": 1}
    assert counts[Facet.REGION] == {"11": 1, "1101": 1, "14": 2, "1406": 2, "140602": 1, "140603": 1}
    for facet, value, expected in [
        (Facet.IPC, "F", {1, 2}),
        (Facet.IPC, "B01", {1, 3}),
        (Facet.IPC, "F23C", {1}),
        (Facet.SERVED, "B06", {1, 2}),
        (Facet.REGION, "14", {1, 2}),
        (Facet.REGION, "140603", {2}),
    ]:
        assert set(found(empty, "煤", filters={facet: (value,)})) == expected, (facet, value)
    both = empty.search(replace(parse("煤"), filters={Facet.IPC: ("F23B", "B01D"), Facet.OWNER: ("university",)}))
    assert {key.pk for key in both.keys} == {1, 3}
    # Its own filter left out, the other one heeded.
    assert both.counts[Facet.IPC] == {"B": 2, "B01": 2, "B01D": 2, "F": 1, "F23": 1, "F23C": 1}
    assert both.counts[Facet.OWNER] == {"university": 2, "institute": 1}


def test_prices_and_days_left_can_be_chosen(empty: Engine) -> None:
    empty.put(PATENTED)
    empty.settle()
    results = empty.search(parse("煤"))
    assert results.counts[Facet.BAND] == {"5": 1, "20": 2, "1000": 1}
    assert results.counts[Facet.ENDS] == {"3": 1, "7": 2, "15": 2, "30": 3}
    assert set(found(empty, "煤", filters={Facet.ENDS: ("7",)})) == {1, 2}
    assert set(found(empty, "煤", filters={Facet.BAND: ("20", "1000")})) == {2, 3, 5}
    assert set(found(empty, "煤", prices=(5_000_000, 30_000_000))) == {1, 2, 5}
    assert set(found(empty, "煤", prices=(None, 5_000_000))) == {1}
    # The histogram goes on beyond the range that was typed; the other facets do not.
    within = empty.search(replace(parse("煤"), prices=(None, 5_000_000)))
    assert within.counts[Facet.BAND] == {"5": 1, "20": 2, "1000": 1}
    assert within.counts[Facet.REGION] == {"14": 1, "1406": 1, "140602": 1}
    assert found(empty, "煤", sort=Sort.ENDING)[-1] == 4
    assert found(empty, "煤", sort=Sort.ENDING)[:3] == [5, 1, 2]


def test_orders(filled: Engine) -> None:
    listings = {Facet.KIND: ("listing",)}
    assert found(filled, "", filters=listings) == [6, 5, 3, 2, 1, 4]
    assert found(filled, "", filters=listings, sort=Sort.CHEAPEST)[-3:] == [3, 2, 5]
    assert found(filled, "", filters=listings, sort=Sort.DEAREST)[:2] == [2, 3]
    assert found(filled, "", filters=listings, sort=Sort.DEAREST)[-1] == 5
    assert found(filled, "煤", sort=Sort.NEWEST) == [7, 3, 2, 1, 4]


def test_pages_hold_everything_once(empty: Engine) -> None:
    empty.put(a_document(pk, f"煤炭技术{pk}") for pk in range(1, 2 * PER_PAGE + 4))
    empty.settle()
    pages = [found(empty, "煤炭", page=page) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [PER_PAGE, PER_PAGE, 3, 0]
    assert {pk for page in pages for pk in page} == set(range(1, 2 * PER_PAGE + 4))
    assert empty.search(parse("煤炭")).total == 2 * PER_PAGE + 3


def test_what_is_put_again_replaces_and_what_is_removed_is_gone(filled: Engine) -> None:
    changed = a_document(3, "粉煤灰制备陶粒的方法")
    filled.put([changed])
    filled.remove([Key(Kind.LISTING, 2), Key(Kind.LISTING, 999)])
    filled.settle()
    assert found(filled, "煤矸石") == [1]
    assert found(filled, "粉煤灰") == [3]
    assert found(filled, "瓦斯") == []
    assert dict(filled.digests())[Key(Kind.LISTING, 3)] == changed.digest
    assert len(dict(filled.digests())) == len(CORPUS) - 1


def test_a_rebuilt_index_holds_exactly_what_it_was_given(filled: Engine) -> None:
    calls: list[int] = []
    filled.rebuild(iter(CORPUS[:2]), catch_up=lambda: calls.append(1))
    filled.settle()
    assert {key.pk for key, _digest in filled.digests()} == {1, 2}
    assert found(filled, "飞灰") == [1]
    assert filled.is_current()


def test_an_index_that_was_never_built_is_not_current(index: Engine) -> None:
    assert not index.is_current()


@pytest.mark.parametrize(
    "typed",
    [
        "煤" * 5000,
        '"煤 AND',
        "title:煤 OR (",
        "*",
        "煤*?~2^3",
        "\x00\x1b煤",
        "-",
        "--煤",
        '-""',
        "NEAR(煤 矸)",
        "𠀀𠀁",
        "ﷺ" * 100,
        "%s %d {table}",
    ],
    ids=lambda typed: repr(typed[:12]),
)
def test_odd_queries_are_answered(filled: Engine, typed: str) -> None:
    filled.search(parse(typed))


# More of them by `make fuzz-search`.
FUZZ = hypothesis_settings(
    deadline=None,
    max_examples=int(os.environ.get("FUZZ", "60")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# What a query language would take for its own, and what people type.
_PIECES = st.sampled_from(
    ['"', "“", "”", "-", "*", "?", "~2", "^3", "AND", "OR", "NOT", "NEAR(", "(", ")", "[", "{", "title:", "_exists_:", "/.*/", "\\", "煤",
     "循环流化床", "CFB", "75t/h", "\x00", "\x1b", "\u202e", "\ud7ff", "ﷺ", "𠀀", "煤" * 10_000, " ", "　", "%", "'", "<b>", "{% %}"]
)  # fmt: skip
_TYPED = st.one_of(
    st.text(max_size=120), st.lists(_PIECES, max_size=12).map("".join), st.lists(_PIECES, max_size=12).map(" ".join)
)


@FUZZ
@given(_TYPED)
def test_any_query_is_answered(filled: Engine, typed: str) -> None:
    results = filled.search(parse(typed))
    assert results.total + results.near >= len(results.keys)


_NAMES = ["q", "p", "sort", "from", "to", *(facet.value for facet in Facet)]
_VALUES = st.one_of(
    st.text(max_size=30), st.sampled_from(["F23C", "B", "14", "7", "1000", "coal", "²", "%", "\x00", "9" * 40, "-1", "_"])
)


@FUZZ
@given(st.dictionaries(st.sampled_from(_NAMES), st.lists(_VALUES, max_size=3)))
def test_any_address_is_answered_and_can_be_kept(filled: Engine, parameters: dict[str, list[str]]) -> None:
    address = urlencode(parameters, doseq=True)
    query = read(QueryDict(address), now=datetime(2026, 3, 10, tzinfo=UTC))
    assert filled.search(query).total >= 0
    kept = kept_address(address)
    assert kept_address(kept) == kept
