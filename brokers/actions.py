"""Becoming a broker, being engaged, and earning commissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from brokers.models import Broker, Commission, Engagement, Share
from brokers.permissions import (
    is_broker,
    is_principal,
    require_broker_institution,
    require_broker_official,
    require_engagement_mover,
)
from brokers.queries import engagements_for_deal, facts_of
from brokers.rules import CommissionTerms, commission_due, may_engage, may_sign, split
from brokers.states import (
    BROKER,
    COMMISSION,
    ENGAGEMENT,
    BrokerEvent,
    BrokerState,
    CommissionEvent,
    CommissionState,
    EngagementEvent,
)
from contracts.settlement.actions.commissions import drop_commissions, take_in_commissions
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_role, require_verified
from market.documents.models import Document
from market.events.actions import record
from market.policy.queries import policy_on
from market.values.actor import CLOCK, Actor, Role
from market.values.dates import day_of, end_of
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused, require, text_given

_NO_REASON = Refusal("brokers.reason_missing", field="reason")


@dataclass(frozen=True, slots=True)
class BrokerEntry:
    """What somebody states who wants to be a broker."""

    level: str
    certificate_number: str
    valid_until: date
    fields: tuple[str, ...]
    introduction: str
    evidence: tuple[Document, ...]


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
def apply_as_broker(entry: BrokerEntry, *, institution: Organisation, actor: Actor, now: datetime) -> Broker:
    """The person waits for an official's verification. Event: broker.applied."""
    require_role(actor, institution.pk, Role.OWNER, Role.AGENT)
    require_broker_institution(institution)
    if entry.valid_until < day_of(now):
        raise Refused([Refusal("brokers.valid_until_in_the_past", field="valid_until")])
    broker = Broker.objects.select_for_update().filter(person=actor.person).first()
    if broker is not None:
        _set_broker_state(broker, BROKER.move(broker.state, BrokerEvent.APPLY).to)
    else:
        broker = Broker(person_id=person_of(actor))
    broker.institution = institution
    broker.level = entry.level
    broker.certificate_number = entry.certificate_number
    broker.valid_until = entry.valid_until
    broker.fields = list(entry.fields)
    broker.introduction = entry.introduction
    broker.applied_at = now
    broker.save()
    broker.evidence.set(entry.evidence)
    record(
        "broker.applied",
        subject=broker.subject,
        actor=actor,
        now=now,
        level=broker.level,
        certificate_number=broker.certificate_number,
    )
    return broker


@transaction.atomic
def verify_broker(broker: Broker, *, actor: Actor, now: datetime) -> Broker:
    """The broker can be engaged until the certificate expires. Event: broker.verified."""
    locked = _decide(broker, BrokerEvent.VERIFY, "", actor=actor, now=now)
    record("broker.verified", subject=locked.subject, actor=actor, now=now, valid_until=locked.valid_until.isoformat())
    return locked


@transaction.atomic
def reject_broker(broker: Broker, *, reason: str, actor: Actor, now: datetime) -> Broker:
    """The certificate was not accepted, for this reason. Event: broker.rejected."""
    locked = _decide(broker, BrokerEvent.REJECT, text_given(reason, _NO_REASON), actor=actor, now=now)
    record("broker.rejected", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    return locked


def _decide(broker: Broker, event: BrokerEvent, reason: str, *, actor: Actor, now: datetime) -> Broker:
    locked = Broker.objects.select_for_update(of=("self",)).get(pk=broker.pk)
    move = BROKER.move(locked.state, event)
    require_broker_official(actor, locked)
    locked.decided_at = now
    locked.decided_by_id = actor.person
    locked.reason = reason
    locked.save(update_fields=["decided_at", "decided_by", "reason"])
    _set_broker_state(locked, move.to)
    return locked


@transaction.atomic
def expire_broker(broker: Broker, *, now: datetime) -> None:
    """A certificate past its day no longer counts; nothing happens when it was renewed. Event: broker.expired."""
    locked = Broker.objects.select_for_update(of=("self",)).get(pk=broker.pk)
    if locked.state == BrokerState.VERIFIED and locked.valid_until < day_of(now):
        _set_broker_state(locked, BROKER.move(locked.state, BrokerEvent.EXPIRE).to)
        record("broker.expired", subject=locked.subject, actor=CLOCK, now=now)


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


@transaction.atomic
def credit_commissions(deal: Deal, *, contract_value: Money, reason: str, now: datetime) -> list[Commission]:
    """Every mandate that was in force for the deal is credited its commission, once, and the deal's settlement pays it.

    Event: commission.credited for each.
    """
    credited = []
    for engagement in engagements_for_deal(deal).select_for_update(of=("self",)):
        due = commission_due(contract_value, engagement.terms)
        shares = list(engagement.shares.select_related("organisation"))
        parts = split(due.amount, [share.share for share in shares])
        commission, created = Commission.objects.get_or_create(
            engagement=engagement,
            deal=deal,
            defaults={
                "basis_fen": contract_value.fen,
                "amount_fen": due.amount.fen,
                "steps": [{"text": s.text, "source": s.source, "fen": s.amount.fen} for s in due.steps],
                "parts": [
                    {"organisation": share.organisation.name, "id": share.organisation_id, "fen": part.fen}
                    for share, part in zip(shares, parts, strict=True)
                ],
                "reason": reason,
                "credited_at": now,
            },
        )
        if created:
            credited.append(commission)
            _record_credit(commission, now=now)
    take_in_commissions(deal, now=now)
    return credited


def _record_credit(commission: Commission, *, now: datetime) -> None:
    record(
        "commission.credited",
        subject=commission.subject,
        actor=CLOCK,
        now=now,
        engagement=commission.engagement.key,
        deal=commission.deal.key,
        amount=str(commission.amount),
        amount_fen=commission.amount_fen,
    )


@transaction.atomic
def reverse_commissions(deal: Deal, *, now: datetime) -> None:
    """The deal's commissions are taken back: its registration was revoked, or its price went back to the buyer.

    Event: commission.reversed for each.
    """
    reversed_now = list(Commission.objects.select_for_update().filter(deal=deal, state=CommissionState.CREDITED))
    for commission in reversed_now:
        _set_commission_state(commission, COMMISSION.move(commission.state, CommissionEvent.REVERSE).to)
        record("commission.reversed", subject=commission.subject, actor=CLOCK, now=now, deal=deal.key)
    drop_commissions(deal, [commission.key for commission in reversed_now], now=now)


def _locked(engagement: Engagement) -> Engagement:
    return (
        Engagement.objects.select_for_update(of=("self",)).select_related("broker", "principal", "listing").get(pk=engagement.pk)
    )


def _set_broker_state(broker: Broker, state: str) -> None:
    broker.state = state
    broker.save(update_fields=["state"])


def _set_engagement_state(engagement: Engagement, state: str) -> None:
    engagement.state = state
    engagement.save(update_fields=["state"])


def _set_commission_state(commission: Commission, state: str) -> None:
    commission.state = state
    commission.save(update_fields=["state"])
