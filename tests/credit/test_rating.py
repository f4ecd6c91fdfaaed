"""The grade as a pure function of records and date: monotone, without regard to order, and not to be bought by a ring."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.credit.rulebook import book
from brokers.credit.rules.advice import advice_for
from brokers.credit.rules.book import BadRules, load_book, milli
from brokers.credit.rules.rating import NEW, Fact, rating_on, weight_on
from brokers.credit.rules.records import days_out, points_for_marks, points_for_value, worth_of
from market.values.dates import Span
from market.values.money import Money

TODAY = date(2026, 11, 25)
SCHEME = book().on(TODAY)
GOOD = sorted(rule.code for rule in SCHEME.rules.values() if rule.is_good and rule.cap is None)
GIVEN = sorted(rule.code for rule in SCHEME.rules.values() if rule.is_good and rule.cap is not None)
BAD = sorted(rule.code for rule in SCHEME.rules.values() if not rule.is_good)
STEP = milli("5")


def a_fact(code: str, *, party: int | None = None, age: int = 0, points: int | None = None, number: int = 0) -> Fact:
    rule = SCHEME.rules[code]
    worth = worth_of(rule, TODAY - timedelta(days=age), points=points)
    return Fact(number, code, worth.points, worth.starts, worth.full_until, worth.ends, party, rule.is_examined)


@st.composite
def a_good_fact(draw: st.DrawFn) -> Fact:
    code = draw(st.sampled_from(GOOD + GIVEN))
    party = draw(st.integers(1, 6)) if code in GOOD else None
    points = draw(st.integers(0, SCHEME.rules[code].points))
    return a_fact(code, party=party, age=draw(st.integers(0, 1200)), points=points, number=draw(st.integers(1, 10**6)))


@st.composite
def a_bad_fact(draw: st.DrawFn) -> Fact:
    code = draw(st.sampled_from(BAD))
    party = draw(st.integers(1, 6)) if code == "badly_reviewed" else None
    return a_fact(code, party=party, age=draw(st.integers(0, 1200)), number=draw(st.integers(1, 10**6)))


FACTS = st.lists(st.one_of(a_good_fact(), a_bad_fact()), max_size=30, unique_by=lambda fact: fact.id)


@settings(max_examples=200)
@given(facts=FACTS, more=a_good_fact())
def test_a_further_good_record_never_lowers_the_score(facts: list[Fact], more: Fact) -> None:
    before, after = rating_on(facts, TODAY, SCHEME), rating_on([*facts, more], TODAY, SCHEME)
    assert after.score >= before.score
    assert before.is_new or not after.is_new


@settings(max_examples=100)
@given(facts=FACTS, more=a_bad_fact())
def test_a_further_bad_record_never_raises_the_score(facts: list[Fact], more: Fact) -> None:
    assert rating_on([*facts, more], TODAY, SCHEME).score <= rating_on(facts, TODAY, SCHEME).score


@settings(max_examples=100)
@given(facts=FACTS, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter_and_the_same_records_give_the_same(
    facts: list[Fact], shuffled: random.Random
) -> None:
    other = list(facts)
    shuffled.shuffle(other)
    assert rating_on(other, TODAY, SCHEME) == rating_on(facts, TODAY, SCHEME) == rating_on(iter(facts), TODAY, SCHEME)


@settings(max_examples=100)
@given(facts=FACTS)
def test_the_explanation_adds_up_to_the_score(facts: list[Fact]) -> None:
    rating = rating_on(facts, TODAY, SCHEME)
    told = rating.base + sum(party.counted for party in rating.parties) + rating.official + rating.against
    assert rating.score == max(0, min(100_000, told))
    assert {line.fact.id for line in rating.lines} == {fact.id for fact in facts}
    assert sum(line.counted for line in rating.lines if line.fact.points < 0) == rating.against


@settings(max_examples=60)
@given(facts=st.lists(a_good_fact(), max_size=20), days=st.integers(0, 400))
def test_without_new_evidence_good_records_fade_and_never_grow(facts: list[Fact], days: int) -> None:
    later = TODAY + timedelta(days=days)
    assert all(weight_on(fact, later) <= weight_on(fact, TODAY) for fact in facts)


def test_a_record_counts_in_full_for_a_year_then_less_every_day_and_nothing_in_the_end() -> None:
    fact = a_fact("deal_settled", party=1)
    assert weight_on(fact, TODAY - timedelta(days=1)) == 0
    assert weight_on(fact, TODAY + timedelta(days=365)) == fact.points
    half = weight_on(fact, TODAY + timedelta(days=730))
    assert 0 < half < fact.points
    assert 0 <= weight_on(fact, fact.ends) < weight_on(fact, fact.ends - timedelta(days=9))
    assert weight_on(fact, fact.ends + timedelta(days=1)) == 0


def test_somebody_without_independent_examined_deals_is_new() -> None:
    reviews = [a_fact("well_reviewed", party=party, number=party) for party in range(9)]
    assert rating_on(reviews, TODAY, SCHEME).grade == NEW
    recognised = [a_fact("value_recognised", party=party, number=100 + party) for party in range(SCHEME.least_parties)]
    assert rating_on([*reviews, *recognised], TODAY, SCHEME).grade != NEW
    assert rating_on([*reviews, *recognised[1:]], TODAY, SCHEME).grade == NEW


def test_a_bad_record_is_shown_however_little_else_there_is() -> None:
    rating = rating_on([a_fact("false_statement")], TODAY, SCHEME)
    assert (rating.grade, rating.score) == ("D+", milli("50"))


def test_repeated_deals_with_the_same_party_count_less_and_less() -> None:
    scores = []
    for times in range(1, 6):
        facts = [a_fact("deal_settled", party=1, number=number) for number in range(times)]
        scores.append(rating_on(facts, TODAY, SCHEME).score)
    gains = [after - before for before, after in pairwise(scores)]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] < a_fact("deal_settled").points
    # However many there are, one party's deals never count as two.
    many = [a_fact("deal_settled", party=1, number=number) for number in range(1000)]
    assert rating_on(many, TODAY, SCHEME).score - SCHEME.base < 2 * a_fact("deal_settled").points


def test_a_self_made_deal_is_without_effect() -> None:
    rating = rating_on([a_fact("deal_settled", party=1, points=0)], TODAY, SCHEME)
    assert rating.score == SCHEME.base
    assert [line.why for line in rating.lines] == ["self_made"]


def steps_between(before: int, after: int) -> int:
    """How many steps of the scale lie between two scores."""
    names = [name for name, _least in SCHEME.grades]
    return names.index(SCHEME.grade(before)) - names.index(SCHEME.grade(after))


@settings(max_examples=200, deadline=None)
@given(
    honest=FACTS,
    seed=st.integers(0, 10**9),
    effort=st.integers(1, 12),
)
def test_a_ring_of_ten_colluding_accounts_gains_no_full_grade(honest: list[Fact], seed: int, effort: int) -> None:
    """Nine others deal with the tenth as often as they like, have sham contracts recognised for any value, pay in time, sign in
    time, and praise with full marks, on top of whatever the tenth has of its own. A full grade is three steps: from C to B."""
    chance = random.Random(seed)
    ring = range(1001, 1010)
    shams = [
        a_fact(chance.choice(GOOD), party=party, age=chance.randrange(400), number=chance.randrange(10**7, 10**9))
        for party in ring
        for _ in range(effort * len(GOOD))
    ]
    before, after = rating_on(honest, TODAY, SCHEME), rating_on([*honest, *shams], TODAY, SCHEME)
    assert after.score - before.score < 2 * STEP
    assert steps_between(before.score, after.score) < 3


def test_the_ring_is_measured_by_a_rule_that_would_let_it_through() -> None:
    """Planted: without the cap on a counterpart the same ring would gain more than a full grade."""
    shams = [
        a_fact(code, party=party, number=party * 100 + number)
        for party in range(9)
        for number in range(6)
        for code in ("value_recognised", "deal_settled", "well_reviewed", "paid_in_time", "signed_in_time")
    ]
    open_scheme = replace(SCHEME, party_cap=10**9)
    assert rating_on(shams, TODAY, open_scheme).score - open_scheme.base > 3 * STEP
    assert rating_on(shams, TODAY, SCHEME).score - SCHEME.base < 2 * STEP


def test_related_organisations_count_as_one_party() -> None:
    related = [a_fact("value_recognised", party=7, number=number) for number in range(9)]
    apart = [a_fact("value_recognised", party=party, number=party) for party in range(9)]
    assert rating_on(related, TODAY, SCHEME).score < rating_on(apart, TODAY, SCHEME).score
    assert rating_on(related, TODAY, SCHEME).is_new


def test_one_partys_bad_reviews_cost_no_more_than_one() -> None:
    many = [a_fact("badly_reviewed", party=1, number=number) for number in range(20)]
    assert rating_on(many, TODAY, SCHEME).against == -SCHEME.rules["badly_reviewed"].points


def test_what_is_out_counts_on_none_of_those_days() -> None:
    day = timedelta(days=1)
    assert days_out([]) == ()
    assert days_out([(TODAY, 1, "stay")]) == (Span(TODAY),)
    assert days_out([(TODAY, 1, "stay"), (TODAY + 5 * day, 2, "resume")]) == (Span(TODAY, TODAY + 4 * day),)
    assert days_out([(TODAY, 1, "stay"), (TODAY, 2, "resume")]) == ()
    assert days_out([(TODAY + 5 * day, 2, "void"), (TODAY, 1, "stay")]) == (Span(TODAY),)
    fact = replace(a_fact("not_signed"), out=(Span(TODAY, TODAY + 4 * day),))
    assert weight_on(fact, TODAY) == 0
    assert weight_on(fact, TODAY + 5 * day) == fact.points


def test_the_advice_is_true() -> None:
    facts = [a_fact("value_recognised", party=party, number=party) for party in range(3)]
    facts += [a_fact("not_signed", number=9, age=30), a_fact("well_reviewed", party=1, number=10)]
    rating = rating_on(facts, TODAY, SCHEME)
    advice = advice_for(facts, rating, SCHEME, holder="organisation")
    assert advice.missing_points == next(least for name, least in SCHEME.grades if name == advice.next_grade) - rating.score
    for gain in advice.gains:
        rule = SCHEME.rules[gain.rule]
        more = a_fact(gain.rule, party=None if rule.cap is not None else 77, number=99)
        assert rating_on([*facts, more], TODAY, SCHEME).score - rating.score == gain.points
    (relief,) = advice.reliefs
    assert relief.points == SCHEME.rules["not_signed"].points
    assert relief.repair_from == TODAY + timedelta(days=60)
    assert rating_on(facts, relief.ends + timedelta(days=1), SCHEME).against == 0


def test_points_follow_value_and_marks() -> None:
    value, review, bad = (SCHEME.rules[code] for code in ("value_recognised", "well_reviewed", "badly_reviewed"))
    amounts = ["0", "99999.99", "100000", "1000000", "4999999", "5000000", "900000000"]
    points = [points_for_value(value, Money.yuan(amount)) for amount in amounts]
    assert points == sorted(points)
    assert points[-1] == value.points
    assert points_for_marks(review, [5, 5, 5]) == review.points
    assert points_for_marks(review, [3, 3, 3]) == points_for_marks(bad, [3, 3, 3]) == 0
    assert points_for_marks(bad, [1, 1, 1]) == bad.points
    assert points_for_marks(review, [1, 2, 1]) == 0


@pytest.mark.parametrize(
    ("said", "instead", "why"),
    [
        ('repeat = "0.5"', 'repeat = "1"', "counts less"),
        ("least_parties = 3", "", "least_parties"),
        ('base = "70"', 'base = "0.00001"', "thousandths"),
        ('severity = "minor"', 'severity = "light"', "light"),
        ('holders = ["broker"]', 'holders = ["bank"]', "holders"),
        ('code = "paid_late"', 'code = "paid_in_time"', "twice"),
        ('from = "0"', 'from = "99"', "down to 0"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: object, said: str, instead: str, why: str) -> None:
    from pathlib import Path

    from brokers.credit.rules.book import DATA

    text = (DATA / "2026.toml").read_text(encoding="utf-8")
    assert said in text
    folder = Path(str(tmp_path))
    (folder / "bad.toml").write_text(text.replace(said, instead), encoding="utf-8")
    with pytest.raises(BadRules, match=r"bad\.toml") as error:
        load_book(folder)
    assert why in str(error.value)
