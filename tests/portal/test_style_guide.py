"""The style guide shows every component to those who build pages, and is no page of a market in earnest."""

from __future__ import annotations

import runpy

import pytest
from django.test import Client
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern
from pytest_django import Settings

from market import urls


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "heading"), [("/style-guide/", "样式指南"), ("/en/style-guide/", "Style guide")])
def test_the_style_guide_renders_in_both_languages(client: Client, address: str, heading: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert f"<h1>{heading}</h1>" in page.content.decode()


@pytest.mark.parametrize(("is_demonstration", "name"), [(True, "style_guide"), (False, "wagtail_serve")])
def test_the_style_guide_has_an_address_in_the_demonstration_only(settings: Settings, is_demonstration: bool, name: str) -> None:
    settings.DEMONSTRATION = is_demonstration
    routes = URLResolver(RegexPattern(r"^/"), runpy.run_path(urls.__file__)["urlpatterns"])
    assert routes.resolve("/style-guide/").url_name == name
