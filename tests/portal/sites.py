"""A small site in two languages, with every kind of page and block."""

from __future__ import annotations

from datetime import date
from typing import Any

from market.portal.texts import Entry, SiteTexts, Words, faq_block, paragraphs, steps_block, text_block


def an_article_body(language: str) -> tuple[dict[str, Any], ...]:
    chinese = language == "zh"
    return (
        text_block(paragraphs("第一段。\n第二段。" if chinese else "First paragraph.\nSecond paragraph.")),
        steps_block(
            "步骤" if chinese else "Steps", [("登记成果" if chinese else "Register", "填写表单" if chinese else "Fill in")]
        ),
        faq_block("常见问题" if chinese else "Questions", [("多久？" if chinese else "How long?", "二十个工作日。")]),
    )


def a_home_body(language: str) -> tuple[dict[str, Any], ...]:
    chinese = language == "zh"
    return (
        {"type": "hero", "value": {"heading": "让成果落地" if chinese else "Put results to use", "text": "", "hint": ""}},
        {"type": "featured_listings", "value": {"heading": "推荐项目" if chinese else "Featured", "text": "", "listings": []}},
        {"type": "newest_listings", "value": {"heading": "最新挂牌" if chinese else "Newest", "count": 3}},
        {"type": "open_demands", "value": {"heading": "技术需求" if chinese else "Demands", "count": 3}},
        {"type": "figures", "value": {"heading": "数据" if chinese else "Figures", "text": "", "indicators": 2}},
        {"type": "notice_board", "value": {"heading": "公告栏" if chinese else "Board", "count": 3}},
        *an_article_body(language),
    )


def an_entry(slug: str, chinese: str, english: str, **fields: Any) -> Entry:
    return Entry(
        slug=slug,
        chinese=Words(chinese, f"{chinese}摘要", an_article_body("zh")),
        english=Words(english, f"{english} summary", an_article_body("en")),
        fields=fields,
    )


def some_texts() -> SiteTexts:
    policy_fields = {
        "document_number": "国发〔2016〕16号",
        "issuing_body": "国务院",
        "level": "national",
        "field": "conversion",
        "valid_from": date(2016, 2, 26),
        "confidence": "high",
    }
    return SiteTexts(
        home=Entry("home", Words("首页", "", a_home_body("zh")), Words("Home", "", a_home_body("en"))),
        sections={
            "catalogue": an_entry("catalogue", "挂牌项目", "Listings"),
            "demands": an_entry("demands", "技术需求", "Demands"),
            "policies": an_entry("policies", "政策", "Policies"),
            "guides": an_entry("guides", "指南", "Guides"),
            "news": an_entry("news", "新闻", "News"),
        },
        news=(an_entry("opening", "市场开通", "The market opens", published_on=date(2026, 3, 1)),),
        policies=(an_entry("sixteen", "若干规定", "Some provisions", **policy_fields),),
        guides=(an_entry("sell", "如何挂牌", "How to list", role="seller"),),
        plain=(an_entry("about", "关于", "About"),),
    )
