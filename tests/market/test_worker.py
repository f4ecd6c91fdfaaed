"""What falls due happens by itself: in time, once, also after the worker was away, and whatever else fails."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from pytest_django import Settings

from brokers import tasks as broker_tasks
from brokers.states import BrokerState
from contracts import tasks as contract_tasks
from listings import tasks
from listings.actions import deals
from listings.models.listings import Listing, Notice
from listings.states.listings import ListingState
from market.events.actions import advance
from market.events.models import Event, Trouble
from market.events.queries import broken_links
from market.events.registry import READERS, SWEEPS, Reader, Sweep
from market.management.commands.worker import Command as Worker
from market.policy.actions import add_calendar_day, announce_holidays
from market.policy.rules import AnnouncedDay
from tests.brokers.builders import a_broker
from tests.contracts.builders import an_application
from tests.listings.builders import a_deal, a_listing, an_achievement, an_intent
from tests.market.queued import remember
from tests.people import Cast

MONTH = timedelta(days=31)


def listings_of_every_fate(cast: Cast, now: datetime) -> dict[str, Listing]:
    """One that concludes, one that lapses, one that is extended."""
    fates = {}
    for number, (fate, terms) in enumerate(
        {"concluded": {}, "lapsed": {"if_no_intent": "end"}, "on_notice": {"if_no_intent": "extend"}}.items()
    ):
        achievement = an_achievement(cast, now, title=f"第{number}号成果", patents=())
        fates[fate] = a_listing(cast, now, achievement=achievement, **terms)
    an_intent(cast, fates["concluded"], now, qualified=True)
    return fates


def ended_at(listing: Listing) -> datetime:
    end = listing.notices.get().ends_at
    assert end is not None
    return end


@pytest.mark.django_db
def test_each_notice_ends_as_set_once_its_time_has_passed(cast: Cast, now: datetime) -> None:
    fates = listings_of_every_fate(cast, now)
    tasks.close_due_notices(ended_at(fates["lapsed"]) - timedelta(seconds=1))
    assert {Listing.objects.get(pk=it.pk).state for it in fates.values()} == {ListingState.ON_NOTICE}
    tasks.close_due_notices(ended_at(fates["lapsed"]))
    assert {fate: Listing.objects.get(pk=it.pk).state for fate, it in fates.items()} == {
        "concluded": ListingState.CONCLUDED,
        "lapsed": ListingState.LAPSED,
        "on_notice": ListingState.ON_NOTICE,
    }


@pytest.mark.django_db
def test_after_a_month_away_each_notice_ends_once_and_what_begins_begins_when_it_is_known(cast: Cast, now: datetime) -> None:
    fates = listings_of_every_fate(cast, now)
    notice = fates["on_notice"].notices.get()
    back_at = ended_at(fates["on_notice"]) + MONTH
    for _ in range(3):
        tasks.close_due_notices(back_at)
    assert {name: Event.objects.filter(name=f"listing.{name}").count() for name in ("concluded", "lapsed", "extended")} == {
        "concluded": 1,
        "lapsed": 1,
        "extended": 1,
    }
    notice.refresh_from_db()
    # Buyers get the whole extension: five working days from Sunday 10 May on, not days that nobody could use.
    assert notice.ends_on == date(2026, 5, 15)
    assert broken_links() == []


@pytest.mark.django_db
def test_extensions_come_to_their_limit(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    for week in range(60):
        tasks.close_due_notices(now + timedelta(weeks=week))
    listing.refresh_from_db()
    assert listing.state == ListingState.LAPSED
    assert Event.objects.filter(name="listing.extended").count() == 6
    assert Event.objects.filter(name="listing.lapsed").count() == 1


@pytest.mark.django_db
def test_what_one_notice_fails_with_stops_no_other_and_is_never_dropped(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fates = listings_of_every_fate(cast, now)
    poisoned = fates["lapsed"].notices.get()
    whole, end = deals.close_due_notice, ended_at(fates["lapsed"])

    def close(notice: Notice, *, now: datetime) -> Any:
        if notice.pk == poisoned.pk:
            raise RuntimeError("a row nobody foresaw")
        return whole(notice, now=now)

    monkeypatch.setattr(tasks, "close_due_notice", close)
    for minutes in range(30):
        tasks.close_due_notices(end + timedelta(minutes=minutes))
    trouble = Trouble.objects.get()
    assert (trouble.work, trouble.key) == ("listings.close_due_notices", poisoned.pk)
    assert "nobody foresaw" in trouble.last_error
    assert 5 <= trouble.failures <= 10, "tried again, with growing pauses"
    assert Listing.objects.get(pk=fates["concluded"].pk).state == ListingState.CONCLUDED
    assert Listing.objects.get(pk=fates["lapsed"].pk).state == ListingState.ON_NOTICE
    monkeypatch.setattr(tasks, "close_due_notice", whole)
    tasks.close_due_notices(end + timedelta(hours=2))
    assert Listing.objects.get(pk=fates["lapsed"].pk).state == ListingState.LAPSED
    assert not Trouble.objects.exists()


@pytest.mark.django_db
def test_what_was_settled_by_hand_needs_no_attention(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = a_listing(cast, now)

    def fail(notice: Notice, *, now: datetime) -> None:
        raise RuntimeError

    monkeypatch.setattr(tasks, "close_due_notice", fail)
    end = ended_at(listing)
    tasks.close_due_notices(end)
    assert Trouble.objects.exists()
    deals.close_due_notice(listing.notices.get(), now=end)
    tasks.close_due_notices(end + timedelta(seconds=1))
    assert not Trouble.objects.exists()


@pytest.mark.usefixtures("committed_db")
def test_two_workers_at_once_close_each_notice_once(now: datetime) -> None:
    cast = Cast("workers", 700)
    listings = [
        a_listing(cast, now, achievement=an_achievement(cast, now, title=f"第{number}号成果", patents=()), if_no_intent="end")
        for number in range(8)
    ]
    end = ended_at(listings[0])
    failures: list[BaseException] = []

    def work() -> None:
        try:
            tasks.close_due_notices(end)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert not Trouble.objects.exists()
    subjects = [listing.subject for listing in listings]
    assert Event.objects.filter(name="listing.lapsed", subject__in=subjects).count() == 8


@pytest.mark.django_db
def test_the_worker_is_called_with_everything_that_is_declared(cast: Cast, now: datetime) -> None:
    """One round of the real command: sweeps and readers of every app."""
    listing = a_listing(cast, now, if_no_intent="end")
    call_command("worker", once=True)
    listing.refresh_from_db()
    assert listing.state == ListingState.LAPSED
    assert {"listings.close_due_notices", "brokers.expire", "documents.scan_waiting"} <= SWEEPS.keys()


@pytest.mark.django_db
def test_a_sweep_that_fails_does_not_keep_the_others_from_being_called(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = a_listing(cast, now, if_no_intent="end")

    def fail(_now: datetime) -> None:
        raise RuntimeError

    first = next(iter(SWEEPS.values()))
    monkeypatch.setitem(SWEEPS, "listings.expire_due_demands", type(first)("listings.expire_due_demands", fail))
    monkeypatch.setitem(READERS, "test.failing", Reader("test.failing", {"listing.published": fail}))  # type: ignore[dict-item]
    call_command("worker", once=True)
    listing.refresh_from_db()
    assert listing.state == ListingState.LAPSED


@pytest.mark.django_db
def test_certificates_of_brokers_expire_by_themselves(cast: Cast, now: datetime) -> None:
    broker = a_broker(cast, now)
    broker_tasks.expire(now + timedelta(days=3650))
    broker.refresh_from_db()
    assert broker.state == BrokerState.EXPIRED
    assert Event.objects.filter(name="broker.expired").count() == 1


@pytest.mark.usefixtures("committed_db")
def test_queued_tasks_run_once_in_the_worker(settings: Settings) -> None:
    remember.enqueue("at once")
    assert cache.get("remembered") == ["at once"], "tests run tasks when they are queued"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    cache.clear()
    remember.enqueue("later")
    assert cache.get("remembered") is None
    for _ in range(2):
        call_command("worker", once=True)
    assert cache.get("remembered") == ["later"]


# --- the calendar changes while things run -----------------------------------------------------------------------------

DECEMBER = datetime(2026, 12, 22, 2, tzinfo=UTC)
NEW_YEAR = [AnnouncedDay(date(2027, 1, day), "元旦", is_working=False) for day in (1, 2, 3)]


def announce_2027(cast: Cast) -> None:
    announce_holidays(2027, NEW_YEAR, source="国务院办公厅", actor=cast.supervisor.actor, now=DECEMBER)


def read_holidays() -> int:
    names = ("listings.holidays", "contracts.holidays")
    return sum(advance(READERS[name], now=DECEMBER) for name in names)


@pytest.mark.django_db
def test_entering_the_year_moves_everything_provisional_once_and_makes_it_final(cast: Cast) -> None:
    call_command("worker", once=True)
    began = DECEMBER - timedelta(days=40)
    deal = a_deal(cast, began)
    application = an_application(cast, DECEMBER, contract=None)
    notice = a_listing(cast, DECEMBER, achievement=an_achievement(cast, DECEMBER, title="另一成果", patents=())).notices.get()
    assert notice.is_provisional
    assert application.is_due_provisional
    before = (notice.ends_on, application.due_on)
    announce_2027(cast)
    assert read_holidays() == 2
    assert read_holidays() == 0
    for thing in (notice, application, deal):
        thing.refresh_from_db()
    assert not notice.is_provisional
    assert not application.is_due_provisional
    assert (notice.ends_on, application.due_on) == tuple(
        day + timedelta(days=3 if day.weekday() == 4 else 1) for day in before if day
    )
    assert Event.objects.filter(name="listing.due_changed", subject=notice.listing.subject).count() == 1
    assert Event.objects.filter(name="application.due_changed").count() == 1


@pytest.mark.django_db
def test_a_provisional_day_that_stays_is_confirmed(cast: Cast) -> None:
    notice = a_listing(cast, DECEMBER).notices.get()
    day = [AnnouncedDay(date(2027, 10, 1), "国庆节", is_working=False)]
    announce_holidays(2027, day, source="国务院办公厅", actor=cast.supervisor.actor, now=DECEMBER)
    read_holidays()
    before, _ = notice.ends_on, notice.refresh_from_db()
    assert notice.ends_on == before
    assert not notice.is_provisional
    assert Event.objects.filter(name="listing.due_confirmed").count() == 1
    assert not Event.objects.filter(name="listing.due_changed").exists()


@pytest.mark.django_db
def test_a_day_added_to_an_announced_year_moves_running_dates(cast: Cast, now: datetime) -> None:
    notice = a_listing(cast, now).notices.get()
    assert notice.ends_on == date(2026, 4, 8)
    day = AnnouncedDay(date(2026, 3, 20), "临时放假", is_working=False)
    add_calendar_day(day, source="国务院办公厅", actor=cast.supervisor.actor, now=now)
    read_holidays()
    notice.refresh_from_db()
    assert notice.ends_on == date(2026, 4, 9)
    assert Event.objects.get(name="listing.due_changed").payload["before"] == "2026-04-08"


@pytest.mark.django_db
def test_one_date_that_cannot_be_counted_stops_no_other_and_is_counted_later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = a_listing(cast, DECEMBER).notices.get()
    second = a_listing(cast, DECEMBER, achievement=an_achievement(cast, DECEMBER, title="另一成果", patents=())).notices.get()
    whole = tasks.compute_notice_again

    def compute(notice: Notice, *, now: datetime) -> None:
        if notice.pk == first.pk:
            raise RuntimeError("poison")
        whole(notice, now=now)

    call_command("worker", once=True)
    monkeypatch.setattr(tasks, "compute_notice_again", compute)
    announce_2027(cast)
    assert read_holidays() == 2
    for notice in (first, second):
        notice.refresh_from_db()
    assert (first.is_provisional, second.is_provisional) == (True, False)
    assert Trouble.objects.get().work == "listings.count_notices"
    monkeypatch.setattr(tasks, "compute_notice_again", whole)
    tasks.count_failed_again(DECEMBER + timedelta(minutes=5))
    contract_tasks.count_failed_again(DECEMBER + timedelta(minutes=5))
    first.refresh_from_db()
    assert not first.is_provisional
    assert not Trouble.objects.exists()


@pytest.mark.django_db
def test_what_is_due_is_done_before_each_reader_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr("market.management.commands.worker.READERS", {name: name for name in ("first", "second")})
    monkeypatch.setattr(
        "market.management.commands.worker.SWEEPS", {"due": Sweep("due", lambda now: order.append("due"), every=timedelta(0))}
    )
    monkeypatch.setattr("market.management.commands.worker.advance", lambda reader, **_options: order.append(reader) or 0)
    call_command("worker", "--once")
    assert order == ["due", "first", "due", "second"]


@pytest.mark.django_db
def test_what_falls_due_while_there_is_nothing_to_read_does_not_wait_for_the_pause_to_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker, calls = Worker(), []

    def due(now: datetime) -> None:
        calls.append(now)
        worker.is_running = len(calls) < 3

    monkeypatch.setattr("market.management.commands.worker.READERS", {})
    monkeypatch.setattr("market.management.commands.worker.SWEEPS", {"due": Sweep("due", due, every=timedelta(0))})
    monkeypatch.setattr("market.management.commands.worker.signal.signal", lambda *_: None)
    call_command(worker, pause=3600)
    assert len(calls) == 3
