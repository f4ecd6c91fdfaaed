"""What may be uploaded: the content decides, never the name or what the sender says."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from market.documents.rules import Inspected, inspect
from tests.documents.corpus import SCRIPT, clean, hostile, made_inert, picture_with_place

HOSTILE, CLEAN, INERT = hostile(), clean(), made_inert()


def test_the_corpus_is_large_enough() -> None:
    assert len(HOSTILE) + len(INERT) >= 60


@pytest.mark.parametrize("what", HOSTILE)
def test_refuses(what: str) -> None:
    result = inspect(*HOSTILE[what])

    assert isinstance(result, list), f"{what} was taken"
    assert all(refusal.code.startswith("documents.") for refusal in result)


@pytest.mark.parametrize("what", CLEAN)
def test_takes(what: str) -> None:
    name, content = CLEAN[what]

    result = inspect(name, content)

    assert isinstance(result, Inspected), f"{what}: {result}"
    assert result.name == name


@pytest.mark.parametrize("what", INERT)
def test_takes_only_the_picture(what: str) -> None:
    result = inspect(*INERT[what])

    assert isinstance(result, Inspected)
    for trace in (SCRIPT, b"<html", b"PK\x03\x04", b"canary", b"Exif"):
        assert trace not in result.content


def test_a_photograph_keeps_its_turn_but_not_its_place() -> None:
    result = inspect("a.jpg", picture_with_place())

    assert isinstance(result, Inspected)
    with Image.open(io.BytesIO(result.content)) as image:
        assert image.size == (30, 40)
        assert not image.getexif()


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("a program as PDF", "documents.not_what_it_says"),
        ("a file of 30 MB", "documents.too_large"),
        ("an empty file", "documents.empty"),
        ("a .exe file", "documents.type_not_allowed"),
        ("a name that climbs", "documents.name_not_allowed"),
        ("a name of 255 bytes", "documents.name_too_long"),
        ("a PDF that runs a script", "documents.active_content"),
        ("a PDF that is locked", "documents.locked"),
        ("a bomb", "documents.bomb"),
        ("a picture of 70 million pixels", "documents.image_too_large"),
        ("half a PDF", "documents.damaged"),
        ("a virus as text", "documents.threat_found"),
    ],
)
def test_says_what_is_wrong(what: str, code: str) -> None:
    result = inspect(*HOSTILE[what])

    assert isinstance(result, list)
    assert [refusal.code for refusal in result] == [code]
