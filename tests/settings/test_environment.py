"""The environment is read strictly: nonsense is an error whose sentence names the variable."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from market.settings import environment as env


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv("THING", raising=False)
    return monkeypatch


def test_what_is_not_said_is_the_default(said: pytest.MonkeyPatch) -> None:
    assert env.text("THING", "x") == "x"
    assert env.flag("THING", True) is True
    assert env.whole("THING", 7) == 7
    assert env.digits("THING", 3, "146") == "146"
    assert env.address("THING", {"https"}, "") == ""
    assert env.names("THING", "a, b") == ["a", "b"]


def test_what_must_be_said_stops_the_start(said: pytest.MonkeyPatch) -> None:
    for empty in (None, "", "   "):
        if empty is not None:
            said.setenv("THING", empty)
        with pytest.raises(ImproperlyConfigured, match="THING"):
            env.text("THING")


@pytest.mark.parametrize(
    ("value", "read"), [("1", True), ("true", True), ("YES", True), ("0", False), ("False", False), ("no", False)]
)
def test_yes_and_no_are_read(said: pytest.MonkeyPatch, value: str, read: bool) -> None:
    said.setenv("THING", value)
    assert env.flag("THING", not read) is read


@pytest.mark.parametrize("value", ["on", "2", "maybe", "真"])
def test_neither_yes_nor_no_is_an_error(said: pytest.MonkeyPatch, value: str) -> None:
    said.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match="THING"):
        env.flag("THING", True)


@pytest.mark.parametrize("value", ["-1", "1.5", "many", "１２", "1e3"])
def test_no_whole_number_is_an_error(said: pytest.MonkeyPatch, value: str) -> None:
    said.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match="THING"):
        env.whole("THING", 1)


@pytest.mark.parametrize("value", ["12", "1234", "12a", "１２３"])
def test_a_code_has_exactly_its_digits(said: pytest.MonkeyPatch, value: str) -> None:
    said.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match="THING"):
        env.digits("THING", 3, "146")


@pytest.mark.parametrize("value", ["localhost:9200", "ftp://host", "//host", "https:", "https:host"])
def test_an_address_begins_with_one_of_its_schemes(said: pytest.MonkeyPatch, value: str) -> None:
    said.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match="THING"):
        env.address("THING", {"https"})


def test_a_list_is_separated_by_commas(said: pytest.MonkeyPatch) -> None:
    said.setenv("THING", " a.example , ,b.example ")
    assert env.names("THING") == ["a.example", "b.example"]
