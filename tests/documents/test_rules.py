"""What may be uploaded: the content decides, never the name or what the sender says."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from market.documents.rules import Inspected, inspect
from tests.documents.clean_corpus import clean_files
from tests.documents.corpus import SCRIPT, clean, hostile, made_inert, picture_with_place

HOSTILE, CLEAN, INERT = hostile(), clean(), made_inert()


def test_of_at_least_sixty_hostile_files_all_are_refused_or_made_inert() -> None:
    """Which of them, and how, is what the tests below say one by one."""
    assert len(HOSTILE) + len(INERT) >= 60
    assert [what for what, file in HOSTILE.items() if isinstance(inspect(*file), Inspected)] == []
    assert [what for what, file in INERT.items() if not isinstance(inspect(*file), Inspected)] == []


def test_of_two_hundred_clean_files_at_least_ninety_nine_in_a_hundred_are_taken() -> None:
    files = clean_files()
    assert len(files) >= 200
    results = {what: inspect(*file) for what, file in files.items()}
    refused = {what: result for what, result in results.items() if not isinstance(result, Inspected)}
    assert len(refused) <= len(files) // 100, refused
    assert len({content for _, content in files.values()}) >= 195, "they are to differ in more than their names"


def test_a_telephones_picture_with_a_second_view_keeps_the_first_only() -> None:
    result = inspect(*clean_files()["jpg: a telephone's JPEG with a second view"])
    assert isinstance(result, Inspected)
    with Image.open(io.BytesIO(result.content)) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == ("JPEG", 1)


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


@pytest.mark.parametrize("content", ["日期,金额".encode("utf-16"), b"\x83\xff,\x81"])
def test_text_in_another_encoding_is_named_as_such(content: bytes) -> None:
    result = inspect("对账单.csv", content)

    assert isinstance(result, list)
    assert [refusal.code for refusal in result] == ["documents.encoding_unknown"]
