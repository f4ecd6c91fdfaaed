"""Who fits whom, judged by what is public of both: with reasons that can be said, and nothing for what has nothing in common."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.rules import Reason, Side, Why, fit, likeness, shared_terms, subjects_of

WANTED = Side(
    title="循环流化床锅炉飞灰含碳量降低技术",
    keywords=("飞灰", "循环流化床"),
    body="现有两台锅炉飞灰含碳量高，燃烧不稳。",
    industry="power",
    fen=150_000_000,
    way="transfer",
    region="140602",
)
OFFERED = Side(
    title="低热值煤循环流化床稳燃技术",
    keywords=("低热值煤", "稳燃"),
    body="飞灰含碳量由百分之八降至百分之三点五。",
    industry="power",
    fen=120_000_000,
    maturity="pilot_scale",
    way="transfer",
    region="140621",
    classes=("F23C",),
)


def reasons(wanted: Side, offered: Side) -> dict[Why, tuple[str | int, ...]]:
    found = fit(wanted, offered)
    return {reason.why: reason.values for reason in found.reasons} if found else {}


def test_every_point_in_common_is_a_reason() -> None:
    assert reasons(WANTED, OFFERED) == {
        Why.TERMS: ("循环流化床", "飞灰"),
        Why.INDUSTRY: ("power",),
        Why.MATURITY: ("pilot_scale",),
        Why.PRICE: (120_000_000, 150_000_000),
        Why.WAY: ("transfer",),
        Why.REGION: ("1406",),
    }


@pytest.mark.parametrize(
    ("price", "why"),
    [(150_000_000, Why.PRICE), (150_000_001, Why.PRICE_NEAR), (180_000_000, Why.PRICE_NEAR), (180_000_001, Why.PRICE_ABOVE)],
)
def test_a_price_fits_is_near_or_is_said_to_be_above(price: int, why: Why) -> None:
    found = reasons(WANTED, replace(OFFERED, fen=price))
    assert found[why] == (price, 150_000_000)
    assert len(found.keys() & {Why.PRICE, Why.PRICE_NEAR, Why.PRICE_ABOVE}) == 1


def test_without_a_budget_or_a_price_nothing_is_said_of_it() -> None:
    for pair in ((replace(WANTED, fen=None), OFFERED), (WANTED, replace(OFFERED, fen=None))):
        assert not reasons(*pair).keys() & {Why.PRICE, Why.PRICE_NEAR, Why.PRICE_ABOVE}


def test_what_fits_better_ranks_higher() -> None:
    worse = [
        replace(OFFERED, fen=500_000_000),
        replace(OFFERED, maturity="in_research"),
        replace(OFFERED, industry="coal"),
        replace(OFFERED, way="ordinary_licence"),
        replace(OFFERED, title="低热值煤稳燃技术", keywords=("循环流化床",), body=""),
    ]
    best = fit(WANTED, OFFERED)
    assert best is not None
    for offer in worse:
        found = fit(WANTED, offer)
        assert found is not None
        assert found.score < best.score
    assert best.score <= 100


def test_other_words_for_the_same_are_the_same() -> None:
    assert reasons(WANTED, replace(OFFERED, title="CFB boiler with staged air", keywords=("CFB",), body=""))[Why.TERMS] == (
        "循环流化床",
        "锅炉",
    )
    assert shared_terms(replace(WANTED, title="ACFBX", keywords=()), replace(OFFERED, body="", keywords=("CFB",))) == []


def test_a_word_that_stands_somewhere_is_not_enough() -> None:
    assert fit(WANTED, replace(OFFERED, title="小米加工技术", keywords=("小米",), body="用锅炉蒸煮")) is None
    assert fit(WANTED, replace(OFFERED, title="红富士苹果冷藏", keywords=("苹果",), body="")) is None


def test_what_any_title_is_made_of_is_no_reason() -> None:
    assert subjects_of("一种高效循环流化床锅炉布风装置的关键技术研究及应用") == ["循环流化床锅炉布风"]
    plain = Side("关键技术研究与应用", ("技术",), "系统", "power")
    assert shared_terms(plain, replace(plain, title="新型装置关键技术研究与应用")) == []


def test_terms_within_others_are_not_repeated() -> None:
    one = replace(WANTED, keywords=("流化床", "循环流化床", "锅炉"))
    assert [term for term, _both in shared_terms(one, replace(OFFERED, keywords=("流化床",)))] == ["循环流化床"]


def test_licences_of_any_kind_answer_who_seeks_one() -> None:
    seeks = replace(WANTED, way="licence")
    assert reasons(seeks, replace(OFFERED, way="sole_licence"))[Why.WAY] == ("sole_licence",)
    assert Why.WAY not in reasons(seeks, OFFERED)
    assert Why.WAY not in reasons(replace(WANTED, way="joint"), OFFERED)


def test_offers_are_alike_by_words_classes_and_industry() -> None:
    twin = replace(OFFERED, title="循环流化床布风板", keywords=("布风板",), fen=1, body="")
    found = likeness(OFFERED, twin)
    assert found is not None
    assert found.reasons == (Reason(Why.TERMS, ("循环流化床",)), Reason(Why.CLASSES, ("F23C",)), Reason(Why.INDUSTRY, ("power",)))
    assert likeness(OFFERED, replace(twin, title="苹果冷藏", keywords=(), classes=(), body="")) is None
    assert likeness(OFFERED, replace(twin, title="苹果冷藏", keywords=(), industry="agriculture", body="")) is None
