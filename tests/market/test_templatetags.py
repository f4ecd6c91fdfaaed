"""Amounts, days and periods read right in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from market.templatetags import market as written
from market.values.dates import Period, Unit
from market.values.money import Money


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        (123_456_700, "1,234,567.00 元", "¥1,234,567.00"),
        (Money(1), "0.01 元", "¥0.01"),
        (0, "0.00 元", "¥0.00"),
        (-150, "-1.50 元", "-¥1.50"),
        (None, "", ""),
    ],
)
def test_money_is_written_to_the_fen(amount: Money | int | None, chinese: str, english: str) -> None:
    with override("zh-hans"):
        assert written.money(amount) == chinese
    with override("en"):
        assert written.money(amount) == english


@pytest.mark.parametrize(
    ("fen", "chinese"),
    [
        (120_000_000, "120 万元"),
        (123_450_000, "123.45 万元"),
        (1_000_000_000_000, "1,000,000 万元"),
        (123_456_700, "1,234,567.00 元"),
        (120_000_001, "1,200,000.01 元"),
        (0, "0.00 元"),
    ],
)
def test_ten_thousands_are_written_only_where_nothing_is_lost(fen: int, chinese: str) -> None:
    with override("zh-hans"):
        assert written.wan(Money(fen)) == chinese


def test_english_has_no_ten_thousands() -> None:
    with override("en"):
        assert written.wan(120_000_000) == "¥1,200,000.00"


def test_a_day_is_written_in_the_language_of_the_page() -> None:
    with override("zh-hans"):
        assert written.day(date(2026, 11, 4)) == "2026年11月4日"
    with override("en"):
        assert written.day(date(2026, 11, 4)) == "4 November 2026"
        assert written.day(None) == ""


def test_the_day_of_an_instant_is_the_day_in_shanghai() -> None:
    late = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    with override("zh-hans"):
        assert written.day(late) == "2027年1月1日"
        assert written.instant(late) == "2027年1月1日 00:30"
    with override("en"):
        assert written.instant(late) == "1 January 2027, 00:30"


@pytest.mark.parametrize(
    ("rate", "text"),
    [(Decimal("0.5"), "50%"), (Decimal("0.33333"), "33.333%"), (Decimal("1"), "100%"), (Decimal("0"), "0%"), (None, "")],
)
def test_a_rate_is_written_as_an_exact_percentage(rate: Decimal | None, text: str) -> None:
    assert written.percent(rate) == text


def test_a_period_says_what_it_counts() -> None:
    with override("en"):
        assert written.period(Period(20, Unit.WORKING_DAYS)) == "20 working days"
        assert written.period(Period(1, Unit.DAYS)) == "1 day"
        assert written.period(Period(24, Unit.MONTHS)) == "24 months"


def test_a_holiday_is_the_reason_by_its_name_in_the_readers_language() -> None:
    with override("en"):
        assert written.skip_reason("国庆节") == "National Day"
        assert written.skip_reason("国庆节、中秋节") == "National Day, Mid-Autumn Festival"
        assert written.skip_reason("抗战胜利纪念日") == "抗战胜利纪念日"
        assert written.skip_reason("weekend") == "weekend"
    with override("zh-hans"):
        assert written.skip_reason("国庆节、中秋节") == "国庆节、中秋节"


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (None, "", ""),
        (0, "0秒", "0 seconds"),
        (61, "1分钟1秒", "1 minute 1 second"),
        (43200, "12小时", "12 hours"),
        (180000, "2天2小时", "2 days 2 hours"),
    ],
)
def test_a_duration_is_said_in_the_largest_units(seconds: int | None, chinese: str, english: str) -> None:
    with override("zh-hans"):
        assert written.duration(seconds) == chinese
    with override("en"):
        assert written.duration(seconds) == english
