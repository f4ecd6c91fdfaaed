"""The facts of a case as they are kept, the days by which one files, and roundings: to the letter, the day and the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from contracts.relief.rules.book import FORMULAS
from contracts.relief.rules.conditions import Answer, Condition, Verdict, answers, least_sure
from contracts.relief.rules.conditions import Test as Question
from contracts.relief.rules.deadlines import filing_day
from contracts.relief.rules.facts import Facts, Transfer, read_fact, read_facts, written
from contracts.relief.rules.figures import Parameters, down, half_up
from market.values.dates import Calendar
from market.values.money import Money

WHOLE = Facts(
    {
        "price": Money(123_456),
        "cit_rate": Decimal("0.150"),
        "recognised": True,
        "has_approval": False,
        "grant": "ownership",
        "day": date(2026, 5, 20),
        "right": None,
    },
    key="abc",
    others=(Transfer("b", Fraction(1, 3)), Transfer("c", Fraction(-5))),
)
KEPT = {
    "values": {
        "price": "1234.56",
        "cit_rate": "0.150",
        "recognised": True,
        "has_approval": False,
        "grant": "ownership",
        "day": "2026-05-20",
    },
    "key": "abc",
    "others": [["b", "1/3"], ["c", "-5"]],
}


def test_facts_are_kept_as_plain_text_and_read_back_the_same() -> None:
    assert written(WHOLE) == KEPT
    again = read_facts(KEPT)
    assert (again.key, again.others) == (WHOLE.key, WHOLE.others)
    assert again.values == {name: value for name, value in WHOLE.values.items() if value is not None}


def test_what_an_older_row_does_not_name_is_nothing() -> None:
    bare = read_facts({"values": {}})
    assert (bare.values, bare.key, bare.others) == ({}, "", ())


def test_an_empty_word_is_not_kept() -> None:
    assert written(Facts({"grant": "", "right": "invention"}))["values"] == {"right": "invention"}


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_fact_is_none(empty: object) -> None:
    assert read_fact("price", empty) is None


def test_a_fact_that_is_not_given_is_nothing_no_or_unknown() -> None:
    bare = Facts()
    assert (bare.yuan("price"), bare.rate("cit_rate"), bare.rate("cit_rate", "0.25")) == (0, 0, Fraction(1, 4))
    assert (bare.word("grant"), bare.flag("recognised"), bare.day("day"), bare.has("price")) == ("", False, None, False)


def test_each_fact_is_asked_in_its_own_way() -> None:
    held = Facts({"holding_direct": Decimal("0.6"), "holding_indirect": Decimal("0.3"), "price": Money(150)})
    assert held.number("holding") == Fraction(9, 10)
    assert held.number("price") == Fraction(3, 2)
    assert (WHOLE.rate("cit_rate"), WHOLE.flag("has_approval"), WHOLE.has("has_approval")) == (Fraction(3, 20), False, True)
    assert Facts({"cit_rate": Decimal(0)}).has("cit_rate")
    assert not Facts({"grant": ""}).has("grant")


@pytest.mark.parametrize(
    ("start", "end", "lasts"),
    [
        (date(2026, 1, 1), date(2030, 12, 31), True),
        (date(2026, 1, 1), date(2030, 12, 30), False),
        (date(2024, 2, 29), date(2029, 2, 27), True),
        (None, date(2030, 12, 31), False),
        (date(2026, 1, 1), None, False),
    ],
)
def test_a_term_of_five_years_counts_its_first_and_its_last_day(start: date | None, end: date | None, lasts: bool) -> None:
    assert Facts({"term_start": start, "term_end": end}).lasts_years(5) is lasts


@pytest.mark.parametrize(
    ("kind", "day", "last"),
    [
        ("annual_settlement", date(2026, 1, 1), date(2027, 5, 31)),
        ("annual_settlement", date(2026, 12, 31), date(2027, 5, 31)),
        ("annual_settlement", date(2024, 7, 1), date(2025, 6, 2)),
        ("month_after", date(2026, 3, 31), date(2026, 4, 15)),
        ("month_after", date(2026, 11, 1), date(2026, 12, 15)),
        ("month_after", date(2026, 12, 1), date(2027, 1, 15)),
        ("month_after", date(2026, 1, 31), date(2026, 2, 16)),
        ("quarter_after", date(2026, 1, 1), date(2026, 4, 15)),
        ("quarter_after", date(2026, 3, 31), date(2026, 4, 15)),
        ("quarter_after", date(2026, 4, 1), date(2026, 7, 15)),
        ("quarter_after", date(2026, 9, 30), date(2026, 10, 15)),
        ("quarter_after", date(2026, 10, 1), date(2027, 1, 15)),
        ("quarter_after", date(2026, 12, 31), date(2027, 1, 15)),
        ("january_after", date(2026, 1, 1), date(2027, 1, 15)),
        ("january_after", date(2026, 12, 31), date(2027, 1, 15)),
    ],
)
def test_the_last_day_to_file_or_the_working_day_after_it(kind: str, day: date, last: date) -> None:
    assert filing_day(kind, day, Calendar()) == last


@pytest.mark.parametrize(
    ("yuan", "to_the_nearest", "towards_nothing"),
    [("0.005", 1, 0), ("0.0049", 0, 0), ("-0.005", -1, 0), ("-1.239", -124, -123), ("1.231", 123, 123), ("1.239", 124, 123)],
)
def test_roundings_to_the_fen(yuan: str, to_the_nearest: int, towards_nothing: int) -> None:
    assert (half_up(Fraction(yuan)).fen, down(Fraction(yuan)).fen) == (to_the_nearest, towards_nothing)


BRACKETS = Parameters(
    {},
    {"tax": "half_up", "least": "down"},
    ((Fraction(100), Fraction(1, 10), Fraction(0)), (Fraction(0), Fraction(1, 5), Fraction(10))),
)


@pytest.mark.parametrize(("base", "tax"), [(-5, 0), (0, 0), (100, 10), (101, Fraction(51, 5)), (200, 30)])
def test_a_bracket_reaches_up_to_its_end(base: int, tax: int | Fraction) -> None:
    assert BRACKETS.progressive(Fraction(base)) == tax


def test_brackets_that_end_are_no_brackets() -> None:
    with pytest.raises(ValueError, match=r"^the brackets end before the base$"):
        Parameters({}, {}, ((Fraction(100), Fraction(1, 10), Fraction(0)),)).progressive(Fraction(101))


def test_each_result_has_a_rounding_of_its_own() -> None:
    assert (BRACKETS.rounded(Fraction("0.019")).fen, BRACKETS.rounded(Fraction("0.019"), "least").fen) == (2, 1)


def _asked(operator: str, value: object, facts: Facts, *, fact: str = "price", since: str = "") -> bool:
    condition = Condition("it", Question(fact, operator, value, since), (), "中", "en", "source", "high")
    (answer,) = answers((condition,), facts, {})
    assert answer == Answer(condition, answer.holds, "high")
    return answer.holds


@pytest.mark.parametrize(
    ("operator", "yuan", "holds"),
    [
        *[("above", yuan, yuan > 5) for yuan in (4, 5, 6)],
        *[("at_least", yuan, yuan >= 5) for yuan in (4, 5, 6)],
        *[("below", yuan, yuan < 5) for yuan in (4, 5, 6)],
    ],
)
def test_an_amount_is_compared_at_its_boundary(operator: str, yuan: int, holds: bool) -> None:
    assert _asked(operator, "5", Facts({"price": Money(100 * yuan)})) is holds


@pytest.mark.parametrize(
    ("operator", "value", "grant", "holds"),
    [
        ("is", "sole", "sole", True),
        ("is", "sole", "none", False),
        ("one_of", ["sole", "none"], "none", True),
        ("one_of", ["sole"], "none", False),
        ("one_of", "sole", "sole", False),
        ("none_of", ["sole"], "none", True),
        ("none_of", ["sole"], "sole", False),
        ("given", True, "sole", True),
        ("given", True, "", False),
        ("given", False, "", True),
    ],
)
def test_a_word_is_compared(operator: str, value: object, grant: str, holds: bool) -> None:
    assert _asked(operator, value, Facts({"grant": grant}), fact="grant") is holds


@pytest.mark.parametrize(
    ("flag", "value", "holds"), [(True, True, True), (False, False, True), (None, False, True), (True, False, False)]
)
def test_a_flag_is_compared(flag: bool | None, value: bool, holds: bool) -> None:
    assert _asked("is", value, Facts({"recognised": flag}), fact="recognised") is holds


@pytest.mark.parametrize(
    ("paid", "holds"),
    [(date(2026, 1, 1), True), (date(2025, 12, 31), False), (date(2026, 4, 1), True), (date(2026, 4, 2), False), (None, False)],
)
def test_three_months_begin_and_end_with_their_day(paid: date | None, holds: bool) -> None:
    facts = Facts({"award_paid_on": paid, "income_received_on": date(2026, 1, 1)})
    assert _asked("within_months", 3, facts, fact="award_paid_on", since="income_received_on") is holds
    without = Facts({"award_paid_on": paid})
    assert not _asked("within_months", 3, without, fact="award_paid_on", since="income_received_on")


@pytest.mark.parametrize(
    ("waived", "day", "holds"),
    [
        (None, None, True),
        (date(2023, 5, 20), date(2026, 5, 20), True),
        (date(2023, 5, 20), date(2026, 5, 19), False),
        (date(2023, 5, 20), None, False),
    ],
)
def test_three_years_after_a_waiver_it_is_over(waived: date | None, day: date | None, holds: bool) -> None:
    assert _asked("over_after_months", 36, Facts({"waived_on": waived, "day": day}), fact="waived_on") is holds


def test_a_condition_is_asked_only_where_all_that_it_presupposes_holds() -> None:
    presupposed = (Question("grant", "is", "sole"), Question("recognised", "is", True))
    condition = Condition("it", Question("price", "above", "0"), presupposed, "", "", "", "low")
    assert answers((condition,), Facts({"grant": "sole"}), {}) == ()
    (answer,) = answers((condition,), Facts({"grant": "sole", "recognised": True}), {})
    assert (answer.holds, answer.confidence) == (False, "low")


@pytest.mark.parametrize(
    ("confidences", "least"),
    [([], "high"), (["high"], "high"), (["high", "medium"], "medium"), (["low", "high", "medium"], "low")],
)
def test_a_sum_is_no_surer_than_what_it_rests_on(confidences: list[str], least: str) -> None:
    assert least_sure(confidences) == least


@pytest.mark.parametrize("known", [{}, {"day": date(2026, 5, 20)}, {"waived_on": date(2026, 5, 20)}])
def test_without_a_waiver_or_a_day_nothing_is_locked(known: dict[str, date]) -> None:
    outcome = FORMULAS["vat_waiver"].count(Facts(known), Parameters({"months": "36"}, {}), True)
    assert outcome.figures == {"lockout_over": True}


VERDICTS = {
    "invention": {"vat": Verdict("yes", "high", "专利", "patent")},
    "design": {"vat": Verdict("likely", "medium", "甲", "a"), "cit": Verdict("if", "low", "乙", "b")},
    "layout": {"vat": Verdict("unclear", "low", "丙", "c")},
}


@pytest.mark.parametrize(
    ("right", "tax", "is_technical", "told"),
    [
        ("invention", "vat", False, (True, "high", "专利", "patent")),
        ("design", "vat", False, (True, "medium", "甲", "a")),
        ("design", "cit", True, (True, "low", "乙", "b")),
        ("design", "cit", False, (False, "low", "乙", "b")),
        ("layout", "vat", True, (False, "low", "丙", "c")),
        # Of what the table does not know the condition itself says how sure it is.
        ("software", "vat", True, (False, "high", "", "")),
        ("invention", "cit", True, (False, "high", "", "")),
    ],
)
def test_the_table_of_rights_answers_in_its_own_words(
    right: str, tax: str, is_technical: bool, told: tuple[bool, str, str, str]
) -> None:
    condition = Condition("right", Question("right", "table", tax), (), "中", "en", "source", "high")
    facts = Facts({"right": right, "design_is_technical": is_technical})
    assert answers((condition,), facts, VERDICTS) == (Answer(condition, *told),)
