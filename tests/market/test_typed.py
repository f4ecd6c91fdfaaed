"""What was typed is given back under the words of the form, never under the names of its fields."""

from __future__ import annotations

from typing import Any

from django.test import RequestFactory
from django.utils.translation import override

from market.typed import what_was_typed


def given_back(**typed: Any) -> dict[str, str]:
    request = RequestFactory().post("/", {name.replace("__", "-"): value for name, value in typed.items()})
    with override("en"):
        return {entry["label"]: entry["value"] for entry in what_was_typed(request)}


def test_each_field_goes_by_its_label_and_a_choice_by_its_words() -> None:
    told = given_back(
        title="稳燃技术",
        industry="power",
        problem="飞灰偏高",
        targets="不高于百分之四",
        cooperation="transfer",
        valid_until="2026-12-31",
    )
    assert told["Title"] == "稳燃技术"
    assert told["Industry"] == "Power and new energy"
    assert not {"title", "industry", "power", "transfer"} & {*told, *told.values()}


def test_rows_go_by_the_labels_of_their_row() -> None:
    told = given_back(inventors__TOTAL_FORMS="1", inventors__0__name="发明人甲", inventors__0__share="60")
    assert set(told.values()) == {"发明人甲", "60"}
    assert not [label for label in told if "inventors" in label or "FORMS" in label]


def test_what_nobody_typed_is_not_given_back() -> None:
    assert (
        given_back(csrfmiddlewaretoken="x", digest="0123456789abcdef", entry_key="abcd", password="long phrase", code="123456")
        == {}
    )


def test_a_tick_is_given_back_as_yes() -> None:
    assert "Yes" in given_back(capacity="能力", finance="资金", offered_price="1250000", accepts_terms="on").values()
