"""Booking money: movements that stand or fall together, each reason once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from market.accounts.models import Organisation
from market.payments.kinds import ASSETS, MAY_BE_OVERDRAWN
from market.payments.models.ledger import Account, Entry, Posting
from market.payments.queries.ledger import balances
from market.payments.rules.ledger import AccountKey, Movement, at_risk, changes, may_post, overdrawn
from market.values.refusal import OutOfTurn, Refusal, require


def post(reference: str, movements: Sequence[Movement], *, subject: str, now: datetime) -> Posting:
    """These movements stand in the ledger; posting the same under the same reference again changes nothing.

    Must run inside the action's transaction, which says in the event log why. Locks the accounts in the order of their
    keys, so that two postings never wait for each other in a ring. Refused when an account would be overdrawn, and out of
    turn when the reference stands for other movements.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("money is booked in the transaction of what it is booked for")
    require(may_post(movements))
    accounts = _locked_accounts(sorted(changes(movements)))
    if (posted := Posting.objects.filter(reference=reference).first()) is not None:
        return _same(posted, movements)
    risky = at_risk(movements, assets=ASSETS, unlimited=MAY_BE_OVERDRAWN)
    known = balances(accounts[key] for key in risky)
    require(overdrawn(known, movements, assets=ASSETS, unlimited=MAY_BE_OVERDRAWN))
    posting = Posting.objects.create(reference=reference, subject=subject, posted_at=now)
    Entry.objects.bulk_create(
        Entry(
            posting=posting,
            source=accounts[movement.source],
            target=accounts[movement.target],
            amount_fen=movement.amount.fen,
        )
        for movement in movements
    )
    return posting


def _locked_accounts(keys: Sequence[AccountKey]) -> dict[AccountKey, Account]:
    for key in keys:
        Account.objects.get_or_create(purpose=key.purpose, organisation=_owner(key))
    locked = Account.objects.select_for_update()
    return {key: locked.get(purpose=key.purpose, organisation=_owner(key)) for key in keys}


def _owner(key: AccountKey) -> Organisation | None:
    return Organisation.objects.get(pk=key.organisation) if key.organisation else None


def _same(posting: Posting, movements: Sequence[Movement]) -> Posting:
    posted = [
        Movement(entry.source.key, entry.target.key, entry.amount)
        for entry in posting.entries.select_related("source", "target").order_by("pk")
    ]
    if posted != list(movements):
        raise OutOfTurn([Refusal("payments.posted_otherwise")])
    return posting
