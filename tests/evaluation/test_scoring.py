"""Points of the yearly evaluation: shares of what earns all, places, and files that must add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.evaluation.rules.scoring import DATA, BadScheme, load_schemes, may_publish, points_for, ranked, total
from brokers.evaluation.schemes import latest

SCHEME = latest()
_HUNDREDTHS = st.integers(-1000, 10**11).map(lambda number: Decimal(number) / 100)
VALUES = st.dictionaries(st.sampled_from(sorted(SCHEME.indicators)), _HUNDREDTHS)


def test_the_groups_weigh_what_the_rule_says() -> None:
    assert [(group.code, group.points) for group in SCHEME.groups] == [
        ("basics", 10),
        ("results", 30),
        ("capability", 30),
        ("management", 20),
        ("standing", 10),
    ]


def test_realised_value_weighs_more_than_signed_value() -> None:
    indicators = SCHEME.indicators
    realised = indicators["received_value"].points + indicators["used_value"].points
    assert realised > indicators["signed_value"].points


@settings(max_examples=100)
@given(values=VALUES)
def test_points_lie_between_nothing_and_all(values: dict[str, Decimal]) -> None:
    assert 0 <= total(SCHEME, values) <= 100
    for code, value in values.items():
        assert 0 <= points_for(SCHEME.indicators[code], value) <= SCHEME.indicators[code].points


@settings(max_examples=100)
@given(
    values=VALUES,
    code=st.sampled_from(sorted(SCHEME.indicators)),
    more=st.integers(0, 10**8).map(lambda number: Decimal(number) / 100),
)
def test_a_larger_figure_never_costs_points(values: dict[str, Decimal], code: str, more: Decimal) -> None:
    before = values.get(code, Decimal(0))
    assert total(SCHEME, {**values, code: before + more}) >= total(SCHEME, {**values, code: before})


def test_all_figures_full_make_a_hundred() -> None:
    full = {code: indicator.full for code, indicator in SCHEME.indicators.items()}
    assert total(SCHEME, full) == 100
    assert SCHEME.grade(Decimal(100)) == "excellent"
    assert [SCHEME.grade(Decimal(points)) for points in ("84.99", "70", "60", "59.99")] == ["good", "good", "passed", "failed"]


def test_equal_points_share_a_place() -> None:
    assert ranked({1: Decimal(80), 2: Decimal(90), 3: Decimal(80), 4: Decimal(10)}) == {1: 2, 2: 1, 3: 2, 4: 4}


def test_nothing_is_published_before_the_comments_are_over_and_answered() -> None:
    day = date(2026, 3, 24)
    assert [r.code for r in may_publish(comment_until=day, today=day, open_comments=1)] == [
        "evaluation.comments_running",
        "evaluation.comments_open",
    ]
    assert may_publish(comment_until=day, today=date(2026, 3, 25), open_comments=0) == []


@pytest.mark.parametrize(
    ("said", "instead", "why"),
    [
        ('points = "6"', 'points = "7"', "add up"),
        ('code = "basics"\npoints = "10"', 'code = "basics"\npoints = "11"', "add up"),
        ('full = "5000000"', 'full = "0"', "above zero"),
        ('id = "EVAL-2026"', "", "'id' is missing"),
    ],
)
def test_a_file_that_does_not_add_up_is_named(tmp_path: Path, said: str, instead: str, why: str) -> None:
    text = (DATA / "2026.toml").read_text(encoding="utf-8")
    assert said in text
    (tmp_path / "bad.toml").write_text(text.replace(said, instead, 1), encoding="utf-8")
    with pytest.raises(BadScheme, match=r"bad\.toml") as error:
        load_schemes(tmp_path)
    assert why in str(error.value)
