"""The head of the site is read once per request, and never shows what editors took away or keep to some people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from tests.people import Cast, Member


def page_of(slug: str, language: str = "zh-hans") -> Page:
    return Page.objects.get(slug=slug, locale__language_code=language, depth=3)


def labels(client: Client, address: str = "/policies/") -> list[str]:
    return [entry.label for entry in client.get(address).context["navigation"]]


def keep_to_members(page: Page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def test_a_page_that_is_renamed_stands_in_the_menu_under_its_new_name_at_once(client: Client, site: Site) -> None:
    assert "指南" in labels(client)
    page = page_of("guides").specific
    page.title = "办事指南"
    page.save_revision().publish()
    assert "办事指南" in labels(client)


def test_an_unpublished_page_is_gone_from_menu_and_address_at_once(client: Client, site: Site) -> None:
    assert client.get("/guides/").status_code == 200
    page_of("guides").unpublish()
    assert "指南" not in labels(client)
    assert client.get("/guides/").status_code == 404


def test_a_published_page_below_an_unpublished_one_keeps_its_address(client: Client, site: Site) -> None:
    page_of("guides").unpublish()
    assert client.get("/guides/sell/").status_code == 200


def test_a_page_that_moved_is_found_where_it_is_now(client: Client, site: Site) -> None:
    about = page_of("about").specific
    about.slug = "about-us"
    about.save_revision().publish()
    assert client.get("/about-us/").status_code == 200
    assert client.get("/about/").status_code == 404


def test_while_the_first_page_of_a_language_is_a_draft_the_other_one_answers(client: Client, site: Site) -> None:
    Page.objects.get(depth=2, locale__language_code="en", slug__startswith="home").unpublish()
    assert labels(client, "/en/plan-figures/") == labels(client)


@pytest.mark.parametrize("slug", ["catalogue", "guides"])
def test_a_page_kept_to_members_is_kept_with_all_below_it_from_the_next_request(client: Client, site: Site, slug: str) -> None:
    below = {"catalogue": "/catalogue/nothing/", "guides": "/guides/sell/"}[slug]
    title = page_of(slug).title
    assert title in labels(client)
    keep_to_members(page_of(slug))
    for address in (f"/{slug}/", below):
        answer = client.get(address)
        assert (answer.status_code, "login" in answer.get("Location", "")) == (302, True), address
    assert title not in labels(client)


def test_what_is_kept_above_the_site_is_kept_below(client: Client, site: Site) -> None:
    keep_to_members(Page.objects.get(depth=1))
    assert client.get("/catalogue/").status_code == 302
    assert labels(client, "/plan-figures/") == []


def test_a_page_that_repeats_a_kept_one_is_kept_too(client: Client, site: Site) -> None:
    kept = page_of("about")
    alias = kept.create_alias(update_slug="about-again", parent=Page.objects.get(depth=2, locale=kept.locale))
    assert client.get("/about-again/").status_code == 200
    keep_to_members(kept)
    assert client.get("/about-again/").status_code == 302
    assert alias.title not in labels(client)


def test_the_pages_for_protected_parts_keep_their_addresses(client: Client, site: Site) -> None:
    about = page_of("about")
    restriction = PageViewRestriction.objects.create(page=about, restriction_type=PageViewRestriction.PASSWORD, password="open")
    address = f"/_util/authenticate_with_password/{restriction.pk}/{about.pk}/"
    assert "open" not in client.get("/about/").content.decode()
    answer = client.post(address, {"password": "open", "return_url": "/about/"})
    assert (answer.status_code, answer["Location"]) == (302, "/about/")
    assert client.get("/about/").context["page"].pk == about.pk


def test_the_head_of_the_site_is_read_by_one_query_beside_the_sites_own(
    client: Client, site: Site, cast: Cast, sign_in: Callable[[Member], Client]
) -> None:
    client.get("/plan-figures/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/plan-figures/")
    asked = [query["sql"] for query in captured.captured_queries if "wagtailcore_" in query["sql"]]
    assert len(asked) == 2, asked
