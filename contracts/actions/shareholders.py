"""Entering who holds shares of a company, from the public register of companies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from contracts.actions.radar import raise_flags
from contracts.models import Shareholder
from contracts.permissions import require_shareholder_writer
from contracts.queries.applications import waiting_with_party
from contracts.rules.shareholders import may_enter_shareholders
from market.accounts.permissions import person_of
from market.events.actions import record
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.refusal import Refusal, require, text_given


@dataclass(frozen=True, slots=True)
class Holder:
    """One shareholder and the share in hundredths of a percent, where the register says it."""

    name: str
    share_bp: int | None


@transaction.atomic
def enter_shareholders(
    code: str, holders: Sequence[Holder], *, source: str, as_of: date, actor: Actor, now: datetime
) -> list[Shareholder]:
    """These are the shareholders of the company with this social credit code, in place of those entered before.

    Entered by a registrar, or by the company itself. The radar looks again at every application not decided yet with this
    company among its parties. Event: shareholders.entered.
    """
    require_shareholder_writer(actor, code)
    shares = [holder.share_bp for holder in holders]
    require(may_enter_shareholders(code, [holder.name for holder in holders], shares, as_of=as_of, today=day_of(now)))
    said = text_given(source, Refusal("contracts.reason_missing", field="source"))
    Shareholder.objects.filter(code=code).delete()
    entered = Shareholder.objects.bulk_create(
        Shareholder(
            code=code,
            name=holder.name,
            share_bp=holder.share_bp,
            source=said,
            as_of=as_of,
            entered_at=now,
            entered_by_id=person_of(actor),
        )
        for holder in holders
    )
    names = [holder.name for holder in holders]
    record("shareholders.entered", subject=f"company:{code}", actor=actor, now=now, names=names, source=said, as_of=str(as_of))
    for application in waiting_with_party(code):
        raise_flags(application)
    return entered
