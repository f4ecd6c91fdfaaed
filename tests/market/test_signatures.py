"""What the market signed can be checked with its published key, and nothing else passes for it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from market import signatures
from market.signatures import is_signed, known_keys, published_keys, signed

STATEMENT = {"format": "test/1", "text": "成交", "amount_fen": 125_000_000}


@pytest.fixture(autouse=True)
def key_file(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.SIGNING_KEY_FILE = str(tmp_path / "signing" / "key.pem")
    signatures._signing_key.cache_clear()
    yield Path(settings.SIGNING_KEY_FILE)
    signatures._signing_key.cache_clear()


def test_a_statement_is_signed_the_same_way_every_time(key_file: Path) -> None:
    assert signed(STATEMENT) == signed(dict(reversed(STATEMENT.items())))
    assert is_signed(signed(STATEMENT), known_keys())
    assert key_file.stat().st_mode & 0o077 == 0


def test_anything_else_is_not_signed() -> None:
    sealed, keys = signed(STATEMENT), known_keys()
    value = sealed["signature"]["value"]
    other = ("A" if value[0] != "A" else "B") + value[1:]
    for wrong in (
        sealed | {"document": STATEMENT | {"amount_fen": 1}},
        sealed | {"signature": sealed["signature"] | {"value": other}},
        sealed | {"signature": sealed["signature"] | {"value": "不是签名"}},
        sealed | {"signature": sealed["signature"] | {"key": "0" * 16}},
        sealed | {"signature": sealed["signature"] | {"algorithm": "none"}},
        {"document": STATEMENT},
        {"signature": sealed["signature"]},
        {},
    ):
        assert not is_signed(wrong, keys)
    assert not is_signed(sealed, {})


def test_what_a_former_key_signed_can_still_be_checked() -> None:
    before = signed(STATEMENT)
    out = StringIO()
    call_command("replace_signing_key", stdout=out)
    after = signed(STATEMENT)
    assert after["signature"]["key"] in out.getvalue()
    assert before["signature"]["key"] != after["signature"]["key"]
    assert [key.is_current for key in published_keys()] == [True, False]
    assert is_signed(before, known_keys())
    assert is_signed(after, known_keys())


def test_the_public_keys_are_published_and_the_private_one_is_not(key_file: Path, db: None) -> None:
    signed(STATEMENT)
    answer = Client().get("/.well-known/signing-keys.json")
    [key] = answer.json()["keys"]
    assert len(base64.b64decode(key["public_key"])) == 32
    assert key["id"] == signed(STATEMENT)["signature"]["key"]
    assert key_file.read_text().splitlines()[1] not in answer.content.decode()


def test_production_never_makes_up_a_key_by_itself(settings: Settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(ImproperlyConfigured, match="prepare"):
        signed(STATEMENT)
