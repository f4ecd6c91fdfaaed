"""Sentences of the log: days and instants stand there as on pages, in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from market.events.models import Event
from market.events.story import facts_in_words, sentence_of
from market.policy.refusals import SENTENCES
from market.refusals import sentence
from market.values.refusal import Refusal

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def an_event(event: str, /, **payload: object) -> Event:
    return Event(name=event, payload=payload, at=AT)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh-hans", "成交D1已达成，应于2026年10月9日前签订合同。"),
        ("en", "Deal D1 concluded; the contract is due by 9 October 2026."),
    ],
)
def test_a_day_is_written_as_on_pages(language: str, told: str) -> None:
    with override(language):
        assert sentence_of(an_event("deal.concluded", number="D1", contract_due_on="2026-10-09")) == told


def test_an_instant_is_written_in_the_time_of_the_place() -> None:
    event = an_event("auction.announced", opens_at="2026-10-09T01:30:00+00:00")
    with override("en"):
        assert sentence_of(event) == "Auction announced; it opens on 9 October 2026, 09:30."
    with override("zh-hans"):
        assert "2026年10月9日 09:30" in sentence_of(event)


def test_a_holiday_that_was_added_is_named_in_the_readers_language() -> None:
    with override("en"):
        assert "2 October 2026 (National Day)" in sentence_of(an_event("holidays.extended", day="2026-10-02", name="国庆节"))


def test_what_only_looks_like_a_day_stays_as_it_was_typed() -> None:
    assert facts_in_words({"reason": "2026-13-45", "clause": "2026-10-09-3"}) == {
        "reason": "2026-13-45",
        "clause": "2026-10-09-3",
    }


def test_a_refusal_writes_its_day_the_same_way() -> None:
    assert "policy.day_not_ahead" in SENTENCES
    with override("en"):
        assert sentence(Refusal("policy.day_not_ahead", data={"day": "2026-10-09"})).startswith("The day 9 October 2026 is over")
