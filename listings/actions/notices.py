"""Opening a notice, stopping and releasing its clock, extending it, and computing its end anew."""

from __future__ import annotations

from datetime import datetime

from listings.kinds import NoticeKind, Route
from listings.models.listings import Listing, Notice, NoticeExtension, NoticeSuspension
from listings.queries.notices import deadline_of
from listings.rules.listings import notice_policy_kind, period_of
from market.policy.queries import policy_on, working_calendar
from market.policy.rules import Policy
from market.values.dates import Calendar, day_of


def notice_policy(listing: Listing, now: datetime) -> Policy:
    """The row in force today that governs this listing's notice."""
    return policy_on(notice_policy_kind(listing.route), day_of(now), scope=listing.seller.kind)


def open_notice(listing: Listing, *, now: datetime, approval: str = "") -> Notice:
    """A notice runs from today, under the policy row in force today. The caller holds the listing's lock."""
    policy = notice_policy(listing, now)
    period = period_of(policy, listing.notice_period)
    is_public_notice = listing.route == Route.NEGOTIATED
    notice = Notice.objects.create(
        listing=listing,
        kind=NoticeKind.PUBLIC_NOTICE if is_public_notice else NoticeKind.ANNOUNCEMENT,
        price_fen=listing.price_fen,
        approval=approval,
        opened_on=day_of(now),
        period_n=period.n,
        period_unit=period.unit,
        policy_row_id=policy.id,
    )
    return compute_end(notice, working_calendar())


def compute_end(notice: Notice, calendar: Calendar) -> Notice:
    """The notice's stored end says what its period, extensions, suspensions and this calendar give; none while suspended."""
    end = deadline_of(notice, calendar)
    notice.ends_on = end.day if end else None
    notice.ends_at = end.ends_at if end else None
    notice.is_provisional = bool(end and end.provisional)
    notice.save(update_fields=["ends_on", "ends_at", "is_provisional"])
    return notice


def suspend_notice(notice: Notice, *, now: datetime) -> None:
    """The clock stands from today; nothing happens when it stands already."""
    NoticeSuspension.objects.get_or_create(notice=notice, until_on=None, defaults={"from_on": day_of(now)})
    compute_end(notice, working_calendar())


def release_notice(notice: Notice, *, now: datetime) -> Notice:
    """The clock runs again from tomorrow: today, on which the answer was given, does not count."""
    NoticeSuspension.objects.filter(notice=notice, until_on=None).update(until_on=day_of(now))
    return compute_end(notice, working_calendar())


def extend_notice(notice: Notice, policy: Policy, *, now: datetime) -> Notice:
    """The notice goes on for the period of this policy row after its present end."""
    NoticeExtension.objects.create(
        notice=notice,
        period_n=policy.count,
        period_unit=policy.measure,
        policy_row_id=policy.id,
        extended_at=now,
    )
    return compute_end(notice, working_calendar())


def close_notice(notice: Notice, *, now: datetime) -> None:
    """The notice is over for good."""
    notice.closed_at = now
    notice.save(update_fields=["closed_at"])
