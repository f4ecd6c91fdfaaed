"""Raising, commenting and answering objections: they stop the notice's clock, and their answer releases it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from listings.actions.listings import end_listing, locked_listing, move_listing
from listings.actions.notices import release_notice, suspend_notice
from listings.models.listings import Listing, Objection
from listings.permissions.listings import require_mover, require_objection_mover
from listings.states.listings import LISTING, OBJECTION, ListingEvent, ListingState, ObjectionEvent, ObjectionState
from market.accounts.permissions import person_of, require_role
from market.documents.models import Document
from market.events.actions import record
from market.values.actor import Actor, Role
from market.values.refusal import OutOfTurn, Refusal, Refused, text_given


@transaction.atomic
def raise_objection(
    listing: Listing, *, statement: str, documents: Sequence[Document] = (), actor: Actor, now: datetime
) -> Objection:
    """The objection stands and the notice's clock with it. Events: objection.raised, listing.suspended.

    Refused after the notice is over, even if nobody has closed it yet, and for a second open objection of one person.
    """
    locked = locked_listing(listing)
    move = LISTING.move(locked.state, ListingEvent.OBJECT)
    require_mover(actor, locked, move.by)
    notice = locked.notices.get(closed_at__isnull=True)
    if notice.ends_at is not None and notice.ends_at <= now:
        raise OutOfTurn([Refusal("listings.notice_is_over")])
    text = text_given(statement, Refusal("listings.nothing_typed", field="statement"))
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                notice=notice, organisation_id=actor.organisation, raised_by_id=person_of(actor), raised_at=now, statement=text
            )
    except IntegrityError as error:
        raise Refused([Refusal("listings.objection_exists")]) from error
    objection.documents.set(documents)
    record("objection.raised", subject=objection.subject, actor=actor, now=now, listing=locked.number, statement=text)
    if locked.state == ListingState.ON_NOTICE:
        move_listing(locked, ListingEvent.OBJECT)
        suspend_notice(notice, now=now)
        record("listing.suspended", subject=locked.subject, actor=actor, now=now, objection=objection.key)
    return objection


@transaction.atomic
def comment_objection(objection: Objection, *, statement: str, actor: Actor, now: datetime) -> Objection:
    """The seller's statement stands beside the objection. Event: objection.commented."""
    locked = _locked(objection)
    # While it may still be answered, the seller may still be heard.
    OBJECTION.move(locked.state, ObjectionEvent.DISMISS)
    require_role(actor, locked.notice.listing.seller_id, Role.OWNER, Role.AGENT)
    locked.seller_statement = text_given(statement, Refusal("listings.nothing_typed", field="seller_statement"))
    locked.save(update_fields=["seller_statement"])
    record("objection.commented", subject=locked.subject, actor=actor, now=now, statement=locked.seller_statement)
    return locked


@transaction.atomic
def dismiss_objection(objection: Objection, *, answer: str, actor: Actor, now: datetime) -> Objection:
    """The objection is answered; with the last one the notice goes on. Events: objection.dismissed, listing.released."""
    locked = _answer(objection, ObjectionEvent.DISMISS, answer=answer, actor=actor, now=now)
    record("objection.dismissed", subject=locked.subject, actor=actor, now=now, answer=locked.answer)
    _release_if_answered(locked, actor=actor, now=now)
    return locked


@transaction.atomic
def uphold_objection(objection: Objection, *, answer: str, actor: Actor, now: datetime) -> Objection:
    """The objection is right and the listing ends. Events: objection.upheld, listing.terminated."""
    locked = _answer(objection, ObjectionEvent.UPHOLD, answer=answer, actor=actor, now=now)
    record("objection.upheld", subject=locked.subject, actor=actor, now=now, answer=locked.answer)
    listing = locked_listing(locked.notice.listing)
    if listing.state == ListingState.SUSPENDED:
        state = LISTING.move(listing.state, ListingEvent.TERMINATE).to
        end_listing(listing, state, actor=actor, now=now)
        record("listing.terminated", subject=listing.subject, actor=actor, now=now, objection=locked.key)
    return locked


@transaction.atomic
def withdraw_objection(objection: Objection, *, actor: Actor, now: datetime) -> Objection:
    """The objector takes it back; with the last one the notice goes on. Events: objection.withdrawn, listing.released."""
    locked_listing(objection.notice.listing)
    locked = _locked(objection)
    move = OBJECTION.move(locked.state, ObjectionEvent.WITHDRAW)
    require_objection_mover(actor, locked, move.by)
    _set_state(locked, move.to)
    record("objection.withdrawn", subject=locked.subject, actor=actor, now=now)
    _release_if_answered(locked, actor=actor, now=now)
    return locked


def _answer(objection: Objection, event: ObjectionEvent, *, answer: str, actor: Actor, now: datetime) -> Objection:
    # The listing first: whoever raises another objection meanwhile waits for the same row.
    locked_listing(objection.notice.listing)
    locked = _locked(objection)
    move = OBJECTION.move(locked.state, event)
    require_objection_mover(actor, locked, move.by)
    locked.answer = text_given(answer, Refusal("listings.nothing_typed", field="answer"))
    locked.answered_at = now
    locked.answered_by_id = actor.person
    _set_state(locked, move.to, "answer", "answered_at", "answered_by")
    return locked


def _release_if_answered(objection: Objection, *, actor: Actor, now: datetime) -> None:
    notice = objection.notice
    listing = locked_listing(notice.listing)
    if listing.state != ListingState.SUSPENDED or notice.objections.filter(state=ObjectionState.RAISED).exists():
        return
    move_listing(listing, ListingEvent.RELEASE)
    released = release_notice(notice, now=now)
    record("listing.released", subject=listing.subject, actor=actor, now=now, ends_on=str(released.ends_on))


def _locked(objection: Objection) -> Objection:
    return Objection.objects.select_for_update(of=("self",)).select_related("notice__listing__seller").get(pk=objection.pk)


def _set_state(objection: Objection, state: str, *fields: str) -> None:
    objection.state = state
    objection.save(update_fields=["state", *fields])
