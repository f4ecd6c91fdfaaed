"""What every answer passes through."""

from __future__ import annotations

import warnings

import pytest
from django.test import AsyncClient

pytestmark = pytest.mark.django_db


@pytest.mark.asyncio
async def test_a_file_is_sent_in_pieces_by_the_asynchronous_server() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = await AsyncClient().get("/static/css/parts.css")
        content = b"".join([piece async for piece in answer.streaming_content])
    assert answer.status_code == 200
    assert len(content) == int(answer["Content-Length"]) > 1000
