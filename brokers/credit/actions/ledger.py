"""Entering records from the log and by hand, taking them out, and counting grades from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from brokers.credit.kinds import Act
from brokers.credit.models import Entry, Record, Standing
from brokers.credit.permissions import require_enterer
from brokers.credit.queries.evidence import REPLACES, Draft, drafts_of
from brokers.credit.queries.ledger import by_holder, facts_of, standings_to_count
from brokers.credit.queries.related import party_of
from brokers.credit.rulebook import book
from brokers.credit.rules.book import CreditRule, Scheme
from brokers.credit.rules.rating import rating_on
from brokers.credit.rules.records import worth_of
from brokers.models import Broker
from market.accounts.models import Organisation
from market.documents.models import Document
from market.events.actions import record as tell
from market.events.models import Event
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.refusal import Refusal, Refused, text_given


@dataclass(frozen=True, slots=True)
class ManualEntry:
    """What an official enters: by which rule, from which day, on what grounds and evidence."""

    rule: str
    day: date
    title: str
    statement: str
    evidence: tuple[Document, ...]


@transaction.atomic
def enter_evidence(event: Event) -> list[Record]:
    """What the event says stands in the ledger, and the grades it touches are counted; nothing is entered twice.

    Events: credit_record.entered for each; credit_record.taken_out for those that it replaces; credit.grade_changed.
    """
    touched: dict[int, Standing] = {}
    if event.name in REPLACES:
        about, rules = REPLACES[event.name](event)
        for earlier in Record.objects.filter(about=about, rule__in=rules).select_related("standing"):
            if not earlier.source.startswith(f"{event.subject}#{event.sequence}:") and _take_out(earlier, event):
                touched[earlier.standing_id] = earlier.standing
    entered = []
    for draft in drafts_of(event):
        standing = standing_for(draft.holder)
        if (new := _enter(standing, draft, now=event.at)) is not None:
            entered.append(new)
            touched[standing.pk] = standing
    for standing in touched.values():
        count_again(standing, now=event.at)
    return entered


def _take_out(record: Record, event: Event) -> bool:
    """False where it was taken out before."""
    if record.entries.filter(act=Act.VOID).exists():
        return False
    enter_act(record, Act.VOID, reason=event.name, by=None, now=event.at)
    tell("credit_record.taken_out", subject=record.subject, actor=CLOCK, now=event.at, reason=event.name)
    return True


def standing_for(holder: Broker | Organisation) -> Standing:
    """The place of this holder in the ledger; made where there is none yet."""
    standing, _ = Standing.objects.get_or_create(**by_holder(holder))
    return standing


def _enter(standing: Standing, draft: Draft, *, now: datetime) -> Record | None:
    scheme = book().on(draft.day)
    rule = scheme.rules[draft.rule]
    worth = worth_of(rule, draft.day, points=0 if draft.is_self_made else draft.points, until=draft.until)
    row, is_new = Record.objects.get_or_create(
        standing=standing,
        rule=rule.code,
        source=draft.source,
        defaults={
            "scheme": scheme.id,
            "points": worth.points,
            "starts": worth.starts,
            "full_until": worth.full_until,
            "ends": worth.ends,
            "counterpart": draft.counterpart,
            "party": party_of(draft.counterpart) if draft.counterpart else None,
            "is_examined": rule.is_examined,
            "about": draft.about,
            "title": draft.title[:200],
            "statement": draft.statement,
            "made_by_id": draft.made_by,
            "entered_at": now,
        },
    )
    if not is_new:
        return None
    facts = {"rule": rule.code, "starts": worth.starts.isoformat(), "ends": worth.ends.isoformat(), "is_bad": row.is_bad}
    tell("credit_record.entered", subject=row.subject, actor=CLOCK, now=now, **facts)
    return row


@transaction.atomic
def enter_by_hand(holder: Broker | Organisation, entry: ManualEntry, *, actor: Actor, now: datetime) -> Record:
    """An official has entered a record with its evidence. Events: credit_record.entered, credit.grade_changed."""
    standing = standing_for(holder)
    require_enterer(actor, standing)
    rule = _manual_rule(book().on(entry.day), entry.rule, standing, today=day_of(now), day=entry.day)
    statement = text_given(entry.statement, Refusal("credit.text_missing", field="statement"))
    if not entry.evidence:
        raise Refused([Refusal("credit.evidence_missing", field="evidence")])
    source = f"official:{entry.evidence[0].key}"
    draft = Draft(holder, rule.code, entry.day, source, standing.subject, entry.title, statement=statement, made_by=actor.person)
    row = _enter(standing, draft, now=now)
    if row is None:
        raise Refused([Refusal("credit.evidence_used", field="evidence")])
    row.evidence.set(entry.evidence)
    count_again(standing, now=now)
    return row


def _manual_rule(scheme: Scheme, code: str, standing: Standing, *, today: date, day: date) -> CreditRule:
    rule = scheme.rules.get(code)
    if rule is None or not rule.is_manual or standing.kind.value not in rule.holders:
        raise Refused([Refusal("credit.not_by_hand", field="rule")])
    if day > today:
        raise Refused([Refusal("credit.day_ahead", field="day")])
    return rule


def enter_act(record: Record, act: Act, *, reason: str, by: int | None, now: datetime) -> None:
    """A correction stands in the ledger from today on. The caller tells the log and counts the grade again."""
    Entry.objects.create(record=record, act=act, on=day_of(now), reason=reason, entered_at=now, entered_by_id=by)


def count_again(standing: Standing, *, now: datetime) -> None:
    """The grade is that of the ledger as it stands today. Event: credit.grade_changed, where it changed."""
    Standing.objects.select_for_update().get(pk=standing.pk)
    _count([standing.pk], now=now)
    standing.refresh_from_db()


def count_due(now: datetime, *, batch: int = 200, batches: int = 5) -> int:
    """Up to so many batches of standings not counted today are counted, each batch in a transaction of its own; gives how many.

    No more than one batch's records are in memory at a time. Event: credit.grade_changed, where one changed.
    """
    done = 0
    for _ in range(batches):
        with transaction.atomic():
            due = list(standings_to_count(day_of(now)).values_list("pk", flat=True)[:batch])
            _count(due, now=now)
        done += len(due)
        if len(due) < batch:
            break
    return done


def _count(standings: Sequence[int], *, now: datetime) -> None:
    day = day_of(now)
    scheme = book().on(day)
    facts = facts_of(standings, since=day)
    rows = list(Standing.objects.select_for_update().filter(pk__in=standings).order_by("pk"))
    for row in rows:
        rating = rating_on(facts[row.pk], day, scheme)
        if row.counted_on is not None and row.grade != rating.grade:
            tell("credit.grade_changed", subject=row.subject, actor=CLOCK, now=now, before=row.grade, after=rating.grade)
        row.grade, row.score, row.counted_on = rating.grade, rating.score, day
    Standing.objects.bulk_update(rows, ["grade", "score", "counted_on"])
