"""What visitors get when they search the catalogue and the demands, on whichever engine this run has."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils.html import strip_tags
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from wagtail.models import PageViewRestriction, Site

from listings.actions.listings import withdraw_listing
from listings.demands.models.demands import Demand
from listings.models.listings import Listing
from listings.states.listings import ListingState
from market.portal.models.articles import PolicyPage
from search.engines.elasticsearch import ElasticsearchEngine
from search.query import PER_PAGE, Facet
from tests.demands.builders import a_demand
from tests.listings.builders import a_listing, an_achievement
from tests.people import Cast


@pytest.fixture
def site(built_site: int, search_index: Callable[[], None]) -> Site:
    return Site.objects.get(pk=built_site)


def _listing(cast: Cast, now: datetime, title: str, **changes: object) -> Listing:
    achievement = an_achievement(cast, now, title=title, patents=(), **changes)
    return a_listing(cast, now, achievement=achievement)


def _cards(html: str) -> list[str]:
    """The numbers of the cards, in order."""
    return re.findall(r'card-title"><a href="[^"]*/([^/"]+)/"', html)


def test_results_are_ranked_marked_and_counted(
    client: Client, site: Site, cast: Cast, now: datetime, search_index: Callable[[], None]
) -> None:
    in_text = _listing(cast, now, "锅炉稳燃装置")
    in_title = _listing(cast, now, "循环流化床布风板", industry="equipment", maturity="lab_scale", abstract="布风均匀。" * 40)
    search_index()
    response = client.get("/catalogue/", {"q": "循环流化床"})
    html = response.content.decode()
    assert _cards(html) == [in_title.number, in_text.number]
    assert "<mark>循环流化床</mark>布风板" in html
    groups = {group.label: {entry.label: entry.count for entry in group.entries} for group in response.context["facets"]}
    # Both are on notice: the facet of states would tell nothing apart.
    assert [tuple(counts.values()) for counts in groups.values()] == [(1, 1), (1, 1)]


def test_a_choice_has_its_own_address_and_can_be_left_again(
    client: Client, site: Site, cast: Cast, now: datetime, search_index: Callable[[], None]
) -> None:
    power, equipment = _listing(cast, now, "煤粉锅炉"), _listing(cast, now, "采煤机", industry="equipment")
    search_index()
    response = client.get("/catalogue/?q=煤&p=1")
    entry = next(entry for group in response.context["facets"] for entry in group.entries if "industry=equipment" in entry.url)
    assert "p=" not in entry.url
    narrowed = client.get("/catalogue/" + entry.url)
    assert _cards(narrowed.content.decode()) == [equipment.number]
    assert '<input type="hidden" name="industry" value="equipment">' in narrowed.content.decode()
    # The counts of the other industries stay, so that one more can be chosen.
    industry = narrowed.context["facets"][0]
    assert [entry.count for entry in industry.entries] == [1, 1]
    both = client.get("/catalogue/?q=煤&industry=equipment&industry=power")
    assert set(_cards(both.content.decode())) == {power.number, equipment.number}
    (left,) = narrowed.context["chosen"]
    assert len(_cards(client.get("/catalogue/" + left.url).content.decode())) == 2


def test_what_was_typed_is_shown_and_never_becomes_markup(client: Client, site: Site, cast: Cast, now: datetime) -> None:
    html = client.get("/catalogue/", {"q": '<script>alert("煤")</script>'}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_an_empty_result_says_what_to_do(client: Client, site: Site, cast: Cast, now: datetime) -> None:
    html = client.get("/en/catalogue/", {"q": "quantum -coal", "industry": "power"}).content.decode()
    text = " ".join(strip_tags(html).split())
    assert "Nothing was found." in text
    assert "Search without “Power and new energy”" in text
    assert "Leave out the words with a minus." in text
    assert "/en/market/demands/new/" in html
    assert "/en/demands/?q=quantum%20-coal" in html


def test_results_that_lack_some_of_the_words_are_said_to(
    client: Client, site: Site, cast: Cast, now: datetime, search_index: Callable[[], None]
) -> None:
    listing = _listing(cast, now, "循环流化床布风板")
    search_index()
    html = client.get("/en/catalogue/?q=布风板 区块链").content.decode()
    assert _cards(html) == [listing.number]
    assert "No entry contains all of your words." in html
    for typed in ("布风板", "区块链 元宇宙"):
        assert "No entry contains all of your words." not in client.get("/en/catalogue/", {"q": typed}).content.decode()


def test_a_text_that_is_too_long_is_cut_and_the_page_says_so(client: Client, site: Site) -> None:
    text = client.get("/en/catalogue/", {"q": "coal " * 2000}).content.decode()
    assert "Your text was too long" in text


def test_what_was_withdrawn_is_never_shown_although_the_index_still_has_it(
    client: Client, site: Site, cast: Cast, now: datetime, search_index: Callable[[], None]
) -> None:
    listing = _listing(cast, now, "循环流化床布风板")
    search_index()
    assert _cards(client.get("/catalogue/?q=布风板").content.decode()) == [listing.number]
    withdraw_listing(listing, reason="不再转让", actor=cast.university_agent.actor, now=now)
    assert _cards(client.get("/catalogue/?q=布风板").content.decode()) == []
    assert Listing.objects.get(pk=listing.pk).state == ListingState.WITHDRAWN


def test_drafts_are_never_found(client: Client, site: Site, cast: Cast, now: datetime, search_index: Callable[[], None]) -> None:
    a_listing(cast, now, on_notice=False)
    search_index()
    response = client.get("/catalogue/?q=循环流化床")
    assert response.context["found"].total == 0


def test_demands_are_found_too(client: Client, site: Site, cast: Cast, now: datetime, search_index: Callable[[], None]) -> None:
    a_demand(
        cast,
        now,
        title="小米深加工技术",
        industry="agriculture",
        keywords=("小米",),
        targets="出粉率不低于百分之八十",
        problem="杂粮深加工的出粉率低、口感差，" * 5,
    )
    ash = a_demand(cast, now)
    search_index()
    html = client.get("/demands/", {"q": "“飞灰含碳量”"}).content.decode()
    assert _cards(html) == [ash.number]
    assert "<mark>飞灰含碳量</mark>" in html


def test_without_an_engine_the_database_answers_and_the_page_says_so(
    client: Client, site: Site, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = _listing(cast, now, "循环流化床布风板")
    _listing(cast, now, "小米加工", industry="agriculture", abstract="杂粮食品加工。" * 40)
    monkeypatch.setattr("search.queries.engine", lambda: None)
    response = client.get("/en/catalogue/?q=流化床&industry=power")
    assert _cards(response.content.decode()) == [listing.number]
    assert "The search engine is not available" in response.content.decode()
    assert "The search engine is not available" not in client.get("/en/about/").content.decode()


def test_an_engine_that_is_away_costs_no_visitor_an_error(
    client: Client, site: Site, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = _listing(cast, now, "循环流化床布风板")
    nobody_there = ElasticsearchEngine("http://127.0.0.1:9")
    monkeypatch.setattr("search.queries.engine", lambda: nobody_there)
    for _ in range(5):
        response = client.get("/catalogue/?q=流化床&p=9")
        assert response.status_code == 200
        assert _cards(response.content.decode()) == [listing.number]


def test_many_results_cost_as_many_statements_as_few(
    client: Client,
    site: Site,
    cast: Cast,
    now: datetime,
    search_index: Callable[[], None],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    _listing(cast, now, "煤炭技术甲")
    search_index()
    client.get("/catalogue/?q=煤炭")
    with django_assert_max_num_queries(40) as captured:
        client.get("/catalogue/?q=煤炭")
    few = len(captured)
    for number in range(6):
        _listing(cast, now, f"煤炭技术乙{number}")
    search_index()
    with django_assert_max_num_queries(few):
        assert len(_cards(client.get("/catalogue/?q=煤炭").content.decode())) == 7


def test_one_page_searches_everything_that_is_public(
    client: Client, site: Site, cast: Cast, now: datetime, search_index: Callable[[], None]
) -> None:
    listing, demand = _listing(cast, now, "循环流化床布风板"), a_demand(cast, now)
    search_index()
    response = client.get("/search/", {"q": "飞灰"})
    found = {(entry.kind.value, entry.url) for _kind, entry in response.context["entries"]}
    assert found == {
        ("listing", f"/market/listings/{listing.number}/"),
        ("achievement", f"/market/achievements/{listing.achievement.key}/"),
        ("demand", f"/market/demands/{demand.number}/"),
    }
    assert [tab.count for tab in response.context["tabs"]] == [3, 1, 1, 1, 0, 0, 0]
    only_demands = client.get("/search/" + response.context["tabs"][2].url)
    assert [entry.kind.value for _kind, entry in only_demands.context["entries"]] == ["demand"]
    assert [tab.is_current for tab in only_demands.context["tabs"]] == [False, False, True, False, False, False, False]
    assert [tab.count for tab in only_demands.context["tabs"]] == [3, 1, 1, 1, 0, 0, 0]


def test_news_policies_and_guides_are_found_in_the_language_of_the_page(client: Client, site: Site) -> None:
    def titles(address: str) -> set[str]:
        return {strip_tags(reading.title) for shelf in client.get(address).context["readings"] for reading in shelf.readings}

    assert titles("/search/?q=若干规定") == {"若干规定"}
    assert titles("/en/search/?q=provisions") == {"Some provisions"}
    assert titles("/en/search/?q=若干规定") == set()
    assert titles("/search/?q=若干 -规定") == set()
    assert titles("/search/") == set()


def test_pages_behind_a_sign_in_are_not_found(client: Client, site: Site) -> None:
    page = PolicyPage.objects.get(title="若干规定")
    PageViewRestriction.objects.create(page=page.get_parent(), restriction_type=PageViewRestriction.LOGIN)
    assert client.get("/search/?q=若干规定").context["readings"] == []


def test_each_page_of_results_leads_to_the_next(
    client: Client, site: Site, cast: Cast, now: datetime, search_index: Callable[[], None]
) -> None:
    for number in range(PER_PAGE + 1):
        a_demand(cast, now, title=f"煤炭清洁利用技术{number}")
    search_index()
    first = client.get("/demands/?q=煤炭&industry=power").content.decode()
    assert len(_cards(first)) == PER_PAGE
    assert 'href="?q=%E7%85%A4%E7%82%AD&amp;industry=power&amp;p=2" rel="next"' in first
    beyond = client.get("/demands/?q=煤炭&industry=power&p=99").content.decode()
    assert len(_cards(beyond)) == 1
    assert set(_cards(first)) | set(_cards(beyond)) == set(Demand.objects.values_list("number", flat=True))


_ODD = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ['"煤 AND (', "*:*", "煤" * 10_000, "\x00", "\x1b", "title:煤~2", "-", "99999999999999999999", "²", "‮煤", "[1 TO *]", "%"]
    ),
)


@given(st.dictionaries(st.sampled_from(["q", "p", "sort", "from", "to", *(facet.value for facet in Facet)]), _ODD, max_size=5))
@example({"q": "\x1b"})
@hypothesis_settings(
    deadline=None,
    max_examples=int(os.environ.get("FUZZ", "60")) // 6,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_address_is_a_page(client: Client, site: Site, parameters: dict[str, str]) -> None:
    for address in ("/search/", "/search/suggestions/", "/search/feed/", "/catalogue/", "/demands/"):
        assert client.get(address, parameters).status_code == 200, address
