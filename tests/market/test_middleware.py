"""What every answer passes through."""

from __future__ import annotations

import warnings

import pytest
from django.test import AsyncClient, Client

pytestmark = pytest.mark.django_db


@pytest.mark.asyncio
async def test_a_file_is_sent_in_pieces_by_the_asynchronous_server() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = await AsyncClient().get("/static/css/parts.css")
        content = b"".join([piece async for piece in answer.streaming_content])
    assert answer.status_code == 200
    assert len(content) == int(answer["Content-Length"]) > 1000


@pytest.mark.parametrize(("prefix", "said"), [("", "该表单已失效"), ("/en", "This form is no longer valid")])
def test_an_expired_form_gives_back_what_was_typed_in_the_readers_language(prefix: str, said: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"{prefix}/accounts/signup/", {"name": "示例研究院联系人", "password1": "a secret phrase"})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert said in text
    assert "a secret phrase" not in text
    assert f'href="{prefix}/accounts/signup/"' in text


def test_an_expired_form_is_told_to_a_script_as_data() -> None:
    answer = Client(enforce_csrf_checks=True).post("/auctions/none/bid/", {}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["refusals"][0]["code"]) == (403, "form_expired")
