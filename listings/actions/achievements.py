"""Entering, submitting, registering and revoking achievements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from listings.models.achievements import Achievement, Inventor, Patent
from listings.permissions.achievements import require_mover
from listings.rules.achievements import (
    AchievementFacts,
    InventorFacts,
    PatentFacts,
    certificate_number,
    inventor_refusals,
    may_decide_registration,
    may_submit,
    patent_refusals,
)
from listings.states.achievements import ACHIEVEMENT, AchievementEvent, AchievementState
from market.accounts.models import Organisation
from market.accounts.permissions import require_role, require_verified
from market.documents.models import Document
from market.events.actions import record
from market.policy.actions import next_number
from market.values.actor import Actor, Role
from market.values.dates import day_of
from market.values.refusal import Forbidden, Refusal, Refused, require


@dataclass(frozen=True, slots=True)
class AchievementEntry:
    """Everything that is typed of an achievement. Shares between 0 and 1."""

    title: str
    kind: str
    abstract: str
    keywords: tuple[str, ...]
    industry: str
    gbt4754: str
    maturity: str
    completed_on: date
    is_publicly_funded: bool
    funding_source: str
    inventors: tuple[InventorFacts, ...]
    patents: tuple[PatentFacts, ...]
    documents: tuple[Document, ...] = ()


_OWN_FIELDS = (
    "title",
    "kind",
    "abstract",
    "industry",
    "gbt4754",
    "maturity",
    "completed_on",
    "is_publicly_funded",
    "funding_source",
)


@transaction.atomic
def draft_achievement(
    entry: AchievementEntry, *, organisation: Organisation, actor: Actor, now: datetime, is_sample: bool = False
) -> Achievement:
    """The achievement stands as a draft of the organisation. Event: achievement.drafted.

    Refused for wrong patents or shares at once, so that a draft never holds what could not be read back.
    """
    require_role(actor, organisation.pk, Role.OWNER, Role.AGENT)
    _require_readable(entry, today=day_of(now))
    achievement = Achievement(
        organisation=organisation, created_by_id=actor.person, created_at=now, is_sample=is_sample, keywords=list(entry.keywords)
    )
    for name in _OWN_FIELDS:
        setattr(achievement, name, getattr(entry, name))
    achievement.save()
    _write_parts(achievement, entry)
    record("achievement.drafted", subject=achievement.subject, actor=actor, now=now, title=achievement.title)
    return achievement


@transaction.atomic
def change_achievement(achievement: Achievement, entry: AchievementEntry, *, actor: Actor, now: datetime) -> Achievement:
    """The draft or returned achievement says what was typed now. Event: achievement.changed."""
    locked = _locked(achievement)
    # Whatever may still be submitted may still be changed.
    ACHIEVEMENT.move(locked.state, AchievementEvent.SUBMIT)
    require_mover(actor, locked, "owner")
    _require_readable(entry, today=day_of(now))
    for name in _OWN_FIELDS:
        setattr(locked, name, getattr(entry, name))
    locked.keywords = list(entry.keywords)
    locked.save(update_fields=[*_OWN_FIELDS, "keywords"])
    _write_parts(locked, entry)
    record("achievement.changed", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def import_achievements(
    entries: Iterable[AchievementEntry], *, organisation: Organisation, actor: Actor, now: datetime
) -> list[Achievement]:
    """All entries are drafts of the organisation, or none of them. Event: achievement.drafted for each."""
    return [draft_achievement(entry, organisation=organisation, actor=actor, now=now) for entry in entries]


def _require_readable(entry: AchievementEntry, *, today: date) -> None:
    require(inventor_refusals(entry.inventors) + patent_refusals(entry.patents, today=today))


def _write_parts(achievement: Achievement, entry: AchievementEntry) -> None:
    achievement.inventors.all().delete()
    achievement.patents.all().delete()
    Inventor.objects.bulk_create(
        Inventor(achievement=achievement, name=inventor.name, share=inventor.share, position=position)
        for position, inventor in enumerate(entry.inventors, start=1)
    )
    Patent.objects.bulk_create(
        Patent(
            achievement=achievement,
            number=patent.number,
            kind=patent.kind,
            title=patent.title,
            ipc=patent.ipc,
            granted_on=patent.granted_on,
            legal_state=patent.legal_state,
        )
        for patent in entry.patents
    )
    achievement.documents.set(entry.documents)


@transaction.atomic
def submit_achievement(achievement: Achievement, *, actor: Actor, now: datetime) -> Achievement:
    """The achievement waits for the registrar. Event: achievement.submitted."""
    locked = _locked(achievement)
    move = ACHIEVEMENT.move(locked.state, AchievementEvent.SUBMIT)
    require_mover(actor, locked, move.by)
    require_verified(locked.organisation)
    require(may_submit(facts_of(locked), today=day_of(now)))
    locked.submitted_at = now
    _set_state(locked, move.to, "submitted_at")
    record("achievement.submitted", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def register_achievement(achievement: Achievement, *, actor: Actor, now: datetime) -> Achievement:
    """The achievement stands in the register under a number of its own. Event: achievement.registered."""
    locked = _decide(achievement, AchievementEvent.REGISTER, actor=actor, now=now)
    year = day_of(now).year
    region = settings.ACHIEVEMENT_REGION_CODE
    locked.certificate_number = certificate_number(region, year, next_number(f"achievement:{region}:{year}"))
    _set_state(locked, AchievementState.REGISTERED, "decided_at", "decided_by", "certificate_number")
    record("achievement.registered", subject=locked.subject, actor=actor, now=now, certificate_number=locked.certificate_number)
    return locked


@transaction.atomic
def return_achievement(achievement: Achievement, *, reason: str, actor: Actor, now: datetime) -> Achievement:
    """The achievement is back with its organisation, with the reason. Event: achievement.returned."""
    locked = _decide(achievement, AchievementEvent.RETURN, actor=actor, now=now)
    locked.reason = _given(reason)
    _set_state(locked, AchievementState.RETURNED, "decided_at", "decided_by", "reason")
    record("achievement.returned", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    return locked


@transaction.atomic
def revoke_achievement(achievement: Achievement, *, reason: str, actor: Actor, now: datetime) -> Achievement:
    """The registration no longer holds; the number is not given again. Event: achievement.revoked.

    Source: 国科发计字〔2000〕542号: a proven dispute, fraud or plagiarism revokes (high).
    """
    locked = _decide(achievement, AchievementEvent.REVOKE, actor=actor, now=now)
    locked.reason = _given(reason)
    _set_state(locked, AchievementState.REVOKED, "decided_at", "decided_by", "reason")
    record("achievement.revoked", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    return locked


@transaction.atomic
def discard_achievement(achievement: Achievement, *, actor: Actor, now: datetime) -> Achievement:
    """The draft is out of sight. Event: achievement.discarded."""
    locked = _locked(achievement)
    move = ACHIEVEMENT.move(locked.state, AchievementEvent.DISCARD)
    require_mover(actor, locked, move.by)
    _set_state(locked, move.to)
    record("achievement.discarded", subject=locked.subject, actor=actor, now=now)
    return locked


def _decide(achievement: Achievement, event: AchievementEvent, *, actor: Actor, now: datetime) -> Achievement:
    locked = _locked(achievement)
    move = ACHIEVEMENT.move(locked.state, event)
    require_mover(actor, locked, move.by)
    if refusals := may_decide_registration(submitted_for=locked.organisation_id, decides_for=actor.organisation):
        raise Forbidden(refusals)
    locked.decided_at = now
    locked.decided_by_id = actor.person
    return locked


def _locked(achievement: Achievement) -> Achievement:
    return Achievement.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=achievement.pk)


def _set_state(achievement: Achievement, state: str, *fields: str) -> None:
    achievement.state = state
    achievement.save(update_fields=["state", *fields])


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused([Refusal("listings.reason_missing", field="reason")])
    return reason.strip()


def facts_of(achievement: Achievement) -> AchievementFacts:
    """The achievement as the rules see it."""
    return AchievementFacts(
        title=achievement.title,
        abstract=achievement.abstract,
        keywords=achievement.keywords,
        completed_on=achievement.completed_on,
        is_publicly_funded=achievement.is_publicly_funded,
        funding_source=achievement.funding_source,
        inventors=_inventors(achievement),
        patents=_patents(achievement),
    )


def _inventors(achievement: Achievement) -> Sequence[InventorFacts]:
    return [InventorFacts(inventor.name, inventor.share) for inventor in achievement.inventors.all()]


def _patents(achievement: Achievement) -> Sequence[PatentFacts]:
    return [
        PatentFacts(patent.number, patent.kind, patent.title, patent.ipc, patent.granted_on, patent.legal_state)
        for patent in achievement.patents.all()
    ]
