"""Who keeps a search hears of what it finds: at once, daily or weekly, and of nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from listings.actions.listings import withdraw_listing
from listings.models.listings import Listing
from market.events.models import Event
from market.letters.actions import write_letters
from market.letters.models import Letter
from market.values.refusal import OutOfTurn, Refused
from search.actions import MOST_SAVED, Wish, change_rhythm, drop_search, note_hits, save_search, tell
from search.models import Hit, Rhythm, SavedSearch
from search.queries import searches_to_tell
from search.tasks import note_published, tell_due
from tests.demands.builders import a_demand
from tests.listings.builders import a_listing, an_achievement
from tests.people import Cast, Member
from tests.search.indexes import hear

SignIn = Callable[[Member], Client]


def _wish(address: str = "q=布风板", rhythm: str = Rhythm.AT_ONCE, label: str = "") -> Wish:
    return Wish(address=address, label=label, rhythm=rhythm)


def _listing(cast: Cast, now: datetime, title: str) -> Listing:
    return a_listing(cast, now, achievement=an_achievement(cast, now, title=title, patents=()))


def _publish(cast: Cast, now: datetime, title: str) -> Event:
    listing = _listing(cast, now, title)
    return Event.objects.get(name="listing.published", subject=listing.subject)


def _told(saved: SavedSearch) -> list[dict[str, object]]:
    return [event.payload for event in Event.objects.filter(name="saved_search.told", subject=saved.subject).order_by("pk")]


@pytest.fixture
def saved(cast: Cast, now: datetime, search_index: Callable[[], None]) -> SavedSearch:
    return save_search(_wish(), actor=cast.enterprise_agent.actor, now=now)


def test_a_search_is_kept_without_page_and_order_and_once(cast: Cast, now: datetime) -> None:
    actor = cast.enterprise_agent.actor
    first = save_search(_wish("p=3&q=布风板&sort=newest&industry=power&x=1&from=10"), actor=actor, now=now)
    assert first.address == "q=%E5%B8%83%E9%A3%8E%E6%9D%BF&industry=power&from=10"
    assert first.label == "布风板"
    again = save_search(_wish("industry=power&q=布风板&from=10", Rhythm.WEEKLY, "甲"), actor=actor, now=now)
    assert (again.pk, again.label, again.rhythm) == (first.pk, "甲", "weekly")
    assert SavedSearch.objects.count() == 1


def test_a_search_for_everything_is_not_kept(cast: Cast, now: datetime) -> None:
    for address in ("", "q=", "sort=newest&p=2", "industry=nonsense"):
        with pytest.raises(Refused) as refused:
            save_search(_wish(address), actor=cast.enterprise_agent.actor, now=now)
        assert [refusal.code for refusal in refused.value.refusals] == ["search.nothing_sought"]
    assert not SavedSearch.objects.exists()
    assert not Event.objects.filter(name="saved_search.kept").exists()


def test_nobody_keeps_too_many(cast: Cast, now: datetime) -> None:
    person = cast.enterprise_agent.person
    SavedSearch.objects.bulk_create(
        SavedSearch(key=f"k{n}", person=person, label=str(n), address=f"q={n}", created_at=now, told_at=now)
        for n in range(MOST_SAVED)
    )
    with pytest.raises(OutOfTurn) as refused:
        save_search(_wish(), actor=cast.enterprise_agent.actor, now=now)
    assert [refusal.code for refusal in refused.value.refusals] == ["search.too_many_saved"]
    assert SavedSearch.objects.count() == MOST_SAVED
    save_search(_wish("q=1"), actor=cast.enterprise_agent.actor, now=now)


def test_what_is_published_is_told_at_once_and_never_again(saved: SavedSearch, cast: Cast, now: datetime) -> None:
    event = _publish(cast, now, "循环流化床布风板")
    other = _publish(cast, now, "小米加工")
    for told in (event, other, event):
        hear(note_published, told)
    assert [(told["count"], told["titles"]) for told in _told(saved)] == [(1, ["循环流化床布风板"])]
    assert tell(saved, now=now) == 0
    (letter_event,) = Event.objects.filter(name="saved_search.told")
    assert write_letters(letter_event, now=now) == 1
    letter = Letter.objects.get()
    assert letter.person == cast.enterprise_agent.person
    assert "循环流化床布风板" in letter.text
    assert letter.address == saved.get_absolute_url()


def test_what_was_there_before_is_not_news(cast: Cast, now: datetime, search_index: Callable[[], None]) -> None:
    event = _publish(cast, now, "循环流化床布风板")
    saved = save_search(_wish(), actor=cast.enterprise_agent.actor, now=now + timedelta(hours=1))
    hear(note_published, event)
    assert _told(saved) == []


def test_daily_and_weekly_alerts_wait_and_come_together(saved: SavedSearch, cast: Cast, now: datetime) -> None:
    change_rhythm(saved, Rhythm.DAILY, actor=cast.enterprise_agent.actor, now=now)
    for title in ("布风板甲", "布风板乙"):
        hear(note_published, _publish(cast, now, title))
    tell_due(now + timedelta(hours=23))
    assert _told(saved) == []
    assert list(searches_to_tell(now + timedelta(hours=25))) == [saved]
    tell_due(now + timedelta(hours=25))
    tell_due(now + timedelta(hours=26))
    assert [told["count"] for told in _told(saved)] == [2]
    change_rhythm(saved, Rhythm.WEEKLY, actor=cast.enterprise_agent.actor, now=now)
    hear(note_published, _publish(cast, now + timedelta(days=2), "布风板丙"))
    tell_due(now + timedelta(days=7))
    assert len(_told(saved)) == 1
    tell_due(now + timedelta(days=9))
    assert [told["titles"] for told in _told(saved)][1] == ["布风板丙"]


def test_what_was_withdrawn_meanwhile_is_not_told(saved: SavedSearch, cast: Cast, now: datetime) -> None:
    change_rhythm(saved, Rhythm.DAILY, actor=cast.enterprise_agent.actor, now=now)
    event = _publish(cast, now, "布风板")
    hear(note_published, event)
    listing = Listing.objects.get()
    withdraw_listing(listing, reason="不再转让", actor=cast.university_agent.actor, now=now)
    Hit.objects.exclude(kind="listing").delete()
    tell_due(now + timedelta(days=2))
    assert _told(saved) == []
    assert not Hit.objects.filter(told_at__isnull=True).exists()


def test_filters_count_too_and_a_search_given_up_hears_nothing(
    cast: Cast, now: datetime, search_index: Callable[[], None]
) -> None:
    actor = cast.enterprise_agent.actor
    demands = save_search(_wish("kind=demand&industry=power"), actor=actor, now=now)
    gone = save_search(_wish("q=飞灰"), actor=actor, now=now)
    drop_search(gone, actor=actor, now=now)
    demand = a_demand(cast, now)
    hear(note_published, Event.objects.get(name="demand.published", subject=demand.subject))
    hear(note_published, _publish(cast, now, "飞灰"))
    assert [hit.saved for hit in Hit.objects.all()] == [demands]


def test_alerts_need_no_engine(saved: SavedSearch, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    event = _publish(cast, now, "循环流化床布风板")
    monkeypatch.setattr("search.queries.engine", lambda: None)
    note_hits(event.subject, now=now)
    assert len(_told(saved)) == 1


def test_one_keeps_changes_and_gives_up_on_the_site(sign_in: SignIn, cast: Cast, built_site: int) -> None:
    client = sign_in(cast.enterprise_agent)
    html = client.get("/en/search/", {"q": "布风板", "industry": "power"}).content.decode()
    assert "Save this search" in html
    client.post("/search/saved/", {"address": "q=布风板&industry=power", "rhythm": "at_once"})
    saved = SavedSearch.objects.get()
    page = client.get("/search/saved/").content.decode()
    assert "布风板" in page
    client.post(f"/search/saved/{saved.key}/", {"rhythm": "weekly"})
    saved.refresh_from_db()
    assert saved.rhythm == "weekly"
    client.post(f"/search/saved/{saved.key}/", {"rhythm": "hourly"})
    assert client.post("/search/saved/", {"address": "", "rhythm": "daily"}).status_code == 422
    assert client.post("/search/saved/", {"address": "sort=newest", "rhythm": "daily"}).status_code == 422
    other = sign_in(cast.university_agent)
    assert other.post(f"/search/saved/{saved.key}/drop/").status_code == 404
    client.post(f"/search/saved/{saved.key}/drop/")
    assert not SavedSearch.objects.exists()


def test_a_search_without_results_can_be_saved_within_its_kind_or_published_as_a_demand(
    sign_in: SignIn, cast: Cast, built_site: int, client: Client
) -> None:
    own = sign_in(cast.enterprise_agent)
    html = own.get("/catalogue/", {"q": "低温 焦油裂解", "industry": "coal"}).content.decode()
    assert 'href="#save-search"' in html
    address = html.split('name="address" value="')[1].split('"')[0].replace("&amp;", "&")
    assert address == "q=%E4%BD%8E%E6%B8%A9+%E7%84%A6%E6%B2%B9%E8%A3%82%E8%A7%A3&kind=listing&industry=coal"
    link = "/market/demands/new/?words=%E4%BD%8E%E6%B8%A9%20%E7%84%A6%E6%B2%B9%E8%A3%82%E8%A7%A3"
    assert f'href="{link}"' in html
    form = own.get(link).context["form"]
    assert form["title"].value() == "低温 焦油裂解"
    assert 'value="低温，焦油裂解"' in str(form["keywords"])
    for nonsense in ("", "\x00", "x" * 10_000, '"a b" c d e f g'):
        assert own.get("/market/demands/new/", {"words": nonsense}).status_code == 200
    assert "next=/catalogue/" in client.get("/catalogue/", {"q": "低温焦油裂解"}).content.decode()
