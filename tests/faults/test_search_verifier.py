"""The checker of the search index finds what is planted, and nothing where nothing is wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.search_verifier import flaws

DUMP: dict[str, Any] = {
    "rows": [
        {"kind": "listing", "id": 1, "number": "L2026-00001", "state": "on_notice", "price": 500},
        {"kind": "listing", "id": 2, "number": "L2026-00002", "state": "withdrawn", "price": 700},
        {"kind": "listing", "id": 3, "number": "L2026-00003", "state": "draft", "price": 700},
        {"kind": "demand", "id": 1, "number": "D2026-00001", "state": "open", "price": None},
    ],
    "index": [
        {"kind": "listing", "pk": 1, "state": "on_notice", "price": 500},
        {"kind": "demand", "pk": 1, "state": "", "price": None},
    ],
    "behind": ["entries-1"],
    "indexes": ["entries-1"],
}
NOTES: list[dict[str, Any]] = [
    {"edit": "published", "entry": "demand:1", "word": "zq1", "at": 100.0},
    {"edit": "withdrawn", "entry": "listing:2", "word": "L2026-00002", "at": 110.0},
    {"asked": "煤", "began": 111.0, "status": 200, "found": ["listing:1", "listing:2"], "known": "listing:1"},
    {"asked": "L2026-00002", "began": 120.0, "status": 200, "found": [], "known": None, "grace": 0.0},
]

type Plant = Callable[[dict[str, Any], list[dict[str, Any]]], object]

PLANTED: dict[str, Plant] = {
    "missing: demand:1": lambda dump, notes: dump["index"].pop(),
    "edit: demand:1": lambda dump, notes: dump["index"].pop(),
    "left over: listing:2": lambda dump, notes: dump["index"].append(
        {"kind": "listing", "pk": 2, "state": "on_notice", "price": 7}
    ),
    "left over: listing:3": lambda dump, notes: dump["index"].append(
        {"kind": "listing", "pk": 3, "state": "draft", "price": 700}
    ),
    "stale: listing:1": lambda dump, notes: dump["index"][0].update(price=400),
    "stale: demand:1": lambda dump, notes: dump["index"][1].update(price=1),
    "twice: listing:1": lambda dump, notes: dump["index"].append(dump["index"][0]),
    "alias: ": lambda dump, notes: dump["behind"].append("entries-2"),
    "leftover: the index entries-0": lambda dump, notes: dump["indexes"].append("entries-0"),
    "answer: 煤": lambda dump, notes: notes[2].update(status=503),
    "lost: listing:1": lambda dump, notes: notes[2]["found"].remove("listing:1"),
    "leak: listing:2": lambda dump, notes: notes[3]["found"].append("listing:2"),
    "edit: listing:2": lambda dump, notes: dump["rows"][1].update(state="on_notice"),
    "failed: ": lambda dump, notes: notes.append({"failed": "publish", "why": "away"}),
}


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert flaws(DUMP, NOTES) == []


@pytest.mark.parametrize("sentence", PLANTED)
def test_what_is_planted_is_found(sentence: str) -> None:
    dump, notes = copy.deepcopy(DUMP), copy.deepcopy(NOTES)
    PLANTED[sentence](dump, notes)
    assert any(flaw.startswith(sentence) for flaw in flaws(dump, notes))


def test_what_was_withdrawn_a_moment_ago_may_still_be_shown() -> None:
    notes = copy.deepcopy(NOTES)
    notes[2]["began"] = 114.0
    assert any(flaw.startswith("leak: listing:2") for flaw in flaws(DUMP, notes))
