"""The sample's texts make a whole site."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from market.portal.actions import build_site
from market.portal.models.articles import PolicyPage
from market.portal.texts import paragraphs, site_texts


def _sample(name: str) -> Any:
    return json.loads((settings.SAMPLE_DIR / name).read_text(encoding="utf-8"))


@pytest.mark.django_db
def test_the_samples_site_renders_in_both_languages(client: Client) -> None:
    pages, sections = _sample("pages.json"), _sample("sections.json")
    build_site(site_texts(pages, sections))
    for code, prefix in (("zh", ""), ("en", "/en")):
        home = client.get(f"{prefix}/").content.decode()
        assert pages["home"][code]["hero"]["heading"] in home
        assert sections["home"][code]["steps"]["steps"][0][0] in home
        for kind in ("news", "policies", "guides"):
            for entry in pages[kind]:
                answer = client.get(f"{prefix}/{kind}/{entry['slug']}/")
                assert answer.status_code == 200
                assert entry[code]["title"] in answer.content.decode()


@pytest.mark.django_db
def test_the_issuing_body_is_named_in_each_language() -> None:
    build_site(site_texts(_sample("pages.json"), _sample("sections.json")))
    bodies = dict(
        PolicyPage.objects.filter(slug="achievement-conversion-law").values_list("locale__language_code", "issuing_body")
    )
    assert bodies["zh-hans"] == "全国人民代表大会常务委员会"
    assert bodies["en"].startswith("Standing Committee")


def test_plain_text_becomes_paragraphs_and_nothing_else() -> None:
    assert paragraphs("甲\n\n<b>乙</b>") == "<p>甲</p><p>&lt;b&gt;乙&lt;/b&gt;</p>"
