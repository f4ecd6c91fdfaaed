"""Refusals of relief: entering, filing, granting and recovering it."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.actions.registrations import revoke_registration
from contracts.relief.actions import (
    drop_claim,
    enter_claim,
    file_claim,
    flag_recovery,
    grant_claim,
    refuse_claim,
    settle_recovery,
)
from contracts.relief.models import Claim
from market.values.actor import Actor, Role
from market.values.dates import day_of
from market.values.money import ZERO, Money
from tests.contracts.builders import a_contract, a_registration
from tests.house.provoked import Act, Provocation
from tests.people import Cast, a_member
from tests.relief.builders import a_claim, a_filed_claim, a_granted_claim, typed

_DOCUMENT = "税通1号"


def _not_registered(cast: Cast, now: datetime) -> Act:
    contract = a_contract(cast, now)
    return lambda: enter_claim(contract, "CIT-TT-OWN", typed(now), actor=cast.university_finance.actor, now=now)


def _does_not_apply(cast: Cast, now: datetime) -> Act:
    contract = a_registration(cast, now).contract
    facts = typed(now, grant="exclusive")
    return lambda: enter_claim(contract, "CIT-TT-OWN", facts, actor=cast.university_finance.actor, now=now)


def _nothing_to_claim(cast: Cast, now: datetime) -> Act:
    contract = a_registration(cast, now).contract
    facts = typed(now, net_value=contract.price)
    return lambda: enter_claim(contract, "CIT-TT-OWN", facts, actor=cast.university_finance.actor, now=now)


def _claimed_already(cast: Cast, now: datetime) -> Act:
    claim = a_claim(cast, now)
    return lambda: enter_claim(claim.contract, "CIT-TT-OWN", typed(now), actor=cast.university_owner.actor, now=now)


def _file(cast: Cast, claim: Claim, now: datetime, *, day: int = 0, receipt: str = "税受1号") -> Act:
    filed_on = day_of(now) + timedelta(days=day)
    return lambda: file_claim(claim, filed_on=filed_on, receipt=receipt, actor=cast.university_finance.actor, now=now)


def _filed_tomorrow(cast: Cast, now: datetime) -> Act:
    return _file(cast, a_claim(cast, now), now, day=1)


def _filed_without_receipt(cast: Cast, now: datetime) -> Act:
    return _file(cast, a_claim(cast, now), now, receipt=" ")


def _grant(claim: Claim, now: datetime, actor: Actor, *, more: int = 0, day: int = 0, document: str = _DOCUMENT) -> Act:
    amount, granted_on = Money((claim.filed_fen or 0) + more), day_of(now) + timedelta(days=day)
    return lambda: grant_claim(claim, amount=amount, granted_on=granted_on, document=document, actor=actor, now=now)


def _granted_too_much(cast: Cast, now: datetime) -> Act:
    return _grant(a_filed_claim(cast, now), now, cast.supervisor.actor, more=1)


def _granted_before_filed(cast: Cast, now: datetime) -> Act:
    return _grant(a_filed_claim(cast, now), now, cast.supervisor.actor, day=-1)


def _granted_without_document(cast: Cast, now: datetime) -> Act:
    return _grant(a_filed_claim(cast, now), now, cast.supervisor.actor, document=" ")


def _refused_without_reason(cast: Cast, now: datetime) -> Act:
    claim = a_filed_claim(cast, now)
    return lambda: refuse_claim(claim, reason=" ", actor=cast.supervisor.actor, now=now)


def _own_case(cast: Cast, now: datetime) -> Act:
    """The registrar who registered the contract has become a supervisor as well."""
    claim = a_filed_claim(cast, now)
    both = a_member(cast.registrar.person.email, cast.bureau, Role.SUPERVISOR)
    return _grant(claim, now, both.actor)


def _settled_too_much(cast: Cast, now: datetime) -> Act:
    claim = a_granted_claim(cast, now)
    flag_recovery(claim, still_due=ZERO, reason="登记撤销", now=now)
    claim.refresh_from_db()
    amount, day = Money(claim.recovery_fen + 1), day_of(now)
    actor = cast.supervisor.actor
    return lambda: settle_recovery(claim, amount=amount, settled_on=day, document=_DOCUMENT, actor=actor, now=now)


def _dropped_without_reason(cast: Cast, now: datetime) -> Act:
    claim = a_claim(cast, now)
    return lambda: drop_claim(claim, reason="", actor=cast.university_owner.actor, now=now)


def _revoked(cast: Cast, now: datetime) -> Act:
    registration = a_registration(cast, now)
    contract = revoke_registration(registration, reason="虚假材料", actor=cast.registrar.actor, now=now).contract
    return lambda: enter_claim(contract, "VAT-TT", typed(now), actor=cast.university_finance.actor, now=now)


PROVOKED: dict[str, Provocation] = {
    "relief.not_registered": _not_registered,
    "relief.does_not_apply": _does_not_apply,
    "relief.nothing_to_claim": _nothing_to_claim,
    "relief.claimed_already": _claimed_already,
    "relief.filed_on_out_of_range": _filed_tomorrow,
    "relief.receipt_missing": _filed_without_receipt,
    "relief.granted_out_of_range": _granted_too_much,
    "relief.granted_on_out_of_range": _granted_before_filed,
    "relief.document_missing": _granted_without_document,
    "relief.reason_missing": _refused_without_reason,
    "relief.own_case": _own_case,
    "relief.settled_out_of_range": _settled_too_much,
}
# The same refusals by another way: a registration that no longer holds, and a claim dropped without a word.
ALSO: dict[str, Provocation] = {"relief.not_registered": _revoked, "relief.reason_missing": _dropped_without_reason}
