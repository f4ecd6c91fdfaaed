"""Being engaged: proposed, negotiated, signed, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from brokers.kinds import CommissionBasis, DueWhen
from brokers.models import Broker, Engagement, Share, TermsVersion
from brokers.permissions import is_broker, is_principal, require_dispute_official, require_engagement_mover
from brokers.queries import facts_of
from brokers.rules import DEFAULT_TAIL, CommissionTerms, differences, may_engage, may_sign, tail_end
from brokers.states import ENGAGEMENT, CommissionState, EngagementEvent
from contracts.settlement.actions.commissions import take_in_commissions
from listings.demands.models.demands import Demand
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_verified
from market.events.actions import record
from market.policy.queries import policy_on
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of, end_of
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused, require, text_given

_NO_REASON = Refusal("brokers.reason_missing", field="reason")


@dataclass(frozen=True, slots=True)
class EngagementTerms:
    """The terms of a mandate. `shares` by organisation id, between 0 and 1, sum to 1; `principal_share` is what the principal pays of
    the commission, the rest falls to the other party of the deal."""

    side: str
    scope: str
    is_exclusive: bool
    valid_until: date
    commission: CommissionTerms
    both_consent: bool
    shares: Mapping[int, Decimal]
    due_when: str = DueWhen.RECOGNITION
    tail_months: int = DEFAULT_TAIL
    principal_share: Decimal = Decimal(1)
    note: str = ""


@transaction.atomic
def propose_engagement(
    matter: Listing | Demand, terms: EngagementTerms, *, broker: Broker, principal: Organisation, actor: Actor, now: datetime
) -> Engagement:
    """The mandate waits for the other side's signature; the proposer's counts with it. Event: engagement.proposed."""
    engagement = Engagement(principal=principal, broker=broker, side=terms.side)
    if isinstance(matter, Demand):
        engagement.demand = matter
    else:
        engagement.listing = matter
    _write_terms(engagement, terms, actor=actor, now=now)
    if not (engagement.proposed_by_broker or is_principal(actor, engagement)):
        raise Forbidden([Refusal("accounts.role_missing")])
    require_verified(principal)
    require(_refusals(engagement, terms, now=now))
    try:
        with transaction.atomic():
            engagement.save()
    except IntegrityError as error:
        raise OutOfTurn([Refusal("brokers.engagement_exists")]) from error
    _keep_version(engagement, terms)
    record(
        "engagement.proposed",
        subject=engagement.subject,
        actor=actor,
        now=now,
        matter=matter.number,
        broker=broker.key,
        side=terms.side,
    )
    return engagement


@transaction.atomic
def counter_engagement(
    engagement: Engagement, terms: EngagementTerms, *, version: int, actor: Actor, now: datetime
) -> Engagement:
    """Other terms stand in the place of those proposed, and the side that proposed those is asked now. Event: engagement.countered.

    `version` is the one that was read; out of turn when another has come since. The side and the two parties stay.
    """
    locked = _locked(engagement)
    move = ENGAGEMENT.move(locked.state, EngagementEvent.COUNTER)
    require_engagement_mover(actor, locked, move.by)
    _require_version(locked, version)
    before = locked.versions.get(number=version).terms
    _write_terms(locked, terms, actor=actor, now=now)
    if not differences(before, _plain(locked, terms)):
        raise Refused([Refusal("brokers.nothing_changed")])
    require(_refusals(locked, terms, now=now))
    locked.save()
    locked.shares.all().delete()
    _keep_version(locked, terms)
    record("engagement.countered", subject=locked.subject, actor=actor, now=now, version=version + 1)
    return locked


def _write_terms(engagement: Engagement, terms: EngagementTerms, *, actor: Actor, now: datetime) -> None:
    commission = terms.commission
    engagement.scope = terms.scope
    engagement.is_exclusive = terms.is_exclusive
    engagement.valid_until = terms.valid_until
    engagement.basis = _basis(commission)
    engagement.rate = commission.rate
    engagement.brackets = [[_fen(bracket.up_to), str(bracket.rate)] for bracket in commission.brackets]
    engagement.fixed_fen = _fen(commission.fixed)
    engagement.cap_fen = _fen(commission.cap)
    engagement.due_when = terms.due_when
    engagement.tail_months = terms.tail_months
    engagement.principal_share = terms.principal_share
    engagement.both_consent = terms.both_consent
    engagement.proposed_by_id = person_of(actor)
    engagement.proposed_at = now
    engagement.proposed_by_broker = is_broker(actor, engagement)


def _basis(commission: CommissionTerms) -> CommissionBasis:
    if commission.brackets:
        return CommissionBasis.BRACKETS
    return CommissionBasis.RATE if commission.fixed is None else CommissionBasis.FIXED


def _keep_version(engagement: Engagement, terms: EngagementTerms) -> None:
    Share.objects.bulk_create(
        Share(engagement=engagement, organisation_id=organisation, share=share) for organisation, share in terms.shares.items()
    )
    TermsVersion.objects.create(
        engagement=engagement,
        number=engagement.versions.count() + 1,
        is_by_broker=engagement.proposed_by_broker,
        proposed_by=engagement.proposed_by,
        proposed_at=engagement.proposed_at,
        terms=_plain(engagement, terms),
        note=terms.note,
    )


def _plain(engagement: Engagement, terms: EngagementTerms) -> dict[str, object]:
    """The terms as a version keeps them: plain JSON, amounts in fen, days in ISO form, partners by the names they had."""
    names = dict(Organisation.objects.filter(pk__in=terms.shares).values_list("pk", "name"))
    return {
        "scope": engagement.scope,
        "commission": {"basis": str(engagement.basis), "rate": _text(engagement.rate), "brackets": engagement.brackets}
        | {"fixed_fen": engagement.fixed_fen, "cap_fen": engagement.cap_fen},
        "principal_share": _text(engagement.principal_share),
        "due_when": str(engagement.due_when),
        "tail_months": engagement.tail_months,
        "shares": [[names[organisation], _text(share)] for organisation, share in terms.shares.items()],
        "is_exclusive": engagement.is_exclusive,
        "both_consent": engagement.both_consent,
        "valid_until": engagement.valid_until.isoformat(),
    }


def _text(rate: Decimal | None) -> str | None:
    # Without trailing zeros: 0.030 typed and 0.03000 read back are the same rate.
    return None if rate is None else f"{rate.normalize():f}"


def _require_version(engagement: Engagement, version: int) -> None:
    if engagement.versions.count() != version:
        raise OutOfTurn([Refusal("brokers.terms_changed")])


def _fen(amount: Money | None) -> int | None:
    # Not by truth: nothing and zero yuan are two answers, and the rule refuses only the second.
    return None if amount is None else amount.fen


def _refusals(engagement: Engagement, terms: EngagementTerms, *, now: datetime) -> list[Refusal]:
    limit = policy_on("brokers.commission_limit", day_of(now)).rate
    return may_engage(facts_of(engagement, list(terms.shares.values()), today=day_of(now)), today=day_of(now), limit=limit)


@transaction.atomic
def sign_engagement(engagement: Engagement, *, version: int, actor: Actor, now: datetime) -> Engagement:
    """The mandate is in force with the terms of this version. Event: engagement.signed.

    Refused when other terms have been proposed since, the certificate has expired, or another mandate stands in the way.
    """
    locked = _locked(engagement)
    move = ENGAGEMENT.move(locked.state, EngagementEvent.SIGN)
    require_engagement_mover(actor, locked, move.by)
    _require_version(locked, version)
    require(may_sign(facts_of(locked, [share.share for share in locked.shares.all()], today=day_of(now))))
    locked.signed_by_id = actor.person
    locked.signed_at = now
    locked.save(update_fields=["signed_by", "signed_at"])
    _set_engagement_state(locked, move.to)
    record("engagement.signed", subject=locked.subject, actor=actor, now=now, matter=locked.matter.number, version=version)
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
    locked.save(update_fields=["reason"])
    _end(locked, now)
    _set_engagement_state(locked, move.to)
    record("engagement.ended", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    return locked


@transaction.atomic
def dispute_engagement(engagement: Engagement, *, statement: str, actor: Actor, now: datetime) -> Engagement:
    """A supervisor is asked; until the decision nothing that the mandate earns is paid. Event: engagement.disputed."""
    locked = _locked(engagement)
    move = ENGAGEMENT.move(locked.state, EngagementEvent.DISPUTE)
    require_engagement_mover(actor, locked, move.by)
    locked.dispute = text_given(statement, Refusal("brokers.statement_missing", field="reason"))
    locked.disputed_by_broker = is_broker(actor, locked)
    locked.save(update_fields=["dispute", "disputed_by_broker"])
    _set_engagement_state(locked, move.to)
    record("engagement.disputed", subject=locked.subject, actor=actor, now=now, statement=locked.dispute)
    return locked


@transaction.atomic
def withdraw_dispute(engagement: Engagement, *, actor: Actor, now: datetime) -> Engagement:
    """The mandate goes on as before. Event: engagement.undisputed."""
    locked = _locked(engagement)
    move = ENGAGEMENT.move(locked.state, EngagementEvent.WITHDRAW)
    require_engagement_mover(actor, locked, move.by)
    _set_engagement_state(locked, move.to)
    _pay_what_waited(locked, now=now)
    record("engagement.undisputed", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def decide_dispute(engagement: Engagement, *, stands: bool, grounds: str, actor: Actor, now: datetime) -> Engagement:
    """The mandate stands, or it ends now; what it earned before is paid either way. Event: engagement.decided."""
    locked = _locked(engagement)
    move = ENGAGEMENT.move(locked.state, EngagementEvent.KEEP if stands else EngagementEvent.DISSOLVE)
    require_dispute_official(actor, locked)
    locked.reason = text_given(grounds, _NO_REASON)
    locked.save(update_fields=["reason"])
    if not stands:
        _end(locked, now)
    _set_engagement_state(locked, move.to)
    _pay_what_waited(locked, now=now)
    record("engagement.decided", subject=locked.subject, actor=actor, now=now, stands=stands, grounds=locked.reason)
    return locked


def _end(engagement: Engagement, at: datetime) -> None:
    engagement.ended_at = at
    # A second before, or a mandate that ran to the last instant of its day would end on the next.
    last_day = day_of(at - timedelta(seconds=1))
    engagement.tail_until = end_of(tail_end(last_day, engagement.tail_months))
    engagement.save(update_fields=["ended_at", "tail_until"])


def _pay_what_waited(engagement: Engagement, *, now: datetime) -> None:
    for deal in Deal.objects.filter(commissions__engagement=engagement, commissions__state=CommissionState.CREDITED):
        take_in_commissions(deal, now=now)


@transaction.atomic
def expire_engagement(engagement: Engagement, *, now: datetime) -> None:
    """A mandate past its term is over; nothing happens when it ended before. Event: engagement.expired."""
    locked = _locked(engagement)
    if ENGAGEMENT.may(locked.state, EngagementEvent.EXPIRE) and locked.valid_until < day_of(now):
        # The last day of the term counts whole, however late the clock is looked at.
        _end(locked, end_of(locked.valid_until))
        _set_engagement_state(locked, ENGAGEMENT.move(locked.state, EngagementEvent.EXPIRE).to)
        record("engagement.expired", subject=locked.subject, actor=CLOCK, now=now)


def _locked(engagement: Engagement) -> Engagement:
    related = ("broker", "principal", "listing", "demand")
    return Engagement.objects.select_for_update(of=("self",)).select_related(*related).get(pk=engagement.pk)


def _set_engagement_state(engagement: Engagement, state: str) -> None:
    engagement.state = state
    engagement.save(update_fields=["state"])
