"""Records, reviews, appeals and repairs, built through the actions that lead there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from brokers.credit.actions.appeals import ask_for_repair, file_appeal
from brokers.credit.actions.ledger import ManualEntry, enter_by_hand
from brokers.credit.actions.reviews import ReviewTerms, give_review
from brokers.credit.models import Appeal, Record, Repair, Review
from brokers.models import Broker
from contracts.settlement.actions.delivery import confirm_delivery
from contracts.settlement.actions.plans import open_settlement
from listings.actions.deals import close_due_notice
from listings.models.deals import Deal
from market.accounts.models import Organisation
from market.events.actions import advance
from market.events.registry import READERS
from market.values.dates import day_of
from tests.brokers.builders import a_broker, an_engagement
from tests.contracts.builders import a_contract
from tests.documents_made import a_document
from tests.listings.builders import a_listing, an_intent
from tests.people import Cast
from tests.settlement.builders import pay_all


def read_log(now: datetime) -> int:
    """The ledger has heard of everything that happened."""
    return advance(READERS["credit.ledger"], now=now)


def a_brokered_deal(cast: Cast, now: datetime, *, finished: bool = True) -> Deal:
    """The enterprise, with its broker, bought from the university; settled where it is finished."""
    listing = a_listing(cast, now)
    an_engagement(cast, listing, now)
    an_intent(cast, listing, now, qualified=True)
    notice = listing.notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    deal = Deal.objects.get(listing=listing)
    if finished:
        settlement = open_settlement(a_contract(cast, notice.ends_at, deal=deal), now=notice.ends_at)
        pay_all(cast, settlement, notice.ends_at)
        confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=notice.ends_at)
    return deal


def some_marks(**changes: object) -> ReviewTerms:
    terms = ReviewTerms(expertise=5, timeliness=4, integrity=5, text="熟悉业务，按期完成了全部工作。")
    return replace(terms, **changes)  # type: ignore[arg-type]


def a_review(
    cast: Cast, now: datetime, *, deal: Deal | None = None, holder: Broker | Organisation | None = None, **marks: object
) -> Review:
    """The enterprise reviews its broker."""
    deal = deal or a_brokered_deal(cast, now)
    return give_review(
        deal,
        holder or a_broker(cast, now),
        some_marks(**marks),
        reviewer=cast.enterprise,
        actor=cast.enterprise_agent.actor,
        now=now + timedelta(days=60),
    )


def an_entry(cast: Cast, now: datetime, **changes: object) -> ManualEntry:
    entry = ManualEntry(
        rule="duty_missed",
        day=day_of(now),
        title="未按委托协议报告进展",
        statement="经催告，仍未按委托协议约定每月报告工作进展。",
        evidence=(a_document(cast.supervisor.actor, "核查笔录.pdf"),),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def a_record(cast: Cast, now: datetime, *, holder: Broker | Organisation | None = None, **changes: object) -> Record:
    """A supervisor has entered something against the broker."""
    holder = holder or a_broker(cast, now)
    return enter_by_hand(holder, an_entry(cast, now, **changes), actor=cast.supervisor.actor, now=now)


def an_appeal(cast: Cast, now: datetime, *, record: Record | None = None) -> Appeal:
    actor = cast.broker.actor
    papers = [a_document(actor, "往来邮件.pdf")]
    return file_appeal(record or a_record(cast, now), grounds="每月均已书面报告。", evidence=papers, actor=actor, now=now)


def a_repair(cast: Cast, now: datetime, *, record: Record | None = None) -> Repair:
    """Of something minor, which may be repaired at once."""
    record = record or a_record(cast, now, rule="admonished")
    actor = cast.broker.actor
    return ask_for_repair(record, statement="已补报全部进展。", promises=True, evidence=[], actor=actor, now=now)
