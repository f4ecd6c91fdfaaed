"""When do notices end, why then, and which are due?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from listings.models.listings import Intent, Listing, Notice
from listings.rules.listings import (
    AtNoticeEnd,
    Extension,
    at_notice_end,
    notice_end,
    notice_policy_kind,
    notice_stages,
    period_of,
)
from listings.states.listings import IntentState, ListingState
from market.policy.queries import policies_on, policy_by_id, policy_on, working_calendar
from market.policy.rules import Policy, deadline
from market.values.dates import Calendar, Deadline, Period, Span, Unit, day_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to "why this day?", and when it would end if the notice began today under today's terms."""

    deadline: Deadline
    stages: list[Deadline]
    policy: Policy
    if_begun_today: Deadline
    policy_today: Policy


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would happen if the notice ended with things as they are; `extended_to` where it would go on."""

    outcome: AtNoticeEnd
    qualified: int
    undecided: int
    extensions: int
    limit: int
    extended_to: Deadline | None

    @property
    def next_extension(self) -> int:
        return self.extensions + 1


@dataclass(frozen=True, slots=True)
class ListingLimits:
    """The rows in force that a seller's terms must keep to."""

    announcement: Policy
    public_notice: Policy
    deposit: Policy


def listing_limits(kind: str, day: date) -> ListingLimits:
    """The limits for this kind of seller on this day."""
    return ListingLimits(
        announcement=policy_on("listing.announcement_period", day, scope=kind),
        public_notice=policy_on("listing.public_notice_period", day, scope=kind),
        deposit=policy_on("listing.deposit_limit", day),
    )


def open_notice_of(listing: Listing) -> Notice | None:
    """The notice that runs or is suspended."""
    return listing.notices.filter(closed_at__isnull=True).first()


def last_notice_of(listing: Listing) -> Notice | None:
    """The open notice, else the last one that was."""
    return listing.notices.prefetch_related("suspensions", "extensions").order_by("-pk").first()


def due_notices(now: datetime) -> QuerySet[Notice]:
    """Open notices of listings on notice whose end has passed, earliest first."""
    return Notice.objects.filter(closed_at__isnull=True, ends_at__lte=now, listing__state=ListingState.ON_NOTICE).order_by(
        "ends_at", "pk"
    )


def running_notices() -> QuerySet[Notice]:
    """Open notices whose clock runs and whose end may still move."""
    return Notice.objects.filter(closed_at__isnull=True, ends_on__isnull=False).select_related("listing").order_by("pk")


def stages_of(notice: Notice, calendar: Calendar) -> list[Deadline]:
    """The end of the notice's own period and of each extension, by what is stored of it; empty while it is suspended."""
    suspensions = [Span(stop.from_on, stop.until_on) for stop in notice.suspensions.all()]
    if any(stop.last is None for stop in suspensions):
        return []
    return notice_stages(
        notice.opened_on,
        Period(notice.period_n, Unit(notice.period_unit)),
        notice.policy_row_id,
        extensions=[
            Extension(Period(e.period_n, Unit(e.period_unit)), e.policy_row_id, day_of(e.extended_at))
            for e in notice.extensions.all()
        ],
        suspensions=suspensions,
        calendar=calendar,
    )


def deadline_of(notice: Notice, calendar: Calendar) -> Deadline | None:
    """When the notice ends by what is stored of it; None while it is suspended."""
    stages = stages_of(notice, calendar)
    return notice_end(stages) if stages else None


@dataclass(frozen=True, slots=True)
class NoticeTerms:
    """What holds on a day for the notices of a listing: its period, how often and by how much it is extended, the calendar."""

    today: date
    period: Policy
    extension_limit: Policy
    extension_period: Policy
    calendar: Calendar


def notice_terms(listing: Listing, *, today: date) -> NoticeTerms:
    """The terms of this day for this listing, read in two queries."""
    kind = notice_policy_kind(listing.route)
    rows = policies_on([kind, "listing.extension_limit", "listing.extension_period"], today, scope=listing.seller.kind)
    return NoticeTerms(today, rows[kind], rows["listing.extension_limit"], rows["listing.extension_period"], working_calendar())


def explanation_of(notice: Notice, terms: NoticeTerms) -> Explanation | None:
    """Why the notice ends on its day; None while it is suspended."""
    stages = stages_of(notice, terms.calendar)
    if not stages:
        return None
    policy_today = terms.period
    # A notice of other terms would be as long as this one was meant to be, but not shorter than today's policy says.
    length = period_of(policy_today, max(notice.listing.notice_period, policy_today.count))
    return Explanation(
        deadline=notice_end(stages),
        stages=stages,
        policy=policy_today if notice.policy_row_id == policy_today.id else policy_by_id(notice.policy_row_id),
        if_begun_today=deadline(terms.today, length, terms.calendar, policy_row=policy_today.id),
        policy_today=policy_today,
    )


def outlook_of(notice: Notice, terms: NoticeTerms, intents: Collection[Intent]) -> Outlook | None:
    """What the owner has to expect at the end of the notice with these intents; None while it does not run."""
    listing = notice.listing
    if listing.state != ListingState.ON_NOTICE or notice.closed_at or notice.ends_on is None:
        return None
    states = [intent.state for intent in intents]
    limit = terms.extension_limit.count
    extensions = len(notice.extensions.all())
    qualified = states.count(IntentState.QUALIFIED)
    outcome = at_notice_end(qualified=qualified, if_no_intent=listing.if_no_intent, extensions=extensions, limit=limit)
    extension = terms.extension_period
    return Outlook(
        outcome=outcome,
        qualified=qualified,
        undecided=states.count(IntentState.REGISTERED),
        extensions=extensions,
        limit=limit,
        extended_to=deadline(notice.ends_on, extension.period, terms.calendar, policy_row=extension.id)
        if outcome is AtNoticeEnd.EXTEND
        else None,
    )
