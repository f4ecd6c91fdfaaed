"""Is a document in force? Without a database."""

from __future__ import annotations

from datetime import date

import pytest

from market.portal.rules import Validity, validity

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), Validity.NOT_YET),
        (FIRST, Validity.IN_FORCE),
        (LAST, Validity.IN_FORCE),
        (date(2028, 1, 1), Validity.ENDED),
        (date(2028, 2, 29), Validity.ENDED),
    ],
)
def test_a_document_is_in_force_from_its_first_to_its_last_day(day: date, expected: Validity) -> None:
    assert validity(valid_from=FIRST, valid_until=LAST, day=day) is expected


def test_without_an_end_it_stays_in_force() -> None:
    assert validity(valid_from=FIRST, valid_until=None, day=date(2090, 1, 1)) is Validity.IN_FORCE


def test_without_both_days_nothing_is_claimed() -> None:
    assert validity(valid_from=None, valid_until=None, day=FIRST) is Validity.UNKNOWN
