"""What is the portal's first tree made of? The texts of a new site, as values in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

CHINESE, ENGLISH = "zh", "en"


@dataclass(frozen=True, slots=True)
class Words:
    """One page in one language; `body` is the raw value of its stream."""

    title: str
    summary: str = ""
    body: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in both languages; `fields` are the same in each."""

    slug: str
    chinese: Words
    english: Words
    fields: Mapping[str, Any] = field(default_factory=dict)

    def words(self, language: str) -> Words:
        return self.english if language == ENGLISH else self.chinese


@dataclass(frozen=True, slots=True)
class SiteTexts:
    """Everything a new site says: its home page, its sections by kind, and the pages within them."""

    home: Entry
    sections: Mapping[str, Entry]
    news: tuple[Entry, ...] = ()
    policies: tuple[Entry, ...] = ()
    guides: tuple[Entry, ...] = ()
    plain: tuple[Entry, ...] = ()


def paragraphs(text: str | Sequence[str]) -> str:
    """Plain text as the HTML of a rich text block: a paragraph for each line or each item."""
    lines = text.splitlines() if isinstance(text, str) else text
    return "".join(f"<p>{escape(line.strip())}</p>" for line in lines if line.strip())


def text_block(html: str) -> dict[str, Any]:
    return {"type": "text", "value": html}


def steps_block(heading: str, steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    items = [{"title": title, "text": text, "page": None} for title, text in steps]
    return {"type": "steps", "value": {"heading": heading, "steps": items}}


def faq_block(heading: str, questions: Sequence[tuple[str, str]]) -> dict[str, Any]:
    items = [{"question": asked, "answer": paragraphs(answer)} for asked, answer in questions]
    return {"type": "faq", "value": {"heading": heading, "questions": items}}


def day(text: str | None) -> date | None:
    """A day written 2026-03-01; nothing for nothing."""
    return date.fromisoformat(text) if text else None
