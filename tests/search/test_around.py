"""Listings side by side, and what one looked at lately: from an address and a cookie, with nothing that is no longer public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from listings.actions.listings import withdraw_listing
from listings.models.listings import Listing
from market.values.money import Money
from search.viewed import COOKIE
from tests.demands.builders import a_demand
from tests.listings.builders import a_listing, an_achievement
from tests.people import Cast, Member

SignIn = Callable[[Member], Client]


@pytest.fixture
def site(built_site: int, search_index: Callable[[], None]) -> int:
    return built_site


def _listing(cast: Cast, now: datetime, title: str, price: int = 1_200_000, **changes: object) -> Listing:
    achievement = an_achievement(cast, now, title=title, patents=(), **changes)
    return a_listing(cast, now, achievement=achievement, price=Money.yuan(price), reserve_price=Money.yuan(price + 111_000))


def _compare(client: Client, *numbers: str, **more: str) -> str:
    response = client.get("/en/search/compare/", {"n": list(numbers), **more})
    assert response.status_code == 200
    return response.content.decode()


def _rows(html: str) -> dict[str, bool]:
    """The labels of the rows, and whether they are marked as different."""
    found = {}
    for row in html.split("<tbody>")[1].split("</tbody>")[0].split("<tr")[1:]:
        label = row.split('<th scope="row">')[1].split("<")[0]
        found[label] = 'class="differs"' in row
    return found


def test_up_to_four_stand_side_by_side_and_differences_are_marked(site: int, cast: Cast, now: datetime, client: Client) -> None:
    one, other = _listing(cast, now, "甲"), _listing(cast, now, "乙", 900_000, maturity="lab_scale")
    html = _compare(client, one.number, other.number)
    rows = _rows(html)
    assert (rows["Price"], rows["Maturity"], rows["Seller"], rows["State"]) == (True, True, False, False)
    assert "¥1,200,000.00" in html
    assert "¥900,000.00" in html
    assert set(_rows(_compare(client, one.number, other.number, differences="1")).values()) == {True}
    assert f"?n={other.number}" in html, "each can be taken out again"


def test_what_asks_for_more_or_for_what_is_gone_is_told_so(site: int, cast: Cast, now: datetime, client: Client) -> None:
    listings = [_listing(cast, now, title) for title in "甲乙丙丁戊"]
    html = _compare(client, *(listing.number for listing in listings), listings[0].number)
    assert html.count('<th scope="col">') == 5
    assert "1 more is left out" in html
    withdraw_listing(listings[1], reason="不再转让", actor=cast.university_agent.actor, now=now)
    html = _compare(client, listings[0].number, listings[1].number, "L2000-99999", "<script>", "甲" * 40)
    assert "3 of the listings asked for are not on the market" in html
    assert "乙" not in html.split("<table")[1].split("</table>")[0]
    assert "Nothing to compare yet" in _compare(client)


def test_a_comparison_holds_no_secret_even_for_its_owner(site: int, sign_in: SignIn, cast: Cast, now: datetime) -> None:
    draft, listing = a_listing(cast, now, on_notice=False), _listing(cast, now, "甲")
    html = _compare(sign_in(cast.university_agent), draft.number, listing.number)
    assert draft.achievement.title not in html
    assert "1,311,000" not in html


def test_choices_survive_words_filters_and_pages(site: int, cast: Cast, now: datetime, client: Client) -> None:
    one = _listing(cast, now, "甲")
    html = client.get("/en/catalogue/", {"n": one.number, "q": "甲"}).content.decode()
    assert f'<input type="hidden" name="n" value="{one.number}">' in html.split('role="search"')[2]
    bar = html.split('id="compare-form"')[1].split("</form>")[0]
    assert f'value="{one.number}"' in bar
    everything = client.get("/en/search/", {"n": one.number}).content.decode()
    assert f'value="{one.number}"' in everything.split('id="compare-form"')[1]


def test_the_latest_looked_at_comes_first_and_is_forgotten_on_wish(site: int, cast: Cast, now: datetime, client: Client) -> None:
    one, two, demand = _listing(cast, now, "甲"), _listing(cast, now, "乙"), a_demand(cast, now)
    for address in (f"listings/{one.number}", f"listings/{two.number}", f"demands/{demand.number}", f"listings/{one.number}"):
        client.get(f"/search/around/{address}/", {"part": "1"})
    html = client.get("/search/viewed/").content.decode()
    places = [html.index(title) for title in (">甲<", demand.title, ">乙<")]
    assert places == sorted(places)
    assert client.cookies[COOKIE]["httponly"]
    assert ">乙<" in client.get(f"/search/around/listings/{one.number}/").content.decode()
    assert f"n={one.number}&amp;n={two.number}" in client.get("/search/compare/", {"n": one.number}).content.decode()
    client.post("/search/viewed/forget/")
    assert ">甲<" not in client.get("/search/viewed/").content.decode()


def test_what_was_looked_at_is_nobody_elses_and_holds_nothing_withdrawn(
    site: int, sign_in: SignIn, cast: Cast, now: datetime, client: Client
) -> None:
    kept, gone = _listing(cast, now, "甲"), _listing(cast, now, "乙")
    own = sign_in(cast.enterprise_agent)
    for listing in (kept, gone):
        own.get(f"/search/around/listings/{listing.number}/")
    withdraw_listing(gone, reason="不再转让", actor=cast.university_agent.actor, now=now)
    html = own.get("/search/viewed/").content.decode()
    assert ">甲<" in html
    assert ">乙<" not in html
    for other in (client, sign_in(cast.rival_agent)):
        other.cookies[COOKIE] = own.cookies[COOKIE].value
        assert ">甲<" not in other.get("/search/viewed/").content.decode()


@pytest.mark.parametrize("value", ["", "listing-1", "x:y", "listing-1:abc", "\x00", "é" * 5000])
def test_a_forged_cookie_is_an_empty_list(site: int, client: Client, value: str) -> None:
    client.cookies[COOKIE] = value
    assert client.get("/search/viewed/").status_code == 200
