"""May this organisation be registered, decided on, and manned so? Without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from market.accounts.rules import may_add_member, may_decide_verification, may_register, may_remove_member
from market.accounts.sessions import is_idle, is_too_old
from market.values.actor import OFFICIAL_ROLES, Role
from market.values.refusal import Refusal
from tests.people import social_code

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def codes(refusals: list[Refusal]) -> list[str]:
    return [refusal.code for refusal in refusals]


def test_a_right_code_that_is_free_may_be_registered() -> None:
    assert may_register(social_credit_code=social_code(1), is_taken=False) == []


def test_a_wrong_digit_is_found_out() -> None:
    """Source: GB 32100-2015 (high)."""
    right = social_code(1)
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    assert codes(may_register(social_credit_code=wrong, is_taken=False)) == ["accounts.social_code_wrong"]


def test_one_code_stands_for_one_organisation() -> None:
    assert codes(may_register(social_credit_code=social_code(1), is_taken=True)) == ["accounts.social_code_taken"]


@pytest.mark.parametrize("decides_for", [None, 2])
def test_others_decide(decides_for: int | None) -> None:
    assert may_decide_verification(submitted_for=1, decides_for=decides_for) == []


def test_nobody_decides_for_their_own_organisation() -> None:
    assert codes(may_decide_verification(submitted_for=1, decides_for=1)) == ["accounts.own_verification"]


@pytest.mark.parametrize("role", list(Role))
def test_official_roles_exist_in_government_only(role: Role) -> None:
    assert may_add_member(role, is_government=True, held=()) == []
    expected = ["accounts.official_role_outside_government"] if role in OFFICIAL_ROLES else []
    assert codes(may_add_member(role, is_government=False, held=())) == expected


def test_a_role_is_given_once() -> None:
    assert codes(may_add_member(Role.AGENT, is_government=False, held=[Role.AGENT])) == ["accounts.already_member"]
    assert may_add_member(Role.AGENT, is_government=False, held=[Role.OWNER]) == []


@pytest.mark.parametrize(
    ("role", "owners", "is_refused"), [(Role.OWNER, 1, True), (Role.OWNER, 2, False), (Role.AGENT, 1, False)]
)
def test_the_last_owner_stays(role: Role, owners: int, is_refused: bool) -> None:
    assert codes(may_remove_member(role, owners=owners)) == (["accounts.last_owner"] if is_refused else [])


@pytest.mark.parametrize(("minutes", "ended"), [(14, False), (15, True)])
def test_a_session_is_idle_after_a_quarter_of_an_hour(minutes: int, ended: bool) -> None:
    assert is_idle(NOW, NOW + timedelta(minutes=minutes)) is ended


@pytest.mark.parametrize(("hours", "ended"), [(11, False), (12, True)])
def test_a_session_lasts_half_a_day(hours: int, ended: bool) -> None:
    assert is_too_old(NOW, NOW + timedelta(hours=hours)) is ended
