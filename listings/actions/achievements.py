"""Entering, submitting, registering and revoking achievements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from listings.actions.listings import terminate_listing
from listings.kinds import ReturnGround
from listings.models.achievements import Achievement, Inventor, Patent
from listings.permissions.achievements import require_mover
from listings.queries.achievements import registered_twins
from listings.rules.achievements import (
    AchievementFacts,
    InventorFacts,
    PatentFacts,
    certificate_number,
    may_decide_registration,
    may_enter,
    may_register,
    may_submit,
    patent_core,
)
from listings.states.achievements import ACHIEVEMENT, AchievementEvent, AchievementState
from listings.states.listings import RUNNING
from market.accounts.models import Membership, Organisation
from market.accounts.permissions import person_of, require_role, require_verified
from market.documents.models import Document
from market.events.actions import record
from market.policy.actions import next_number
from market.values.actor import Actor, Role
from market.values.dates import day_of
from market.values.refusal import Forbidden, OutOfTurn, Refusal, require, text_given

_NO_REASON = Refusal("listings.reason_missing", field="reason")


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
    origin: str = "original"
    result_form: str = "other"
    application_state: str = "not_used"
    started_on: date | None = None
    evaluation_method: str = "none"
    evaluated_on: date | None = None
    evaluator: str = ""
    level: str = "not_evaluated"
    co_completers: tuple[str, ...] = ()
    contact: str = ""
    # Given by the form that is being filled in, so that sending it twice enters one achievement.
    key: str = ""


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
    "origin",
    "result_form",
    "application_state",
    "started_on",
    "evaluation_method",
    "evaluated_on",
    "evaluator",
    "level",
    "contact",
)


@transaction.atomic
def draft_achievement(
    entry: AchievementEntry, *, organisation: Organisation, actor: Actor, now: datetime, is_sample: bool = False
) -> Achievement:
    """The achievement stands as a draft of the organisation. Event: achievement.drafted.

    Refused for what is wrong in itself (patents, shares, codes, days), so that a draft never holds what could not be read
    back. Out of turn when the same form was sent before.
    """
    require_role(actor, organisation.pk, Role.OWNER, Role.AGENT)
    require(may_enter(facts_of_entry(entry), today=day_of(now)))
    achievement = Achievement(organisation=organisation, created_by_id=actor.person, created_at=now, is_sample=is_sample)
    if entry.key:
        achievement.key = entry.key
    _write_own(achievement, entry)
    try:
        with transaction.atomic():
            achievement.save(force_insert=True)
    except IntegrityError as error:
        raise OutOfTurn([Refusal("listings.entered_before")]) from error
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
    require(may_enter(facts_of_entry(entry), today=day_of(now)))
    _write_own(locked, entry)
    locked.save(update_fields=[*_OWN_FIELDS, "keywords", "co_completers"])
    _write_parts(locked, entry)
    record("achievement.changed", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def import_achievements(
    entries: Iterable[AchievementEntry], *, organisation: Organisation, actor: Actor, now: datetime
) -> list[Achievement]:
    """All entries are drafts of the organisation, or none of them. Event: achievement.drafted for each."""
    return [draft_achievement(entry, organisation=organisation, actor=actor, now=now) for entry in entries]


def _write_own(achievement: Achievement, entry: AchievementEntry) -> None:
    for name in _OWN_FIELDS:
        setattr(achievement, name, getattr(entry, name))
    achievement.keywords = list(entry.keywords)
    achievement.co_completers = list(entry.co_completers)


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
            core=patent_core(patent.number) or "",
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
    """The achievement stands in the register under a number of its own. Event: achievement.registered.

    Refused when a patent of it, or the same title of the same organisation, is registered already.
    """
    locked = _decide(achievement, AchievementEvent.REGISTER, actor=actor, now=now)
    require(may_register(registered_twins=[str(twin.certificate_number) for twin in registered_twins(locked)]))
    year = day_of(now).year
    region = settings.ACHIEVEMENT_REGION_CODE
    locked.certificate_number = certificate_number(region, year, next_number(f"achievement:{region}:{year}"))
    _set_state(locked, AchievementState.REGISTERED, "decided_at", "decided_by", "certificate_number")
    record("achievement.registered", subject=locked.subject, actor=actor, now=now, certificate_number=locked.certificate_number)
    return locked


@transaction.atomic
def return_achievement(
    achievement: Achievement, *, reason: str, ground: str = ReturnGround.INCOMPLETE, actor: Actor, now: datetime
) -> Achievement:
    """The achievement is back with its organisation, with ground and reason. Event: achievement.returned."""
    locked = _decide(achievement, AchievementEvent.RETURN, actor=actor, now=now)
    locked.reason = text_given(reason, _NO_REASON)
    locked.return_ground = ground
    _set_state(locked, AchievementState.RETURNED, "decided_at", "decided_by", "return_ground", "reason")
    record("achievement.returned", subject=locked.subject, actor=actor, now=now, reason=locked.reason, ground=str(ground))
    return locked


@transaction.atomic
def revoke_achievement(achievement: Achievement, *, reason: str, actor: Actor, now: datetime) -> Achievement:
    """The registration no longer holds; the number is not given again, and a running listing of it ends.

    Events: achievement.revoked, and listing.terminated for a listing that ran.
    Source: 国科发计字〔2000〕542号: a proven dispute, fraud or plagiarism revokes (high).
    """
    locked = _decide(achievement, AchievementEvent.REVOKE, actor=actor, now=now)
    locked.reason = text_given(reason, _NO_REASON)
    _set_state(locked, AchievementState.REVOKED, "decided_at", "decided_by", "reason")
    record("achievement.revoked", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    for listing in locked.listings.filter(state__in=RUNNING):
        terminate_listing(listing, reason=locked.reason, actor=actor, now=now)
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
    belongs = Membership.objects.filter(person_id=person_of(actor), organisation_id=locked.organisation_id).exists()
    if refusals := may_decide_registration(
        submitted_for=locked.organisation_id, decides_for=actor.organisation, belongs_to_owner=belongs
    ):
        raise Forbidden(refusals)
    locked.decided_at = now
    locked.decided_by_id = actor.person
    return locked


def _locked(achievement: Achievement) -> Achievement:
    return Achievement.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=achievement.pk)


def _set_state(achievement: Achievement, state: str, *fields: str) -> None:
    achievement.state = state
    achievement.save(update_fields=["state", *fields])


def facts_of(achievement: Achievement) -> AchievementFacts:
    """The achievement as the rules see it."""
    return _facts(achievement, _inventors(achievement), _patents(achievement))


def facts_of_entry(entry: AchievementEntry) -> AchievementFacts:
    """What was typed as the rules see it."""
    return _facts(entry, entry.inventors, entry.patents)


def _facts(
    source: Achievement | AchievementEntry, inventors: Sequence[InventorFacts], patents: Sequence[PatentFacts]
) -> AchievementFacts:
    return AchievementFacts(
        title=source.title,
        abstract=source.abstract,
        keywords=source.keywords,
        completed_on=source.completed_on,
        is_publicly_funded=source.is_publicly_funded,
        funding_source=source.funding_source,
        inventors=inventors,
        patents=patents,
        kind=source.kind,
        result_form=source.result_form,
        gbt4754=source.gbt4754,
        started_on=source.started_on,
        evaluation_method=source.evaluation_method,
        evaluated_on=source.evaluated_on,
        level=source.level,
    )


def _inventors(achievement: Achievement) -> Sequence[InventorFacts]:
    return [InventorFacts(inventor.name, inventor.share) for inventor in achievement.inventors.all()]


def _patents(achievement: Achievement) -> Sequence[PatentFacts]:
    return [
        PatentFacts(patent.number, patent.kind, patent.title, patent.ipc, patent.granted_on, patent.legal_state)
        for patent in achievement.patents.all()
    ]
