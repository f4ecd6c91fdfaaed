"""The rules of registering, listing and dealing, without a database, each with the law it comes from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.rules.achievements import (
    AchievementFacts,
    InventorFacts,
    PatentFacts,
    certificate_number,
    doubtful_ipc,
    inventor_refusals,
    is_patent_number,
    may_decide_registration,
    may_enter,
    may_register,
    may_submit,
    patent_core,
    patent_refusals,
)
from listings.rules.listings import (
    AtNoticeEnd,
    Extension,
    IntentTerms,
    ListingPolicies,
    ListingTerms,
    at_notice_end,
    largest_deposit,
    may_list,
    may_register_intent,
    notice_end,
    notice_policy_kind,
    notice_stages,
    price_change,
)
from market.policy.rules import Policy
from market.values.dates import Calendar, Period, Span, Unit
from market.values.money import Money

TODAY = date(2026, 3, 10)
PATENT = PatentFacts("ZL201910123456.X", "invention", "布风装置", "F23C 10/00", date(2023, 5, 9), "in_force")
FACTS = AchievementFacts(
    title="稳燃技术",
    abstract="字" * 120,
    keywords=("甲", "乙", "丙"),
    completed_on=date(2025, 6, 30),
    is_publicly_funded=True,
    funding_source="province",
    inventors=(InventorFacts("甲", Decimal("0.6")), InventorFacts("乙", Decimal("0.4"))),
    patents=(PATENT,),
    gbt4754="441",
)
WEEKDAYS = Calendar(announced_years=frozenset({2026}), off_days={}, extra_working_days=frozenset())


def policy(value: str, measure: str, kind: str = "listing") -> Policy:
    return Policy(1, kind, "", Decimal(value), measure, "规则", "high", date(2016, 1, 1))


POLICIES = ListingPolicies(notice_period=policy("20", "working_days"), deposit_limit=policy("0.30", "rate"))
TERMS = ListingTerms(
    route="listed",
    transaction="transfer",
    licence_months=None,
    price=Money.yuan("1000"),
    reserve_price=None,
    is_reserve_disclosed=False,
    deposit=Money(0),
    payment_mode="lump_sum",
    terms="付清",
    buyer_conditions="",
    named_buyer_id=None,
    notice_period=20,
    if_no_intent="extend",
)


def codes(refusals: list[Any]) -> list[str]:
    return [refusal.code.removeprefix("listings.") for refusal in refusals]


def listing_codes(**changes: Any) -> list[str]:
    return codes(may_list(replace(TERMS, **changes), POLICIES, seller_id=1, is_registered=True))


# Registration. Source: 科技成果登记办法, 国科发计字〔2000〕542号 (high).


def test_complete_materials_are_accepted() -> None:
    assert may_submit(FACTS, today=TODAY) == []


def test_abstract_is_counted_without_the_blanks_around_it() -> None:
    assert codes(may_submit(replace(FACTS, abstract=" " * 40 + "字" * 119 + " " * 40), today=TODAY)) == ["abstract_too_short"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    facts = replace(FACTS, abstract="", gbt4754="999", keywords=("a", "b", "c", "d"), inventors=())
    assert set(codes(may_submit(facts, today=TODAY))) == {
        "abstract_too_short",
        "industry_code_unknown",
        "too_many_keywords",
        "inventor_missing",
    }


def test_today_is_not_the_future() -> None:
    assert may_enter(replace(FACTS, completed_on=TODAY, started_on=TODAY), today=TODAY) == []
    assert codes(may_enter(replace(FACTS, completed_on=TODAY + timedelta(days=1)), today=TODAY)) == ["completed_in_the_future"]


@pytest.mark.parametrize(
    ("kind", "form", "fits"),
    [
        ("applied", "process", True),
        ("applied", "paper", False),
        ("basic", "paper", True),
        ("soft", "report", True),
        ("soft", "product", False),
    ],
)
def test_theory_is_embodied_in_words_and_technology_in_things(kind: str, form: str, fits: bool) -> None:
    assert (may_enter(replace(FACTS, kind=kind, result_form=form), today=TODAY) == []) is fits


@pytest.mark.parametrize("code", ["", "C", "44", "441", "4411", "061"])
def test_codes_of_the_classification_of_industries_are_known_to_their_groups(code: str) -> None:
    assert may_enter(replace(FACTS, gbt4754=code), today=TODAY) == []


@pytest.mark.parametrize("code", ["0", "999", "9991", "44a", "Z", "44111"])
def test_other_codes_are_refused(code: str) -> None:
    assert codes(may_enter(replace(FACTS, gbt4754=code), today=TODAY)) == ["industry_code_unknown"]


@given(st.lists(st.integers(1, 10**5), min_size=1, max_size=12))
def test_shares_are_accepted_exactly_when_they_make_the_whole(parts: list[int]) -> None:
    """Source: 促进科技成果转化法 art. 45 and the register's form ask for each one's part (medium)."""
    shares = [Decimal(part) / 10**5 for part in parts]
    inventors = [InventorFacts(f"发明人{number}", share) for number, share in enumerate(shares)]
    assert (inventor_refusals(inventors) == []) is (sum(parts) == 10**5)
    rest = 10**5 - sum(parts)
    if rest > 0:
        assert inventor_refusals([*inventors, InventorFacts("余", Decimal(rest) / 10**5)]) == []


def test_what_the_shares_make_is_said_in_percent() -> None:
    [refusal] = inventor_refusals([InventorFacts("甲", Decimal("0.3333")), InventorFacts("乙", Decimal("0.6666"))])
    assert refusal.data["total"] == "99.99"


# Patent numbers. Source: ZC 0006-2003 专利申请号标准 (high).


def digits_with_check(digits: str) -> str:
    weights = (2, 3, 4, 5, 6, 7, 8, 9) * 2
    return digits + "0123456789X"[sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % 11]


@given(st.from_regex(r"20[0-2][0-9][1-3][0-9]{7}", fullmatch=True))
def test_every_number_with_its_own_check_digit_is_right_and_with_another_wrong(digits: str) -> None:
    number = digits_with_check(digits)
    assert is_patent_number(number)
    assert is_patent_number(f"ZL{number[:-1]}.{number[-1]}")
    wrong = "0" if number[-1] != "0" else "1"
    assert not is_patent_number(number[:-1] + wrong)


@given(st.from_regex(r"20[0-2][0-9][1-3][0-9]{7}", fullmatch=True), st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(digits: str, place: int, by: int) -> None:
    number = digits_with_check(digits)
    typed = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert not is_patent_number(typed)


@pytest.mark.parametrize(
    "number", ["", "ZL", "201910123456", "ZL201910123456.XX", "２０１９１０１２３４５６X", "CN201910123456.X"]
)
def test_what_is_no_number_is_none(number: str) -> None:
    assert patent_core(number) is None


def test_a_patent_is_known_however_it_is_written() -> None:
    written = ["ZL201910123456.X", "zl201910123456.x", " 201910123456X ", "ZL201910123456X"]
    assert {patent_core(number) for number in written} == {"201910123456X"}


@pytest.mark.parametrize(
    ("digit", "kind"), [("1", "invention"), ("8", "invention"), ("2", "utility_model"), ("9", "utility_model"), ("3", "design")]
)
def test_the_fifth_digit_says_what_kind_it_is(digit: str, kind: str) -> None:
    number = digits_with_check(f"2019{digit}0123456")
    for stated in ("invention", "utility_model", "design"):
        found = codes(patent_refusals([replace(PATENT, number=number, kind=stated)], today=TODAY))
        assert found == ([] if stated == kind else ["patent_kind_wrong"])


def test_an_unknown_class_is_refused_and_an_unknown_subclass_only_looked_at_again() -> None:
    """The table lacks a few subclasses that exist, such as C01F."""
    assert codes(patent_refusals([replace(PATENT, ipc="F18C 1/00")], today=TODAY)) == ["ipc_unknown"]
    assert patent_refusals([replace(PATENT, ipc="C01F 7/00")], today=TODAY) == []
    assert doubtful_ipc([replace(PATENT, ipc="C01F 7/00"), PATENT]) == ["C01F 7/00"]


def test_nobody_registers_what_is_their_own_and_nothing_is_registered_twice() -> None:
    assert may_decide_registration(submitted_for=1, decides_for=2, belongs_to_owner=False) == []
    assert codes(may_decide_registration(submitted_for=1, decides_for=1, belongs_to_owner=False)) == ["own_achievement"]
    assert codes(may_decide_registration(submitted_for=1, decides_for=2, belongs_to_owner=True)) == ["own_achievement"]
    assert may_register(registered_twins=[]) == []
    assert codes(may_register(registered_twins=["1462026Y0001"])) == ["registered_already"]


def test_certificate_numbers_have_twelve_characters_and_run_out_after_9999() -> None:
    assert certificate_number("146", 2026, 1) == "1462026Y0001"
    assert len(certificate_number("146", 2026, 9999)) == 12
    for region, serial in (("14", 1), ("146", 0), ("146", 10000)):
        with pytest.raises(ValueError):
            certificate_number(region, 2026, serial)


# Listing. Source: 促进科技成果转化法 art. 18 (high); 32号令 arts 13, 18 by analogy (medium).


def test_listed_and_negotiated_notices_follow_rules_of_their_own() -> None:
    """Source: 国发〔2016〕16号: at least 15 days for a negotiated price (high)."""
    assert notice_policy_kind("negotiated") == "listing.public_notice_period"
    assert notice_policy_kind("listed") == "listing.announcement_period"


def test_a_listing_on_the_very_limits_is_allowed() -> None:
    assert listing_codes(deposit=Money.yuan("300"), reserve_price=Money.yuan("1000"), notice_period=20) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"price": Money(0)}, "price_zero"),
        ({"price": Money(-1)}, "price_zero"),
        ({"deposit": Money.yuan("300.01")}, "deposit_too_large"),
        ({"reserve_price": Money.yuan("999.99")}, "reserve_below_price"),
        ({"notice_period": 19}, "notice_too_short"),
        ({"transaction": "ordinary_licence"}, "licence_term_missing"),
        ({"route": "negotiated", "pricing_basis": "评估"}, "named_buyer_missing"),
        ({"route": "negotiated", "named_buyer_id": 2}, "pricing_basis_missing"),
        ({"route": "negotiated", "named_buyer_id": 1, "pricing_basis": "评估"}, "buyer_is_seller"),
        ({"named_buyer_id": 2}, "named_buyer_not_here"),
    ],
)
def test_each_wrong_term_is_named(changes: dict[str, Any], code: str) -> None:
    assert code in listing_codes(**changes)


def test_the_reserve_is_not_told_by_what_is_refused() -> None:
    [refusal] = may_list(replace(TERMS, reserve_price=Money.yuan("876.54")), POLICIES, seller_id=1, is_registered=True)
    assert "876" not in f"{refusal.data}"


@given(st.integers(1, 10**13))
def test_the_largest_deposit_never_exceeds_thirty_percent_by_a_single_fen(fen: int) -> None:
    largest = largest_deposit(Money(fen), policy("0.30", "rate")).fen
    assert largest * 10 <= fen * 3 < (largest + 1) * 10


@given(st.integers(1, 10**12), st.integers(0, 10**12), st.booleans())
def test_a_price_only_falls_and_more_than_a_tenth_needs_the_approval(announced: int, new: int, with_approval: bool) -> None:
    """Source: 32号令 art. 18, strictly below 90 % (high there)."""
    found = codes(
        price_change(
            announced=Money(announced),
            present=Money(announced),
            new=Money(new),
            approval_limit=policy("0.10", "rate"),
            approval="纪要第3号" if with_approval else "",
        )
    )
    if new == 0:
        assert found == ["price_zero"]
    elif new >= announced:
        assert found == ["price_not_lower"]
    else:
        assert found == (["approval_missing"] if new * 10 < announced * 9 and not with_approval else [])


def test_small_steps_do_not_add_up_to_a_large_one() -> None:
    found = price_change(
        announced=Money(1000), present=Money(905), new=Money(899), approval_limit=policy("0.10", "rate"), approval=""
    )
    assert codes(found) == ["approval_missing"]


# The end of the notice.


@given(st.integers(0, 5), st.sampled_from(["extend", "end"]), st.integers(0, 9), st.integers(0, 9))
def test_at_the_end_exactly_one_thing_happens(qualified: int, chosen: str, extensions: int, limit: int) -> None:
    outcome = at_notice_end(qualified=qualified, if_no_intent=chosen, extensions=extensions, limit=limit)
    assert (outcome is AtNoticeEnd.CONCLUDE) is (qualified == 1)
    assert (outcome is AtNoticeEnd.OPEN_BIDDING) is (qualified > 1)
    assert (outcome is AtNoticeEnd.EXTEND) is (qualified == 0 and chosen == "extend" and extensions < limit)


def ends(*, opened: date = TODAY, n: int = 20, extensions: Any = (), suspensions: Any = ()) -> date:
    period = Period(n, Unit.WORKING_DAYS)
    stages = notice_stages(opened, period, 1, extensions=extensions, suspensions=suspensions, calendar=WEEKDAYS)
    return notice_end(stages).day


FIVE = Period(5, Unit.WORKING_DAYS)


def test_the_day_of_publication_does_not_count() -> None:
    assert ends(n=1) == date(2026, 3, 11)
    assert ends() == date(2026, 4, 7)


def test_an_extension_in_time_follows_the_end_and_a_late_one_the_day_it_is_announced() -> None:
    assert ends(extensions=[Extension(FIVE, 2, date(2026, 4, 8))]) == date(2026, 4, 14)
    assert ends(extensions=[Extension(FIVE, 2)]) == date(2026, 4, 14)
    assert ends(extensions=[Extension(FIVE, 2, date(2026, 5, 4))]) == date(2026, 5, 11)


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_suspension_never_shortens_a_notice(begins: int, lasts: int) -> None:
    first = TODAY + timedelta(days=begins)
    stop = Span(first, first + timedelta(days=lasts))
    assert ends() <= ends(suspensions=[stop]) <= ends() + timedelta(days=lasts + 4)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 30))
def test_two_objections_at_once_cost_no_more_than_the_days_they_cover(begins: int, lasts: int, later: int) -> None:
    first = TODAY + timedelta(days=begins)
    one = Span(first, first + timedelta(days=lasts))
    inside = Span(first, min(first + timedelta(days=later), first + timedelta(days=lasts)))
    assert ends(suspensions=[one, inside]) == ends(suspensions=[one])


# Intents.

INTENT = IntentTerms("能力", "资金", Money(1000), accepts_terms=True)


def intent_codes(terms: IntentTerms = INTENT, **changes: Any) -> list[str]:
    facts: dict[str, Any] = {"price": Money(1000), "is_on_time": True}
    return codes(may_register_intent(terms, **(facts | changes)))


def test_an_intent_at_the_listed_price_is_accepted() -> None:
    assert intent_codes() == []


def test_all_that_speaks_against_an_intent_is_said_at_once() -> None:
    terms = replace(INTENT, offered_price=Money(999), accepts_terms=False)
    assert intent_codes(terms, is_on_time=False) == [
        "notice_is_over",
        "terms_not_accepted",
        "offer_below_price",
    ]
