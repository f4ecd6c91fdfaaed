"""Being engaged: proposed, negotiated, signed, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from brokers.models import Broker, Engagement, Share
from brokers.permissions import is_broker, is_principal, require_engagement_mover
from brokers.queries import facts_of
from brokers.rules import CommissionTerms, may_engage, may_sign
from brokers.states import ENGAGEMENT, EngagementEvent
from listings.models.listings import Listing
from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_verified
from market.events.actions import record
from market.policy.queries import policy_on
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of, end_of
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refusal, require, text_given

_NO_REASON = Refusal("brokers.reason_missing", field="reason")


@dataclass(frozen=True, slots=True)
class EngagementTerms:
    """The terms of a mandate. `shares` by organisation id, between 0 and 1, sum to 1."""

    side: str
    scope: str
    is_exclusive: bool
    valid_until: date
    commission: CommissionTerms
    both_consent: bool
    shares: Mapping[int, Decimal]


@transaction.atomic
def propose_engagement(
    listing: Listing, terms: EngagementTerms, *, broker: Broker, principal: Organisation, actor: Actor, now: datetime
) -> Engagement:
    """The mandate waits for the other side's signature; the proposer's counts with it. Event: engagement.proposed."""
    engagement = _engagement(listing, terms, broker=broker, principal=principal, actor=actor, now=now)
    engagement.proposed_by_broker = is_broker(actor, engagement)
    if not (engagement.proposed_by_broker or is_principal(actor, engagement)):
        raise Forbidden([Refusal("accounts.role_missing")])
    require_verified(principal)
    require(_refusals(engagement, terms, now=now))
    try:
        with transaction.atomic():
            engagement.save()
    except IntegrityError as error:
        raise OutOfTurn([Refusal("brokers.engagement_exists")]) from error
    Share.objects.bulk_create(
        Share(engagement=engagement, organisation_id=organisation, share=share) for organisation, share in terms.shares.items()
    )
    record(
        "engagement.proposed",
        subject=engagement.subject,
        actor=actor,
        now=now,
        listing=listing.number,
        broker=broker.key,
        side=terms.side,
    )
    return engagement


def _engagement(
    listing: Listing, terms: EngagementTerms, *, broker: Broker, principal: Organisation, actor: Actor, now: datetime
) -> Engagement:
    return Engagement(
        principal=principal,
        broker=broker,
        listing=listing,
        side=terms.side,
        scope=terms.scope,
        is_exclusive=terms.is_exclusive,
        valid_until=terms.valid_until,
        rate=terms.commission.rate,
        fixed_fen=_fen(terms.commission.fixed),
        cap_fen=_fen(terms.commission.cap),
        both_consent=terms.both_consent,
        proposed_by_id=person_of(actor),
        proposed_at=now,
    )


def _fen(amount: Money | None) -> int | None:
    # Not by truth: nothing and zero yuan are two answers, and the rule refuses only the second.
    return None if amount is None else amount.fen


def _refusals(engagement: Engagement, terms: EngagementTerms, *, now: datetime) -> list[Refusal]:
    limit = policy_on("brokers.commission_limit", day_of(now)).rate
    return may_engage(facts_of(engagement, list(terms.shares.values()), today=day_of(now)), today=day_of(now), limit=limit)


@transaction.atomic
def sign_engagement(engagement: Engagement, *, actor: Actor, now: datetime) -> Engagement:
    """The mandate is in force. Event: engagement.signed.

    Refused when the certificate has expired meanwhile, or another mandate stands in the way.
    """
    locked = _locked(engagement)
    move = ENGAGEMENT.move(locked.state, EngagementEvent.SIGN)
    require_engagement_mover(actor, locked, move.by)
    require(may_sign(facts_of(locked, [share.share for share in locked.shares.all()], today=day_of(now))))
    locked.signed_by_id = actor.person
    locked.signed_at = now
    locked.save(update_fields=["signed_by", "signed_at"])
    _set_engagement_state(locked, move.to)
    record("engagement.signed", subject=locked.subject, actor=actor, now=now, listing=locked.listing.number)
    return locked


@transaction.atomic
def consent_to_both_sides(engagement: Engagement, *, actor: Actor, now: datetime) -> Engagement:
    """The principal allows the broker to act for the other side too. Event: engagement.consented."""
    locked = _locked(engagement)
    move = ENGAGEMENT.move(locked.state, EngagementEvent.CONSENT)
    require_engagement_mover(actor, locked, move.by)
    if locked.both_consent:
        raise OutOfTurn([Refusal("brokers.consented_before")])
    locked.both_consent = True
    locked.save(update_fields=["both_consent"])
    _set_engagement_state(locked, move.to)
    record("engagement.consented", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def decline_engagement(engagement: Engagement, *, actor: Actor, now: datetime) -> Engagement:
    """The proposal is off the table. Event: engagement.declined."""
    locked = _locked(engagement)
    move = ENGAGEMENT.move(locked.state, EngagementEvent.DECLINE)
    require_engagement_mover(actor, locked, move.by)
    _set_engagement_state(locked, move.to)
    record("engagement.declined", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def end_engagement(engagement: Engagement, *, reason: str, actor: Actor, now: datetime) -> Engagement:
    """The mandate is over; what it earned stays. Event: engagement.ended."""
    locked = _locked(engagement)
    move = ENGAGEMENT.move(locked.state, EngagementEvent.END)
    require_engagement_mover(actor, locked, move.by)
    locked.reason = text_given(reason, _NO_REASON)
    locked.ended_at = now
    locked.save(update_fields=["reason", "ended_at"])
    _set_engagement_state(locked, move.to)
    record("engagement.ended", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    return locked


@transaction.atomic
def expire_engagement(engagement: Engagement, *, now: datetime) -> None:
    """A mandate past its term is over; nothing happens when it ended before. Event: engagement.expired."""
    locked = _locked(engagement)
    if ENGAGEMENT.may(locked.state, EngagementEvent.EXPIRE) and locked.valid_until < day_of(now):
        # The last day of the term counts whole, however late the clock is looked at.
        locked.ended_at = end_of(locked.valid_until)
        locked.save(update_fields=["ended_at"])
        _set_engagement_state(locked, ENGAGEMENT.move(locked.state, EngagementEvent.EXPIRE).to)
        record("engagement.expired", subject=locked.subject, actor=CLOCK, now=now)


def _locked(engagement: Engagement) -> Engagement:
    return (
        Engagement.objects.select_for_update(of=("self",)).select_related("broker", "principal", "listing").get(pk=engagement.pk)
    )


def _set_engagement_state(engagement: Engagement, state: str) -> None:
    engagement.state = state
    engagement.save(update_fields=["state"])
