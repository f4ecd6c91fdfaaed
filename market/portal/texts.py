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
    """One page in one language; `body` is the raw value of its stream, `fields` what else differs by language."""

    title: str
    summary: str = ""
    body: tuple[Mapping[str, Any], ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


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


def site_texts(pages: Mapping[str, Any], sections: Mapping[str, Any]) -> SiteTexts:
    """The texts of `sample/pages.json` and `sample/sections.json`. Raises KeyError for one that is missing."""
    return SiteTexts(
        home=Entry("home", _home(pages, sections, CHINESE), _home(pages, sections, ENGLISH)),
        sections={entry["kind"]: _entry(entry) for entry in sections["sections"]},
        news=tuple(_entry(entry, published_on=day(entry["published_on"])) for entry in pages["news"]),
        policies=tuple(_policy(entry) for entry in pages["policies"]),
        guides=tuple(_entry(entry, role=entry["role"]) for entry in pages["guides"]),
    )


def _entry(entry: Mapping[str, Any], **fields: Any) -> Entry:
    return Entry(entry["slug"], _words(entry[CHINESE]), _words(entry[ENGLISH]), fields)


def _words(words: Mapping[str, Any], **fields: Any) -> Words:
    body = (text_block(paragraphs(words["body"])),) if words.get("body") else ()
    return Words(words["title"], words["summary"], body, fields)


def _policy(entry: Mapping[str, Any]) -> Entry:
    shared = {name: entry[name] for name in ("document_number", "level", "field", "confidence")}
    return Entry(
        entry["slug"],
        _words(entry[CHINESE], issuing_body=entry["issuing_body"]),
        _words(entry[ENGLISH], issuing_body=entry["issuing_body_en"]),
        shared | {"valid_from": day(entry["valid_from"]), "valid_until": day(entry["valid_until"])},
    )


def _home(pages: Mapping[str, Any], sections: Mapping[str, Any], language: str) -> Words:
    """The home page's blocks in the order in which the file has them, after the head."""
    words = pages["home"][language]
    body: list[Mapping[str, Any]] = [{"type": "hero", "value": words["hero"]}]
    for name, value in sections["home"][language].items():
        match name:
            case "steps":
                body.append(steps_block(value["heading"], value["steps"]))
            case "faq":
                body.append(faq_block(value["heading"], value["questions"]))
            case _:
                body.append({"type": name, "value": value})
    return Words(words["title"], words["summary"], tuple(body))
