"""May this organisation be registered, decided on, and manned so?"""

from __future__ import annotations

from collections.abc import Collection

from market.values.actor import OFFICIAL_ROLES, Role
from market.values.refusal import Refusal
from market.values.social_code import is_social_code


def may_register(*, social_credit_code: str, is_taken: bool) -> list[Refusal]:
    """What speaks against registering an organisation under this code.

    Source: GB 32100-2015 (high); one code stands for one legal person.
    """
    if not is_social_code(social_credit_code):
        return [Refusal("accounts.social_code_wrong", field="social_credit_code")]
    if is_taken:
        return [Refusal("accounts.social_code_taken", field="social_credit_code")]
    return []


def may_decide_verification(*, submitted_for: int, decides_for: int | None) -> list[Refusal]:
    """Nobody verifies the organisation they act for. Source: GB/T 22239-2019: separation of duties (medium)."""
    return [Refusal("accounts.own_verification")] if submitted_for == decides_for else []


def may_add_member(role: Role, *, is_government: bool, held: Collection[Role]) -> list[Refusal]:
    """What speaks against giving this role to somebody who holds those roles here.

    Source: GB/T 22239-2019: the administrators' roles are not held together (medium).
    """
    if role in OFFICIAL_ROLES and not is_government:
        return [Refusal("accounts.official_role_outside_government", field="role")]
    if role in held:
        return [Refusal("accounts.already_member", field="email")]
    return []


def may_remove_member(role: Role, *, owners: int) -> list[Refusal]:
    """An organisation keeps at least one owner; `owners` counts them before the removal. Source: the market's own."""
    return [Refusal("accounts.last_owner")] if role is Role.OWNER and owners <= 1 else []
